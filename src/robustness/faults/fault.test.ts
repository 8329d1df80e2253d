import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { smallMaps } from '../../../test/fixtures/small-cnn.ts';
import { ConfigError, ShapeError } from '../../core/index.ts';
import { referenceBackend, wasmBackend } from '../../engine/index.ts';
import { inputOf, lower, writeWeights } from '../../lower/index.ts';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  flatten,
  initialWeights,
  integrator,
  lif,
  maxPool,
  type NetworkSpec,
  network,
  recurrentLif,
  slot,
  softmax,
  validateNetwork,
  type Weights,
} from '../../model/index.ts';
import type { FaultKind } from '../settings.ts';
import type { Subject } from '../subject.ts';
import { applyFault, FAULTS, openFault } from './fault.ts';
import { type Fault, isApplicable, type NotApplicable } from './fault-kind.ts';

const KINDS = Object.keys(FAULTS) as FaultKind[];
const BACKENDS = [referenceBackend(), await wasmBackend({ threads: 1 })];
const TIMESTEPS = 6;
const SAMPLES = 7;
const data = smallMaps(SAMPLES);
const draw = { seed: 5, draw: 0 };

/** Slots fed by a norm, a join, a pool, a dense layer and, `reluctant`, one that fires without input: at rest it is above threshold. */
function spec(mode: Subject['mode']): NetworkSpec {
  const resting = { tau: 2, rest: 0.9, inputDecay: true, initialMembrane: 1.5 };
  const restless = lif({ threshold: 0.3, ...resting, learn: { threshold: true } });
  return network(
    'all-feeds',
    [5, 7, 2],
    [
      conv('conv1', 8, 3, { padding: 1 }),
      batchNorm('norm'),
      slot('normed', lif({ threshold: 0.3 }), { ann: { kind: 'quantized', levels: 4, ceiling: 2 } }),
      conv('conv2', 8, 3, { padding: 1 }),
      add('sum', 'conv2', 'normed'),
      slot('joined', lif({ threshold: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] }), {
        ann: { kind: 'leaky-relu', slope: 0.1 },
      }),
      averagePool('pool', 2, { stride: 1 }),
      slot('pooled', lif({ threshold: 0.2 })),
      maxPool('max', 2),
      flatten(),
      dense('fc', 9),
      slot('reluctant', restless, { ann: 'identity' }),
      dense('fc2', 10),
      slot('fed', mode === 'ann' ? lif() : recurrentLif({ threshold: 0.3 })),
      dense('fc3', 3),
      slot('out', mode === 'ann' ? integrator() : lif({ threshold: 0.25 }), { ann: 'identity' }),
      ...(mode === 'ann' ? [softmax()] : []),
    ],
  );
}

function subjectOf(mode: Subject['mode'], own = spec(mode)): Subject {
  const timesteps = mode === 'ann' ? 1 : TIMESTEPS;
  return {
    ...{ name: mode, mode, timesteps, spec: own, weights: initialWeights(own, 2) },
    encoder: { kind: 'constant' },
    decoder: 'spike-count',
  };
}

const subjects = { ann: subjectOf('ann'), snn: subjectOf('snn') };
const HIDDEN = ['normed', 'joined', 'pooled', 'reluctant', 'fed'];

/** What each slot gives, [samples, steps, values], and what the network does. */
function run(subject: Subject, backend = referenceBackend()): ReadonlyMap<string, ArrayLike<number>> {
  const { mode, timesteps } = subject;
  const names = subject.spec.layers.filter(({ kind }) => kind === 'slot').map(({ name }) => name);
  const observe = mode === 'ann' ? { activations: names } : { spikes: 'all' as const };
  const lowered = lower(subject.spec, { mode, timesteps, input: inputOf(data), purpose: 'infer', observe });
  const program = backend.compile(lowered.plan, { samples: SAMPLES });
  writeWeights(program, lowered, subject.weights);
  const sampleIds = Uint32Array.from({ length: SAMPLES }, (_, i) => i);
  program.run({ samples: SAMPLES, input: data.values, sampleIds, seed: 0, epoch: 0 });
  const read = (id: string): ArrayLike<number> => program.tensor(id).slice();
  const spikes = lowered.probes.flatMap((probe) =>
    probe.kind === 'neuron' && probe.spikes ? ([[probe.layer, read(probe.spikes)]] as const) : [],
  );
  const activations = [...lowered.activations].map(([layer, id]) => [layer, read(id)] as const);
  program.close();
  return new Map(mode === 'ann' ? activations : spikes);
}

