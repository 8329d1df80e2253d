import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rng } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { lower, writeWeights } from '../lower/index.ts';
import {
  dense,
  dropout,
  ifNeuron,
  initialWeights,
  lif,
  mlp,
  type NetworkSpec,
  network,
  recurrentLif,
  slot,
  type Weights,
} from '../model/index.ts';
import { calibrate, convertNetwork } from './index.ts';

const ann = network(
  'ann',
  [3],
  [
    dense('fc1', 4),
    slot('relu1', lif()),
    dropout('drop', 0.5),
    dense('fc2', 4, { bias: false }),
    dense('fc3', 5),
    slot('relu2', lif()),
    dense('fc4', 2),
    slot('out', lif(), { ann: 'identity' }),
  ],
);
const weights = initialWeights(ann, 3);
const scales = new Map([
  ['relu1', 2],
  ['relu2', 4],
  ['out', 8],
]);

/** Outputs of the ANN [samples, C], or of the summed membrane after T steps divided by T. */
function outputs(
  spec: NetworkSpec,
  values: Weights,
  input: Float32Array,
  timesteps: number,
  mode: 'ann' | 'snn',
): number[] {
  const lowered = lower(spec, { mode, timesteps, input: { source: 'floats' }, purpose: 'infer' });
  const samples = input.length / spec.input[0]!;
  const program = referenceBackend().compile(lowered.plan, { samples });
  writeWeights(program, lowered, values);
  program.run({ samples, input, seed: 0, epoch: 0 });
  const { logits, membrane, features } = lowered.outputs;
  if (mode === 'ann') return [...program.tensor(logits!)];
  const m = program.tensor(membrane!);
  return Array.from({ length: samples * features }, (_, k) => {
    const row = (Math.floor(k / features) + 1) * timesteps - 1;
    return m[row * features + (k % features)]! / timesteps;
  });
}

test('scales are folded into the weights of the dense layers between two slots', () => {
  const { spec, weights: folded } = convertNetwork(ann, weights, scales);
  const ratio = (key: string): number => {
    const k = weights.get(key)!.findIndex((value) => value !== 0);
    return k < 0 ? Number.NaN : folded.get(key)![k]! / weights.get(key)![k]!;
  };
  const ratios = ['fc1', 'fc2', 'fc3', 'fc4'].map((name) => ratio(`${name}/weight`));
  assert.deepEqual(ratios, [1 / 2, 2, 1 / 4, 4]);
  assert.deepEqual(
    spec.layers.map(({ name }) => name),
    ['fc1', 'relu1', 'fc2', 'fc3', 'relu2', 'fc4', 'out'],
  );
  const out = spec.layers.at(-1)!;
  assert.ok(out.kind === 'slot' && out.neuron.threshold === null && out.neuron.decay.form === 'none');
  assert.deepEqual(weights, initialWeights(ann, 3), 'the weights given are left alone');
});

test('biases are divided by the scale of their slot', () => {
  const biased = new Map([
    ...weights,
    ['fc1/bias', Float32Array.of(1, 2, 3, 4)],
    ['fc4/bias', Float32Array.of(5, 6)],
  ]) as Weights;
  const { weights: folded } = convertNetwork(ann, biased, scales);
  assert.deepEqual(folded.get('fc1/bias'), Float32Array.of(0.5, 1, 1.5, 2));
  assert.deepEqual(folded.get('fc4/bias'), Float32Array.of(5, 6));
});

test('an output that spikes is scaled too', () => {
  const { spec, weights: folded } = convertNetwork(ann, weights, scales, { output: 'spikes', halfThreshold: true });
  const out = spec.layers.at(-1)!;
  assert.ok(out.kind === 'slot' && out.neuron.threshold === 1 && out.neuron.initialMembrane === 0.5);
  assert.equal(folded.get('fc4/weight')![0]! / weights.get('fc4/weight')![0]!, 4 / 8);
});

