import assert from 'node:assert/strict';
import { test } from 'node:test';
import { denseAnn, spikingNetwork } from '../../../test/fixtures/example-traces.ts';
import { joules } from '../../core/index.ts';
import { countOperations } from '../ledger.ts';
import { PROFILES, profile } from '../profiles/index.ts';
import { breakEven } from './break-even.ts';
import { estimateEnergy } from './estimate-energy.ts';
import { rescaleActivity } from './rescale-activity.ts';
import { synapticActivity } from './synaptic-activity.ts';
import { standing, THRESHOLDS } from './thresholds.ts';

const SIZES = [784, 256, 10];
const RATES = [0.1307, 0.1, 0.1];
const skip = { zeroSkipping: true };
const costOf = (trace: ReturnType<typeof denseAnn>, id: string) =>
  estimateEnergy(countOperations(trace, skip), trace, profile(id)).total;

test('with memory, 784-256-10 breaks even at 6 steps in int32 and 4 in int8', () => {
  for (const [id, steps] of [
    ['lemaire-45nm-int32', 6],
    ['lemaire-45nm-int8', 4],
  ] as const) {
    const found = breakEven(spikingNetwork(SIZES, RATES, 20), profile(id), costOf(denseAnn(SIZES), id));
    assert.equal(Math.round(found.timesteps!), steps);
  }
});

test('run at the crossing, the network costs what the reference costs', () => {
  const ann = denseAnn(SIZES);
  for (const { id } of PROFILES.filter((each) => each.type !== 'simulated')) {
    const trace = spikingNetwork(SIZES, RATES, 10, true);
    const reference = joules(costOf(ann, 'horowitz-45nm-fp32') * (id.startsWith('keras') ? 1e4 : 10));
    const { activity, spikeRate } = breakEven(trace, profile(id), reference);
    if (activity === null || activity > 2) continue;
    const there = rescaleActivity(trace, { activity, timesteps: 10 });
    assert.ok(Math.abs(costOf(there, id) - reference) < 1e-9 * reference, id);
    assert.ok(Math.abs(synapticActivity(countOperations(there, skip), there).spikeRate! - spikeRate!) < 1e-9, id);
  }
});

test('fixed costs above the reference leave no spike rate, and a note says so', () => {
  const found = breakEven(spikingNetwork(SIZES, RATES, 20), profile('horowitz-45nm-fp32'), joules(1e-12));
  assert.equal(found.activity, null);
  assert.equal(found.spikeRate, null);
  assert.match(found.note, /no spike rate is low enough: .*; dearer from the first step on/);
});

test('a device that does not skip zeros has no break-even rate', () => {
  const found = breakEven(spikingNetwork(SIZES, RATES, 20), profile('keras-cpu'), joules(1));
  assert.equal(found.activity, null);
});

test('a generous reference leaves room beyond every neuron firing at every step', () => {
  const found = breakEven(spikingNetwork(SIZES, RATES, 2), profile('truenorth-all-in'), joules(1));
  assert.match(found.note, /cheaper even if every neuron fired at every step/);
});

test('break-even of an ANN is refused', () => {
  assert.throws(
    () => breakEven(denseAnn(SIZES), profile('keras-cpu'), joules(1)),
    /breakEven: got the trace of an ANN, expected one of a spiking network/,
  );
});

test('rescaling by 1 to the same steps changes no cost, recurrence included', () => {
  const plain = spikingNetwork([9, 7], [0.5, 0.5], 4);
  const [dense, neuron] = plain.layers;
  const looped = { ...neuron!, recurrent: 'all-to-all', recurrentSpikesPerSample: [10.5] } as never;
  const trace = { ...plain, layers: [dense!, looped] };
  const same = rescaleActivity(trace, { activity: 1, timesteps: 4 });
  for (const { id } of PROFILES)
    assert.ok(Math.abs(costOf(same, id) - costOf(trace, id)) <= 1e-12 * costOf(trace, id), id);
});

test('spikes a synapse, and where that stands against the literature', () => {
  const trace = spikingNetwork([10, 4], [0.25, 0.5], 8);
  const activity = synapticActivity(countOperations(trace, skip), trace);
  assert.equal(activity.spikesPerSynapse, 2);
  assert.equal(activity.spikeRate, 0.5);
  assert.deepEqual(
    THRESHOLDS.map((each) => standing(2, each)),
    ['above', 'above', 'above'],
  );
  assert.deepEqual(
    THRESHOLDS.map((each) => standing(0.5, each)),
    ['below', 'within', 'above'],
  );
  assert.deepEqual(
    THRESHOLDS.map((each) => standing(0.1, each)),
    ['below', 'below', 'below'],
  );
  const ann = denseAnn([4, 3]);
  assert.deepEqual(synapticActivity(countOperations(ann, skip), ann), { spikesPerSynapse: null, spikeRate: null });
});