const must = (fault: Fault | NotApplicable): Fault => {
  assert.ok(isApplicable(fault));
  return fault;
};
const levelOf = (kind: FaultKind, i: number): number => FAULTS[kind].levels[i % FAULTS[kind].levels.length]!;
const arrays = (weights: Weights): unknown => new Map([...weights].map(([key, values]) => [key, Array.from(values)]));
const applicable = KINDS.flatMap((kind) =>
  (['ann', 'snn'] as const)
    .filter((mode) => mode === 'snn' || kind !== 'threshold-mismatch')
    .map((mode) => [kind, mode] as const),
);

/** Channels of a hidden slot that are dead under these weights. */
function deadIn(subject: Subject, weights: Weights, name: string): readonly number[] {
  const values = weights.get(subject.mode === 'ann' ? `${name}.alive/scale` : `${name}/threshold`)!;
  const dead = (value: number): boolean => (subject.mode === 'ann' ? value === 0 : value > 1e20);
  return [...values.keys()].filter((i) => dead(values[i]!));
}

test('a sound network prepared for a fault computes the same bits', () => {
  for (const [kind, mode] of applicable)
    for (const backend of BACKENDS) {
      const { subject, at } = must(openFault(kind, subjects[mode]));
      validateNetwork(subject.spec);
      assert.deepEqual(run(subject, backend), run(subjects[mode], backend), `${kind} ${mode}`);
      if (FAULTS[kind].none === 0) assert.equal(at(0, draw), subject.weights);
    }
});

test('faults are functions of level, seed and draw, and leave the network given alone', () => {
  fc.assert(
    fc.property(fc.constantFrom(...applicable), fc.nat(9), fc.nat(3), ([kind, mode], i, index) => {
      const before = arrays(subjects[mode].weights);
      const level = levelOf(kind, i);
      const first = applyFault(kind, level, subjects[mode], { seed: 1, draw: index });
      const again = must(openFault(kind, subjects[mode]));
      again.at(levelOf(kind, i + 1), { seed: 2, draw: 3 });
      assert.ok(!('notApplicable' in first));
      assert.deepEqual(arrays(again.at(level, { seed: 1, draw: index })), arrays(first.weights));
      assert.deepEqual(arrays(subjects[mode].weights), before);
      assert.deepEqual(first.spec, again.subject.spec);
    }),
    { numRuns: 40 },
  );
});

test('seed and draw matter where a kind is random, and only there', () => {
  for (const [kind, mode] of applicable) {
    const { at } = must(openFault(kind, subjects[mode]));
    const level = levelOf(kind, 5);
    for (const other of [{ seed: 6 }, { draw: 1 }]) {
      const [first, second] = [arrays(at(level, draw)), arrays(at(level, { ...draw, ...other }))];
      if (FAULTS[kind].random) assert.notDeepEqual(second, first, kind);
      else assert.deepEqual(second, first, kind);
    }
  }
});

test('dead neurons are silent, whatever feeds them, and the others are not', () => {
  for (const mode of ['ann', 'snn'] as const)
    for (const backend of BACKENDS) {
      const given = subjects[mode];
      const { subject, at } = must(openFault('dead-neurons', given));
      const weights = at(0.5, draw);
      const [sound, faulty] = [run(given, backend), run({ ...subject, weights }, backend)];
      for (const name of HIDDEN) {
        const dead = deadIn(subject, weights, name);
        const n = weights.get(mode === 'ann' ? `${name}.alive/scale` : `${name}/threshold`)!.length;
        assert.equal(dead.length, Math.round(n / 2), name);
        const activity = (values: ArrayLike<number>, ofDead: boolean): number =>
          Array.from(values).filter((value, i) => value !== 0 && dead.includes(i % n) === ofDead).length;
        assert.equal(activity(faulty.get(name)!, true), 0, `${mode} ${name}`);
        assert.ok(activity(sound.get(name)!, true) > 0, `${mode} ${name} is silent when sound`);
        assert.ok(activity(faulty.get(name)!, false) > 0, `${mode} ${name} is silent altogether`);
      }
    }
});

