// The gradient an attack needs: the loss's by the input, and nothing else.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertGradient, differences } from '../../test/central-differences.ts';
import { assertCloseToScale } from '../../test/closeness.ts';
import { random, sparse } from '../../test/conformance/cases.ts';
import { type Backend, type Program, referenceBackend } from '../engine/index.ts';
import { wasmBackend } from '../engine/wasm/index.ts';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  flatten,
  initialWeights,
  integrator,
  join,
  type LayerSpec,
  lif,
  maxPool,
  type NetworkSpec,
  network,
  recurrentLif,
  sizeOf,
  slot,
  softmax,
  type Weights,
} from '../model/index.ts';
import { type Lowered, type LowerOptions, lower, writeWeights } from './index.ts';

const SAMPLES = 3;
const RATE = { kind: 'rate', gain: 1, offset: 0 } as const;
const wasm = await wasmBackend({ threads: 2 });
after(() => wasm.close());

const ANN: LowerOptions = {
  ...{ mode: 'ann', timesteps: 1, input: { source: 'floats' }, purpose: 'attack', loss: { kind: 'cross-entropy' } },
};
const SNN: LowerOptions = { ...ANN, mode: 'snn', timesteps: 5, loss: { kind: 'ce-rate' }, encoder: RATE };

const pixelsOf = (spec: NetworkSpec): Float32Array =>
  sparse(random(7), SAMPLES * sizeOf(spec.input), 0.9).map(Math.abs);

interface Ran {
  readonly program: Program;
  readonly lowered: Lowered;
  readonly run: (input: Float32Array) => number;
}

function compile(backend: Backend, spec: NetworkSpec, options: LowerOptions, weights: Weights): Ran {
  const lowered = lower(spec, options);
  const program = backend.compile(lowered.plan, { samples: SAMPLES });
  writeWeights(program, lowered, weights);
  const run = (input: Float32Array): number => {
    program.run({ samples: SAMPLES, input, labels: Uint8Array.of(0, 1, 2), seed: 3, epoch: 1 });
    return Float64Array.from(program.tensor(lowered.outputs.losses!)).reduce((sum, loss) => sum + loss, 0);
  };
  return { program, lowered, run };
}

const gradient = ({ program, lowered }: Ran): Float64Array =>
  Float64Array.from(program.tensor(lowered.outputs.inputGradient!));

/** [sample, T, n] to [sample, n]. */
function summed(values: Float64Array, timesteps: number): Float64Array {
  const n = values.length / SAMPLES / timesteps;
  const sums = new Float64Array(SAMPLES * n);
  values.forEach((value, i) => {
    sums[Math.floor(i / (n * timesteps)) * n + (i % n)]! += value;
  });
  return sums;
}

const SPIKING: Readonly<Record<string, readonly LayerSpec[]>> = {
  'a dense network': [flatten(), dense('fc1', 40), slot('s1', lif()), dense('fc2', 3), slot('s2', lif())],
  'convolutions behind a map': [
    ...[conv('c1', 6, 3, { padding: 1 }), slot('s1', lif()), maxPool('p1', 2), conv('c2', 4, 2), slot('s2', lif())],
    ...[flatten(), dense('fc', 3), slot('s3', lif())],
  ],
  'a pool before the first weights': [
    ...[maxPool('p1', 2), conv('c1', 4, 2), slot('s1', lif()), flatten(), dense('fc', 3), slot('s2', lif())],
  ],
  'an input that two layers read': [
    ...[conv('c1', 4, 3, { padding: 1 }), conv('short', 4, 1, { from: 'input' }), add('sum', 'c1', 'short')],
    ...[slot('s1', lif()), flatten(), dense('fc', 3), slot('s2', lif())],
  ],
  'a recurrent layer': [flatten(), dense('fc1', 10), slot('s1', recurrentLif()), dense('fc2', 3), slot('s2', lif())],
  'learned thresholds and decays': [
    ...[flatten(), dense('fc1', 10), slot('s1', lif({ learn: { decay: true, threshold: true } }))],
    ...[dense('fc2', 3), slot('s2', lif())],
  ],
};

for (const [name, layers] of Object.entries(SPIKING)) {
  for (const encoder of [RATE, { kind: 'constant' } as const]) {
    test(`${name}, ${encoder.kind}: the gradient is that of training, summed over time`, () => {
      const spec = network('n', [6, 8, 2], layers);
      const weights = initialWeights(spec, 5);
      const input = pixelsOf(spec);
      const attack = { ...SNN, encoder };
      const train: LowerOptions = {
        ...attack,
        ...{ purpose: 'train', optimizer: { kind: 'sgd' }, observe: { inputGradient: true } },
      };
      for (const backend of [referenceBackend(), wasm]) {
        const [attacked, trained] = [attack, train].map((options) => compile(backend, spec, options, weights));
        assert.ok(Math.abs(attacked!.run(input) - trained!.run(input)) < 1e-6);
        const steps = encoder.kind === 'rate' ? 5 : 1;
        const expected = summed(gradient(trained!), steps);
        assert.ok(expected.some((value) => Math.abs(value) > 1e-6));
        assertCloseToScale(backend.name, gradient(attacked!), expected, 1e-5);
      }
    });
  }
}

