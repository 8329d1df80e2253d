// Energy of networks with convolutions: the memory model by hand, what chips cannot price, what-ifs and baselines.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallCnn, smallCnnWeights, smallMaps } from '../../../test/fixtures/small-cnn.ts';
import { joules } from '../../core/index.ts';
import { referenceBackend } from '../../engine/index.ts';
import type { ActivityTrace, ConvActivity, LayerActivity } from '../../simulate/index.ts';
import { simulateNetwork } from '../../simulate/index.ts';
import { countOperations } from '../ledger.ts';
import { PROFILES, profile } from '../profiles/index.ts';
import { int8Baseline, quantisedTwin } from './baselines.ts';
import { breakEven } from './break-even.ts';
import { estimateEnergy } from './estimate-energy.ts';
import { rescaleActivity } from './rescale-activity.ts';
import { synapticActivity } from './synaptic-activity.ts';

const skip = { zeroSkipping: true };
const window = {
  input: [4, 5],
  output: [4, 5],
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1],
  dilation: [1, 1],
} as const;
const conv: ConvActivity = {
  kind: 'conv',
  layer: 'conv1',
  window,
  inputChannels: 2,
  filters: 6,
  groups: 2,
  bias: true,
  input: 'spikes',
  executions: 1,
  nonzeroIn: [4],
  nonzeroInPerSample: [4],
  reachedPixels: [26],
  reachedPixelsPerSample: [26],
  zeroWeights: 0,
};
const of = (trace: ActivityTrace, id: string) => estimateEnergy(countOperations(trace, skip), trace, profile(id));
const one = (layers: readonly LayerActivity[], mode: 'ann' | 'snn' = 'snn'): ActivityTrace => ({
  mode,
  samples: 1,
  timesteps: 1,
  layers,
});
const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * expected, `${actual} is not ${expected}`);
const access = (words: number): number => 13.2 + 1.09e-5 * words * 8;

function termsOf(trace: ActivityTrace, id: string) {
  const { terms } = of(trace, id);
  return (term: string): number => terms.find((each) => each.term === term)!.energy * 1e12;
}

test('memory model, a spiking convolution: 78 synapses, 54 weights of 3 filters a channel', () => {
  const term = termsOf(one([conv]), 'lemaire-45nm-int8');
  close(term('operations'), (78 + 120) * 0.03);
  close(term('weights'), 78 * access(9 * 6));
  close(term('biases'), 120 * access(6));
  close(term('potentials'), 2 * 78 * access(120));
  close(term('inputs and outputs'), 4 * access(1024) + 120 * access(120));
  close(term('addressing'), 78 * 0.03 + 2 * 4 * 0.23);
});

test('memory model, a convolution of an ANN: an input read a synapse, unless what is there is reused', () => {
  const ann = one([{ ...conv, input: 'analog' }], 'ann');
  const [plain, reused] = [termsOf(ann, 'lemaire-45nm-int8'), termsOf(ann, 'lemaire-45nm-int8-ann-reuse')];
  close(plain('operations'), 78 * 0.23 + 120 * 0.03);
  close(plain('weights'), 78 * access(54));
  close(plain('inputs and outputs'), 78 * access(40) + 120 * access(120));
  close(plain('addressing'), (40 + 120 + 54) * 0.03);
  assert.equal(reused('weights'), 0);
  close(reused('inputs and outputs'), 4 * access(40) + 120 * access(120));
});

test('operators: a pool, a norm and a join have their own terms', () => {
  const pool: LayerActivity = {
    kind: 'pool',
    layer: 'pool1',
    mode: 'average',
    window: { ...window, output: [2, 2], kernel: [2, 2], stride: [2, 2], padding: [0, 0] },
    channels: 6,
    input: 'analog',
    executions: 1,
    nonzeroIn: [50],
    reachedPixels: [43],
  };
  const norm: LayerActivity = { kind: 'batch-norm', layer: 'bn1', features: 120, executions: 1 };
  const join: LayerActivity = { kind: 'join', layer: 'sum', mode: 'add', features: 24, input: 'analog', executions: 1 };
  const trace = one([{ ...conv, input: 'analog' }, norm, pool, join], 'ann');
  const term = termsOf(trace, 'horowitz-45nm-fp32');
  close(term('pools'), 43 * 0.9 + 24 * 3.7);
  close(term('norms'), 120 * 4.6);
  close(term('joins'), 24 * 0.9);
  assert.deepEqual(
    of(one([conv]), 'horowitz-45nm-fp32').terms.map((each) => each.term),
    ['synapses', 'biases', 'neurons', 'rectifiers'],
  );
  close(
    termsOf(trace, 'lemaire-45nm-int8')('operations'),
    78 * 0.23 + 120 * 0.03 + 120 * 0.23 + 43 * 0.03 + 24 * 0.2 + 24 * 0.03,
  );
});

