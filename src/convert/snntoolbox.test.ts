// What SNN Toolbox (commit 0255f75) does, by its update rules: normalisation by percentiles of activations that are not zero,
// its schedule, an IF neuron that subtracts, and max pooling by accumulated input.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '../data/index.ts';
import { referenceBackend } from '../engine/index.ts';
import { type Lowered, lower, writeWeights } from '../lower/index.ts';
import {
  conv,
  dense,
  dialects,
  flatten,
  maxPool,
  type NetworkSpec,
  network,
  slot,
  type Weights,
} from '../model/index.ts';
import { type CalibrateOptions, calibrate, convertNetwork } from './index.ts';

const inisim = dialects.snntoolbox.inisim();

/** Spikes of each slot in `spec`, [T, N], for one sample of `timesteps` rows. */
function spikesOf(
  spec: NetworkSpec,
  weights: Weights,
  rows: readonly number[],
  timesteps: number,
  sequence: boolean,
): Map<string, string> {
  const lowered: Lowered = lower(spec, {
    ...{ mode: 'snn', timesteps, purpose: 'infer', input: { source: 'floats', sequence } },
    observe: { spikes: 'all' },
  });
  const program = referenceBackend().compile(lowered.plan, { samples: 1 });
  writeWeights(program, lowered, weights);
  program.run({ samples: 1, input: Float32Array.from(rows), seed: 0, epoch: 0 });
  return new Map(
    lowered.probes.flatMap((probe) =>
      probe.kind === 'neuron' && probe.spikes !== undefined
        ? [[probe.layer, [...program.tensor(probe.spikes)].join('')]]
        : [],
    ),
  );
}

test('a drive above the threshold fires at every step and leaves the rest on the membrane', () => {
  const spec = network('if', [1], [dense('d', 1, { bias: false }), slot('if', inisim), dense('o', 1, { bias: false })]);
  const lowered = lower(spec, {
    mode: 'snn',
    timesteps: 4,
    purpose: 'infer',
    input: { source: 'floats' },
    observe: { spikes: 'all', membranes: 'all' },
  });
  const program = referenceBackend().compile(lowered.plan, { samples: 1 });
  writeWeights(
    program,
    lowered,
    new Map([
      ['d/weight', Float32Array.of(1)],
      ['o/weight', Float32Array.of(1)],
    ]),
  );
  program.run({ samples: 1, input: Float32Array.of(1.3), seed: 0, epoch: 0 });
  const probe = lowered.probes.find((found) => found.layer === 'if');
  assert.ok(probe?.kind === 'neuron');
  assert.deepEqual([...program.tensor(probe.spikes!)], [1, 1, 1, 1]);
  assert.ok(Math.abs(program.tensor(probe.membrane!).at(-1)! - 1.2) < 1e-6);
});

test('a max pool passes on the input with most accumulated input, the first of equals', () => {
  const spec = network(
    'pool',
    [1, 2, 1],
    [
      ...[conv('c', 1, 1, { bias: false }), slot('r', inisim), maxPool('p', [1, 2])],
      ...[flatten(), dense('d', 1, { bias: false }), slot('s', inisim)],
    ],
  );
  const one = Float32Array.of(1);
  const weights: Weights = new Map([
    ['c/weight', one],
    ['d/weight', one],
  ]);
  const converted = convertNetwork(
    spec,
    weights,
    new Map([
      ['r', 1],
      ['s', 1],
    ]),
    { neuron: inisim },
  );
  const [a, b] = ['1100100', '0011011'];
  const rows = Array.from(a, (spike, t) => [Number(spike), Number(b[t])]).flat();
  const spikes = spikesOf(converted.spec, converted.weights, rows, 7, true);
  assert.equal(spikes.get('r'), Array.from(a, (spike, t) => `${spike}${b[t]}`).join(''));
  assert.equal(spikes.get('s'), '1100101');
});

const spec = network('n', [2], [dense('a', 2), slot('r', inisim), dense('b', 2), slot('s', inisim), dense('out', 2)]);
const weights: Weights = new Map(
  ['a', 'b', 'out'].flatMap((name) => [
    [`${name}/weight`, Float32Array.of(1, 0, 0, 2)],
    [`${name}/bias`, Float32Array.of(0, -1)],
  ]),
);
const values = Float32Array.of(1, 0.25, 0, 1, 3, 0.5, 2, 0);
const data: Dataset = {
  ...{ name: 'd', source: 'test', classes: ['x'], shape: [2], scale: 1 },
  ...{ samples: 4, values, labels: new Uint8Array(4) },
};
const scalesOf = async (options: Partial<CalibrateOptions>): Promise<readonly number[]> => [
  ...(
    await calibrate(referenceBackend(), spec, weights, data, { mode: 'percentile', nonzeroOnly: true, ...options })
  ).values(),
];

test('scales are percentiles of activations that are not zero, and fold as W s_in / s_out, b / s_out', async () => {
  // r: 1 3 2 and 1, s: 1 3 2 and 1
  assert.deepEqual(await scalesOf({ percentile: 50 }), [1.5, 1.5]);
  const folded = convertNetwork(
    spec,
    weights,
    new Map([
      ['r', 1.5],
      ['s', 2.5],
    ]),
  ).weights;
  const expected = {
    'a/weight': [1 / 1.5, 0, 0, 2 / 1.5],
    'a/bias': [0, -1 / 1.5],
    'b/weight': [1.5 / 2.5, 0, 0, 3 / 2.5],
    'b/bias': [0, -1 / 2.5],
    'out/weight': [2.5, 0, 0, 5],
    'out/bias': [0, -1],
  };
  for (const [key, list] of Object.entries(expected)) assert.deepEqual(folded.get(key), Float32Array.from(list), key);
});

test('the schedule cuts percentiles to whole numbers', async () => {
  const plain = await scalesOf({ percentile: 99 });
  assert.notDeepEqual(await scalesOf({ percentile: 99.9 }), plain);
  assert.deepEqual(await scalesOf({ percentile: 99.9, schedule: 'snntoolbox' }), plain);
  const [first, second] = await scalesOf({ percentile: 51, schedule: 'snntoolbox' });
  assert.deepEqual([first, second], [(await scalesOf({ percentile: 51 }))[0], (await scalesOf({ percentile: 50 }))[1]]);
});
