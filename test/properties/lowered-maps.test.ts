// Whole lowered networks of maps, norms and joins on every backend against the reference: losses, counts, gradients of the input,
// parameters and running statistics after updates. Seeds are fixed; for what that means see lowered-networks.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../../src/core/index.ts';
import { type Backend, referenceBackend } from '../../src/engine/index.ts';
import { type LowerOptions, lower, readWeights, writeWeights } from '../../src/lower/index.ts';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  depthwise,
  dropout,
  flatten,
  globalPool,
  initialWeights,
  integrator,
  join,
  type LayerSpec,
  lif,
  maxPool,
  network,
  plif,
  pool,
  sizeOf,
  slot,
  softmax,
} from '../../src/model/index.ts';
import { assertCloseToScale } from '../closeness.ts';
import { BACKENDS } from '../golden/backends.ts';

const SAMPLES = 13;
const INPUT = [7, 9, 3];
const rate = { encoder: { kind: 'rate', gain: 1, offset: 0 } } as const;
const ANN = { mode: 'ann', timesteps: 1, loss: { kind: 'cross-entropy' } } as const;
const quantized = { ann: { kind: 'quantized', levels: 4, ceiling: 1.5 } } as const;

interface Case {
  readonly name: string;
  readonly layers: readonly LayerSpec[];
  readonly options: Partial<LowerOptions>;
}

const residual: readonly LayerSpec[] = [
  conv('c1', 35, 3, { padding: 'same', bias: false }),
  batchNorm('bn1'),
  slot('s1', lif({ threshold: 0.4 }), { ann: 'relu6' }),
  maxPool('p1', 2),
  conv('c2', 35, 3, { padding: 'same', bias: false }),
  batchNorm('bn2', { momentum: 0.3 }),
  slot('s2', plif({ threshold: 0.3, learn: { decay: true, threshold: true } }), {
    ann: { kind: 'leaky-relu', slope: 0.1 },
  }),
];
const head: readonly LayerSpec[] = [conv('c3', 5, 1), globalPool('gap'), flatten(), dense('fc', 3)];

const cases: readonly Case[] = [
  { name: 'ANN, residual', layers: [...residual, add('sum', 'p1', 's2'), dropout('drop', 0.2), ...head], options: ANN },
  {
    name: 'ANN, depthwise, quantised, stride, dilation',
    layers: [
      conv('c1', 6, 3, { stride: 2, padding: 1 }),
      slot('q1', lif(), quantized),
      depthwise('dw', 6, 3, { padding: 2, dilation: 2 }),
      slot('r1', lif()),
      conv('g', 8, [2, 3], { groups: 2 }),
      slot('q2', lif(), quantized),
      flatten(),
      dropout('drop', 0.2),
      dense('fc', 3),
    ],
    options: ANN,
  },
  ...(['add', 'and', 'iand'] as const).flatMap((mode) => [
    { name: `SEW ${mode}, constant input`, layers: [...residual, join('j', mode, ['p1', 's2']), ...head], options: {} },
    { name: `SEW ${mode}, rate code`, layers: [...residual, join('j', mode, ['p1', 's2']), ...head], options: rate },
  ]),
  {
    name: 'neurons behind pools, a drive joined with steps',
    layers: [
      conv('c1', 33, 2),
      averagePool('p1', [2, 3], { stride: [2, 3], padding: [1, 0] }),
      slot('s1', lif({ threshold: Array.from({ length: 33 }, (_, n) => 0.2 + n / 100), learn: { threshold: true } })),
      dropout('drop', 0.2),
      conv('c2', 33, 1),
      add('sum', 'c2', 'p1'),
      slot('li', integrator({ beta: 0.8 })),
      flatten(),
      dense('fc', 3),
      slot('out', lif({ threshold: 0.3 })),
    ],
    options: { loss: { kind: 'mse-count' } },
  },
];

const BASE: LowerOptions = {
  mode: 'snn',
  timesteps: 5,
  input: { source: 'bytes', scale: 1 / 255 },
  purpose: 'infer',
  loss: { kind: 'ce-membrane' },
};

function prepare(backend: Backend, { layers, name }: Case, options: LowerOptions) {
  const spec = network(name, INPUT, layers);
  const lowered = lower(spec, options);
  const program = backend.compile(lowered.plan, { samples: SAMPLES });
  writeWeights(program, lowered, initialWeights(spec, 21));
  const generator = rng(9, 1);
  const input = Uint8Array.from({ length: SAMPLES * sizeOf(INPUT) }, () => Math.max(0, generator.below(400) - 144));
  const labels = Uint8Array.from({ length: SAMPLES }, (_, i) => i % 3);
  return { lowered, program, batch: { samples: SAMPLES, input, labels, seed: 3 } };
}

/** Outputs of a network that infers, by name. */
function infer(backend: Backend, golden: Case): Map<string, ArrayLike<number>> {
  const { lowered, program, batch } = prepare(backend, golden, { ...BASE, ...golden.options });
  program.run({ ...batch, epoch: 0 });
  const { spikes, membrane, logits, probabilities, losses } = lowered.outputs;
  const ids = [spikes, membrane, logits, probabilities, losses].filter((id) => id !== undefined);
  const seen = new Map(ids.map((id) => [id, program.tensor(id)]));
  program.close();
  return seen;
}

/** Three training steps; what can be seen of them by name. */
function train(backend: Backend, golden: Case): Map<string, ArrayLike<number>> {
  const { lowered, program, batch } = prepare(backend, golden, {
    ...BASE,
    purpose: 'train',
    optimizer: { kind: 'sgd', momentum: 0.9 },
    observe: { counts: true, inputGradient: true },
    ...golden.options,
  });
  const seen = new Map<string, ArrayLike<number>>();
  for (let step = 1; step <= 3; step++) {
    program.run({ ...batch, epoch: step });
    const { losses, inputGradient } = lowered.outputs;
    for (const id of [losses!, inputGradient!]) seen.set(`${id} ${step}`, program.tensor(id));
    for (const probe of lowered.probes)
      for (const id of ['counts' in probe && probe.counts, 'reached' in probe && probe.reached])
        if (id) seen.set(`${id} ${step}`, program.tensor(id));
    program.update({ learningRate: 0.05, momentum: 0.9, step });
  }
  for (const [id, values] of readWeights(program, lowered)) seen.set(id, values);
  program.close();
  return seen;
}

/** What stands for the trained networks where training is not possible, or gives less to see. */
const inferred: readonly Case[] = [
  ...cases,
  { name: 'ANN with softmax', layers: [...residual, ...head, softmax()], options: ANN },
  {
    name: 'winners of overlapping windows',
    layers: [...residual.slice(0, 3), pool('w', 'winner', 3, { stride: 2, padding: 1 }), flatten(), dense('fc', 3)],
    options: rate,
  },
];

function assertAgree(actual: Map<string, ArrayLike<number>>, expected: Map<string, ArrayLike<number>>): void {
  assert.deepEqual([...actual.keys()], [...expected.keys()]);
  for (const [what, values] of expected) assertCloseToScale(what, actual.get(what)!, values, 2e-5);
}

for (const { name, backend } of BACKENDS.filter(({ name }) => name !== 'reference')) {
  for (const golden of cases)
    test(`${golden.name}: three training steps as the reference does them (${name})`, async () => {
      assertAgree(train(await backend(), golden), train(referenceBackend(), golden));
    });
  test(`networks that infer give what they give on the reference (${name})`, async () => {
    for (const golden of inferred) assertAgree(infer(await backend(), golden), infer(referenceBackend(), golden));
  });
}