test('no parameter gets a gradient, and nothing is kept for one', () => {
  const spec = network('n', [6, 8, 2], SPIKING['convolutions behind a map']!);
  const { plan, gradients, state, weights } = lower(spec, SNN);
  assert.deepEqual([plan.gradients, plan.update, [...gradients]], [[], [], []]);
  assert.ok(plan.parameters.every(({ id }) => !id.includes('@grad')));
  assert.ok(plan.tensors.every(({ keep }) => keep !== 'gradients'));
  assert.deepEqual(
    weights.filter(({ id }) => !state.includes(id)),
    [],
  );
});

test('the sum over time is taken before the first multiplication, not after it', () => {
  const backward = (layers: readonly LayerSpec[]) =>
    lower(network('n', [6, 8, 2], layers), SNN).plan.backward.map(({ kernel, layer }) => `${layer} ${kernel}`);
  assert.deepEqual(backward(SPIKING['a dense network']!).slice(-3), [
    ...['s1 neuron-backward', 'fc1 accumulate', 'fc1 dense-backward'],
  ]);
  assert.deepEqual(backward(SPIKING['a pool before the first weights']!).slice(-3), [
    ...['p1 pool-backward', 'p1 reshape-backward', 'input accumulate'],
  ]);
});

test('latency codes and sequences keep a gradient for each step', () => {
  const spec = network('n', [6, 8, 2], SPIKING['a dense network']!);
  const latency: LowerOptions = {
    ...SNN,
    encoder: {
      ...{ kind: 'latency', convention: 'snntorch', form: 'linear', tau: 1, threshold: 0.01 },
      ...{ normalize: true, clip: false },
    },
  };
  const ran = compile(referenceBackend(), spec, latency, initialWeights(spec, 5));
  ran.run(pixelsOf(spec));
  assert.equal(gradient(ran).length, SAMPLES * 5 * 96);
});

test('an ANN with norms and a softmax, and a norm of an integrator: central differences', () => {
  const head = [
    ...[conv('c1', 4, 3, { padding: 1 }), batchNorm('bn1', { epsilon: 0.1 }), slot('s1', integrator())],
    ...[averagePool('p1', 2), conv('c2', 4, 2), batchNorm('bn2'), slot('s2', integrator()), flatten(), dense('fc', 3)],
  ];
  const cases: readonly (readonly [readonly LayerSpec[], LowerOptions])[] = [
    [[...head, softmax()], ANN],
    [head, { ...SNN, encoder: { kind: 'constant' }, loss: { kind: 'ce-membrane' } }],
  ];
  for (const [layers, options] of cases) {
    const spec = network('n', [6, 8, 2], layers);
    const weights = new Map(
      [...initialWeights(spec, 5)].map(([id, values]) =>
        /bn/.test(id) ? [id, sparse(random(id.length), values.length, 1).map((value) => 1 + value / 4)] : [id, values],
      ),
    );
    const input = pixelsOf(spec);
    const ran = compile(referenceBackend(), spec, options, weights);
    ran.run(input);
    const exact = gradient(ran);
    assertGradient(
      options.mode,
      exact,
      differences(() => ran.run(input), input),
      1e-5,
    );
    const fast = compile(wasm, spec, options, weights);
    fast.run(input);
    assertCloseToScale('wasm', gradient(fast), exact, 1e-5);
  }
});

test('a winner pool is read as a maximum, a join of the input is summed', () => {
  const layers = [
    ...[conv('c1', 4, 3), slot('s1', lif()), maxPool('p1', 2), flatten(), dense('fc', 3), slot('s2', lif())],
  ].map((layer) => (layer.kind === 'pool' ? { ...layer, mode: 'winner' as const } : layer));
  const spec = network('n', [6, 8, 2], layers);
  const modes = lower(spec, SNN).plan.forward.flatMap((op) => (op.kernel === 'pool' ? [op.mode] : []));
  assert.deepEqual(modes, ['max']);
  const joined = network('n', [4], [dense('a', 4), join('sum', 'add', ['a', 'input']), dense('fc', 3)]);
  const ran = compile(referenceBackend(), joined, ANN, initialWeights(joined, 1));
  const input = pixelsOf(joined);
  ran.run(input);
  assertGradient(
    'join',
    gradient(ran),
    differences(() => ran.run(input), input),
    1e-5,
  );
});

test('an attack without a loss is refused', () => {
  const { loss: _, ...options } = ANN;
  const spec = network('n', [4], [dense('fc', 3)]);
  assert.throws(() => lower(spec, options), /loss: got none, expected a loss: an attack ascends one/);
  assert.throws(
    () => lower(spec, { ...ANN, purpose: 'infer', observe: { inputGradient: true } }),
    /observe.inputGradient: got true with purpose infer, expected purpose train or attack/,
  );
});