test('a spiking chip refuses averaged spikes, pools and norms that multiply, and says what to do', () => {
  const average: LayerActivity = {
    kind: 'pool',
    layer: 'pool1',
    mode: 'average',
    window: { ...window, output: [2, 2], kernel: [2, 2], stride: [2, 2], padding: [0, 0] },
    channels: 6,
    input: 'spikes',
    executions: 1,
    nonzeroIn: [9],
  };
  const why = (...layers: LayerActivity[]): string | undefined => of(one(layers), 'loihi-1-minimum').notApplicable;
  const analog: LayerActivity = { ...conv, layer: 'conv2', input: 'analog' };
  assert.match(why(average, analog)!, /no price for the analog input of "conv2"; fold the average pool before it into/);
  assert.match(why(average)!, /no price for the multiplications of "pool1"; fold it into the weights beside it/);
  const norm: LayerActivity = { kind: 'batch-norm', layer: 'bn1', features: 120, executions: 1 };
  assert.match(why(conv, norm)!, /no price for the multiplications of "bn1"/);
  const join: LayerActivity = { kind: 'join', layer: 'sum', mode: 'and', features: 24, input: 'spikes', executions: 1 };
  const estimate = of(one([conv, { ...average, mode: 'max' }, join]), 'loihi-1-minimum');
  assert.equal(estimate.notApplicable, undefined);
  assert.deepEqual(estimate.unpriced, ['poolCompares', 'joinOps']);
});

const spec = smallCnn();
const run = (mode: 'ann' | 'snn', timesteps: number, constant = false) =>
  simulateNetwork(referenceBackend(), spec, smallCnnWeights(spec), smallMaps(5), {
    mode,
    timesteps,
    ...(mode === 'snn' && !constant && { encoder: { kind: 'rate', gain: 1, offset: 0 } as const }),
  });

test('rescaling a convolutional network by 1 to the same steps changes no cost', async () => {
  for (const constant of [false, true]) {
    const { trace } = await run('snn', 6, constant);
    const same = rescaleActivity(trace, { activity: 1, timesteps: 6 });
    for (const { id } of PROFILES) {
      const [cost, rescaled] = [of(trace, id).total, of(same, id).total];
      assert.ok(Math.abs(rescaled - cost) <= 1e-9 * cost, id);
    }
  }
});

test('without spikes, averages of spikes are zeros too; a constant input stays', () => {
  const average: LayerActivity = {
    kind: 'pool',
    layer: 'pool1',
    mode: 'average',
    window: { ...window, output: [2, 2], kernel: [2, 2], stride: [2, 2], padding: [0, 0] },
    channels: 6,
    input: 'spikes',
    executions: 1,
    nonzeroIn: [9],
  };
  const analog = { ...conv, input: 'analog' } as const;
  const scaled = rescaleActivity(one([average, { ...analog, layer: 'conv2' }]), { activity: 0.5, timesteps: 2 });
  const [pool, reader] = scaled.layers;
  assert.ok(pool!.kind === 'pool' && reader!.kind === 'conv');
  assert.deepEqual([pool.nonzeroIn, reader.nonzeroIn, reader.reachedPixelsPerSample], [[4.5, 4.5], [2, 2], [26]]);
  assert.deepEqual(rescaleActivity(one([analog]), { activity: 0.5, timesteps: 2 }).layers, [analog]);
});

test('run at the crossing, a convolutional network costs what the reference costs', async () => {
  const { trace } = await run('snn', 6);
  for (const id of ['horowitz-45nm-int8', 'lemaire-45nm-int8', 'truenorth-all-in'] as const) {
    const reference = joules(of(trace, id).total * 0.9);
    const found = breakEven(trace, profile(id), reference);
    const there = rescaleActivity(trace, { activity: found.activity!, timesteps: 6 });
    assert.ok(found.activity! < 1 && Math.abs(of(there, id).total - reference) < 1e-9 * reference, id);
    const sooner = rescaleActivity(trace, { activity: 1, timesteps: 3 });
    assert.ok(of(sooner, id).total < of(trace, id).total);
  }
});

test('spikes a synapse are over synapses inside the map', () => {
  const trace = one([conv]);
  const { spikesPerSynapse } = synapticActivity(countOperations(trace, skip), trace);
  assert.equal(spikesPerSynapse, 78 / (10 * 13 * 2 * 3));
});

test('an ANN of convolutions is a baseline in int8, and its twin is cheaper', async () => {
  const { trace } = await run('ann', 1);
  const [int8, twin] = [int8Baseline(trace, skip), quantisedTwin(trace, 6, skip)];
  int8.energy.forEach(({ total }, index) => {
    assert.ok(total > 0 && twin.energy[index]!.total < total);
  });
});