test('all hidden neurons dead leave nothing of the image', () => {
  for (const mode of ['ann', 'snn'] as const) {
    const dead = applyFault('dead-neurons', 1, subjects[mode], draw);
    assert.ok(!('notApplicable' in dead));
    const activity = run(dead);
    for (const name of HIDDEN) assert.ok(Array.from(activity.get(name)!).every((value) => value === 0));
    const out = Array.from(activity.get('out')!);
    const each = out.length / SAMPLES;
    for (let i = 0; i < out.length; i++) assert.equal(out[i], out[i % each]);
  }
});

test('neurons once dead stay dead as the share grows', () => {
  const { subject, at } = must(openFault('dead-neurons', subjects.snn));
  for (const name of HIDDEN) {
    let before: readonly number[] = [];
    for (const level of [0.1, 0.3, 0.5, 0.9, 1]) {
      const now = deadIn(subject, at(level, draw), name);
      assert.ok(before.every((neuron) => now.includes(neuron)));
      before = now;
    }
  }
});

test('a network that ends without a slot has its last slot among the hidden ones', () => {
  const open = network('open', [6], [dense('fc', 9), slot('only', lif({ threshold: 0.1 })), dense('end', 3)]);
  const { at } = must(openFault('dead-neurons', subjectOf('snn', open)));
  assert.deepEqual([...at(1, draw).get('only/threshold')!].length, 9);
  assert.ok(
    at(1, draw)
      .get('only/threshold')!
      .every((threshold) => threshold > 1e20),
  );
});

const wide = network('wide', [150], [dense('fc', 200), slot('hidden', lif({ threshold: 0.7 })), dense('end', 3)]);

test('weight noise is normal, in units of the largest weight, and grows with the level', () => {
  const subject = subjectOf('snn', wide);
  const { at } = must(openFault('weight-noise', subject));
  const clean = subject.weights.get('fc/weight')!;
  const most = Math.max(...clean.map(Math.abs));
  const noise = at(0.1, draw)
    .get('fc/weight')!
    .map((value, i) => (value - clean[i]!) / most);
  const twice = at(0.2, draw)
    .get('fc/weight')!
    .map((value, i) => (value - clean[i]!) / most);
  const deviation = Math.sqrt(noise.reduce((sum, z) => sum + z * z, 0) / noise.length);
  assert.ok(Math.abs(deviation - 0.1) < 0.002, `deviation ${deviation}`);
  assert.ok(Math.abs(noise.reduce((sum, z) => sum + z, 0) / noise.length) < 0.002);
  noise.forEach((z, i) => {
    assert.ok(Math.abs(twice[i]! - 2 * z) < 1e-5);
  });
  assert.deepEqual(at(0.1, draw).get('fc/bias'), subject.weights.get('fc/bias'));
  assert.notDeepEqual(at(0.1, draw).get('end/weight'), subject.weights.get('end/weight'));
});

test('bits give that many values, symmetric about zero, the nearest one each', () => {
  const { at } = must(openFault('weight-bits', subjects.snn));
  for (const key of ['conv1/weight', 'fc2/weight', 'fed/recurrent'])
    for (const bits of [2, 3, 5]) {
      const [clean, coarse] = [subjects.snn.weights.get(key)!, at(bits, draw).get(key)!];
      const most = Math.max(...clean.map(Math.abs));
      const step = most / (2 ** (bits - 1) - 1);
      assert.ok(new Set(coarse.map((value) => Math.abs(value))).size <= 2 ** (bits - 1));
      coarse.forEach((value, i) => {
        assert.ok(Math.abs(value - clean[i]!) <= step / 2 + 1e-6);
        assert.ok(Math.abs(value / step - Math.round(value / step)) < 1e-5);
      });
    }
  for (const key of ['fc2/bias', 'norm/scale', 'reluctant/threshold'])
    assert.equal(at(2, draw).get(key), subjects.snn.weights.get(key));
});

