// Whole lowered networks on every backend against the reference: losses, parameters after updates, activations observed.
// Seeds are fixed; were a membrane within float32 rounding of its threshold, a spike would differ and the case would fail.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../../src/core/index.ts';
import { type Backend, referenceBackend } from '../../src/engine/index.ts';
import { type Lowered, type LowerOptions, lower, readWeights, writeWeights } from '../../src/lower/index.ts';
import {
  dense,
  dialects,
  dropout,
  initialWeights,
  lif,
  type NetworkSpec,
  network,
  plif,
  recurrentLif,
  slot,
  synaptic,
} from '../../src/model/index.ts';
import { assertClose } from '../closeness.ts';
import { BACKENDS } from '../golden/backends.ts';

const SAMPLES = 13;
const learn = { decay: true, threshold: true };
const hidden = {
  lif: lif({ threshold: 0.4, learn }),
  'lif, one value a neuron': lif({ threshold: Array.from({ length: 35 }, (_, n) => 0.3 + n / 100), learn }),
  'plif with rest': plif({ tau: 2.5, inputDecay: true, rest: 0.1, threshold: 0.3, learn }),
  synaptic: synaptic({ alpha: 0.6, beta: 0.8, threshold: 0.5, learn: { decay: true } }),
  'recurrent, all to all': recurrentLif({ topology: 'all-to-all', bias: true, threshold: 0.4 }),
  'recurrent, one to one': recurrentLif({ topology: 'one-to-one', bias: true, threshold: 0.4, learn }),
  'snntorch leaky, learned': dialects.snntorch.leaky({ beta: 0.85, learnBeta: true, learnThreshold: true }),
};

interface Case {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly options: Partial<LowerOptions>;
}

const rate = { kind: 'rate', gain: 1, offset: 0 } as const;
const cases: Case[] = Object.entries(hidden).flatMap(([name, neuron]) => {
  const open = [dense('fc1', 35), slot('h', neuron), dropout('drop', 0.2), dense('fc2', 3)];
  const closed = [...open.slice(0, 2), dense('fc2', 3), slot('out', lif({ threshold: 0.3 }))];
  return [
    {
      name: `${name}, constant input, membrane`,
      spec: network('n', [9], open),
      options: { loss: { kind: 'ce-membrane' } },
    },
    {
      name: `${name}, rate input, spikes`,
      spec: network('n', [9], closed),
      options: { loss: { kind: 'mse-count' }, encoder: rate },
    },
  ];
});
cases.push({
  name: 'ANN with dropout',
  spec: network('n', [9], [dense('fc1', 35), slot('r', lif()), dropout('drop', 0.2), dense('fc2', 3)]),
  options: { mode: 'ann', timesteps: 1, loss: { kind: 'cross-entropy' }, clipNorm: 0.5 },
});

const lowered = ({ spec, options }: Case): Lowered =>
  lower(spec, {
    mode: 'snn',
    timesteps: 6,
    input: { source: 'bytes', scale: 1 / 255 },
    purpose: 'train',
    loss: { kind: 'ce-rate' },
    optimizer: { kind: 'sgd', momentum: 0.9 },
    observe: { counts: true, inputGradient: true },
    ...options,
  });

/** Three training steps; what can be seen of them by name. */
function train(backend: Backend, golden: Case): Map<string, ArrayLike<number>> {
  const plan = lowered(golden);
  const program = backend.compile(plan.plan, { samples: SAMPLES });
  writeWeights(program, plan, initialWeights(golden.spec, 21));
  const generator = rng(9, 1);
  const input = Uint8Array.from({ length: SAMPLES * 9 }, () => Math.max(0, generator.below(400) - 144));
  const labels = Uint8Array.from({ length: SAMPLES }, (_, i) => i % 3);
  const seen = new Map<string, ArrayLike<number>>();
  for (let step = 1; step <= 3; step++) {
    program.run({ samples: SAMPLES, input, labels, seed: 3, epoch: step });
    for (const id of [plan.outputs.losses!, plan.outputs.inputGradient!]) seen.set(`${id} ${step}`, program.tensor(id));
    for (const probe of plan.probes)
      if ('counts' in probe && probe.counts)
        seen.set(`${probe.counts} ${probe.layer} ${step}`, program.tensor(probe.counts));
    program.update({ learningRate: 0.05, momentum: 0.9, clipNorm: 0.5, step });
  }
  for (const [id, values] of readWeights(program, plan)) seen.set(id, values);
  program.close();
  return seen;
}

for (const { name, backend } of BACKENDS.filter(({ name }) => name !== 'reference')) {
  for (const golden of cases) {
    test(`${golden.name}: three training steps as the reference does them (${name})`, async () => {
      const expected = train(referenceBackend(), golden);
      const actual = train(await backend(), golden);
      assert.deepEqual([...actual.keys()], [...expected.keys()]);
      for (const [what, values] of expected) assertClose(what, actual.get(what)!, values, 2e-5);
    });
  }
}