test('what cannot be converted is refused by layer, with what to do', () => {
  const build = (...layers: NetworkSpec['layers']): NetworkSpec => network('n', [3], layers);
  const refuses = (spec: NetworkSpec, message: RegExp, options = {}): void => {
    assert.throws(() => convertNetwork(spec, initialWeights(spec, 1), new Map([['s', 1]]), options), message);
  };
  refuses(
    build(dense('a', 2), slot('s', lif(), { ann: 'identity' }), dense('b', 2)),
    /slot "s": is the identity within the network.*make it a ReLU or remove it/,
  );
  refuses(
    build(slot('s', lif()), dense('a', 2)),
    /slot "s": has no dense layer of its own.*put a dense layer before it/,
  );
  refuses(build(dense('a', 2), slot('s', lif()), slot('t', lif())), /slot "t": has no dense layer of its own/);
  refuses(
    build(dense('a', 2), slot('t', lif())),
    /scales.t: got none, expected a positive number; calibrate the network first \(there are: s\)/,
  );
  refuses(build(dense('a', 2)), /ends in "a", which cannot spike; put an identity slot behind it/, {
    output: 'spikes',
  });
  const good = build(dense('a', 2), slot('s', lif()));
  refuses(good, /neuron.threshold: got 2, expected 1/, { neuron: ifNeuron({ threshold: 2 }) });
  refuses(good, /neuron: got "recurrent-lif", expected a neuron without recurrence/, { neuron: recurrentLif() });
  assert.throws(() => convertNetwork(good, initialWeights(good, 1), new Map([['s', 0]])), /scales.s: got 0/);
  assert.throws(() => convertNetwork(good, new Map(), scales), /"a\/weight" is missing/);
});

test('the rate of an IF neuron under a constant drive in [0, 1] is that drive to within 1/T', () => {
  const one = network('one', [1], [dense('fc', 1, { bias: false }), slot('if', lif())]);
  const { spec, weights: unit } = convertNetwork(
    one,
    new Map([['fc/weight', Float32Array.of(1)]]),
    new Map([['if', 1]]),
  );
  fc.assert(
    fc.property(fc.float({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 1, max: 300 }), (drive, T) => {
      const lowered = lower(spec, { mode: 'snn', timesteps: T, input: { source: 'floats' }, purpose: 'infer' });
      const program = referenceBackend().compile(lowered.plan, { samples: 1 });
      writeWeights(program, lowered, unit);
      program.run({ samples: 1, input: Float32Array.of(drive), seed: 0, epoch: 0 });
      let spikes = 0;
      for (const spike of program.tensor(lowered.outputs.spikes!)) spikes += spike;
      assert.ok(Math.abs(spikes / T - Math.max(0, drive)) <= 1 / T + 1e-9, `${spikes} spikes of ${T} for ${drive}`);
    }),
    { numRuns: 60 },
  );
});

test('outputs of a converted network approach those of the ANN as T grows', async () => {
  const spec = mlp([4, 6, 5, 3]);
  const values = initialWeights(spec, 7);
  const generator = rng(2, 1);
  const input = Float32Array.from({ length: 20 * 4 }, () => generator.uniform());
  const dataset: Dataset = {
    name: 'd',
    source: 'test',
    classes: ['a', 'b', 'c'],
    shape: [4],
    samples: 20,
    values: input,
    scale: 1,
    labels: new Uint8Array(20),
  };
  const measured = await calibrate(referenceBackend(), spec, values, dataset, { mode: 'max' });
  const converted = convertNetwork(spec, values, measured);
  const expected = outputs(spec, values, input, 1, 'ann');
  const worst = (T: number): number => {
    const got = outputs(converted.spec, converted.weights, input, T, 'snn');
    return Math.max(...got.map((value, k) => Math.abs(value - expected[k]!)));
  };
  const [short, long] = [worst(20), worst(500)];
  assert.ok(short > 1e-3, 'a few steps cannot be exact');
  assert.ok(long < short / 8, `error ${short} at T = 20, ${long} at T = 500`);
});