test('a matrix of zeros has nothing to round', () => {
  const zeros = new Map([...subjects.ann.weights].map(([key, values]) => [key, values.map(() => 0)]));
  const { at } = must(openFault('weight-bits', { ...subjects.ann, weights: zeros }));
  assert.ok(
    at(4, draw)
      .get('fc/weight')!
      .every((value) => value === 0),
  );
});

test('thresholds err in proportion, and never fall to zero', () => {
  const { at } = must(openFault('threshold-mismatch', subjectOf('snn', wide)));
  const relative = at(0.1, draw)
    .get('hidden/threshold')!
    .map((value) => value / Math.fround(0.7) - 1);
  const deviation = Math.sqrt(relative.reduce((sum, z) => sum + z * z, 0) / relative.length);
  assert.equal(relative.length, 200);
  assert.ok(Math.abs(deviation - 0.1) < 0.02, `deviation ${deviation}`);
  const wild = at(5, draw).get('hidden/threshold')!;
  assert.ok(Math.abs(Math.min(...wild) - 0.007) < 1e-6);
});

test('mismatched thresholds change what fires', () => {
  const { at, subject } = must(openFault('threshold-mismatch', subjects.snn));
  const [sound, faulty] = [run(subjects.snn), run({ ...subject, weights: at(0.5, draw) })];
  for (const name of [...HIDDEN, 'out']) assert.notDeepEqual(faulty.get(name), sound.get(name), name);
});

test('learned thresholds are those that err', () => {
  const weights = new Map(subjects.snn.weights).set('reluctant/threshold', Float32Array.of(0.55));
  const { at, subject } = must(openFault('threshold-mismatch', { ...subjects.snn, weights }));
  assert.deepEqual(subject.weights.get('reluctant/threshold'), new Float32Array(9).fill(0.55));
  for (const value of at(0.01, draw).get('reluctant/threshold')!) assert.ok(Math.abs(value - 0.55) < 0.05);
  assert.deepEqual(subject.weights.get('joined/threshold'), Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8));
});

test('a kind that says nothing about a network says why', () => {
  const silent = network('silent', [6], [dense('fc', 3), slot('out', integrator())]);
  const weightless = network('pool', [4, 4, 1], [maxPool('pool', 2), flatten(), slot('out', integrator())]);
  const why = (kind: FaultKind, subject: Subject): unknown => applyFault(kind, 2, subject, draw);
  assert.deepEqual(why('threshold-mismatch', subjects.ann), { notApplicable: 'an ANN has no thresholds' });
  assert.deepEqual(why('threshold-mismatch', subjectOf('snn', silent)), {
    notApplicable: 'none of its neurons fires, so it has no thresholds',
  });
  for (const mode of ['ann', 'snn'] as const)
    assert.deepEqual(applyFault('dead-neurons', 0.5, subjectOf(mode, silent), draw), {
      notApplicable: 'it has no hidden neurons',
    });
  assert.deepEqual(why('weight-bits', subjectOf('ann', weightless)), { notApplicable: 'it has no weights' });
});

test('levels a kind does not have are refused, and weights of another network', () => {
  const refuses = (kind: FaultKind, level: number, message: RegExp): void => {
    const matches = (error: unknown): boolean => error instanceof ConfigError && message.test(error.message);
    assert.throws(() => applyFault(kind, level, subjects.snn, draw), matches);
    assert.throws(() => must(openFault(kind, subjects.snn)).at(level, draw), matches);
  };
  refuses('weight-bits', 1, /^weight-bits level: got 1, expected a whole number of bits from 2 to 16/);
  refuses('weight-bits', 4.5, /^weight-bits level: got 4.5, expected a whole number of bits/);
  refuses('dead-neurons', 1.01, /^dead-neurons level: got 1.01, expected a share from 0 to 1/);
  refuses('weight-noise', -1, /^weight-noise level: got -1, expected a number from 0 on/);
  refuses('threshold-mismatch', Number.NaN, /^threshold-mismatch level: got NaN, expected a number from 0 on/);
  assert.throws(
    () => openFault('weight-noise', { ...subjects.snn, weights: new Map() }),
    (error) => error instanceof ShapeError && /"conv1\/weight" is missing/.test(error.message),
  );
});
