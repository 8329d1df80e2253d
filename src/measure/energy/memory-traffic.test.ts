import assert from 'node:assert/strict';
import { test } from 'node:test';
import { denseAnn, spikingNetwork } from '../../../test/fixtures/example-traces.ts';
import type { ActivityTrace } from '../../simulate/index.ts';
import { countOperations } from '../ledger.ts';
import { profile } from '../profiles/index.ts';
import { estimateEnergy } from './estimate-energy.ts';

const estimate = (trace: ActivityTrace, id: string) =>
  estimateEnergy(countOperations(trace, { zeroSkipping: true }), trace, profile(id));
const operations = (trace: ActivityTrace, id: string): number =>
  estimate(trace, id).terms.find(({ term }) => term === 'operations')!.energy;

// 784-256-10 of IF neurons at MNIST's mean intensity and a hidden rate of 0.1; computed once by hand from the published equations.
const SIZES = [784, 256, 10];
const RATES = [0.1307, 0.1, 0.1];
const STEPS = [1, 2, 5, 10, 20, 50];
const RATIOS: readonly [string, 'operations' | 'total', readonly string[]][] = [
  ['lemaire-45nm-int32', 'operations', ['0.004', '0.01', '0.02', '0.04', '0.08', '0.21']],
  ['lemaire-45nm-int32', 'total', ['0.17', '0.33', '0.83', '1.67', '3.34', '8.34']],
  ['lemaire-45nm-int8', 'operations', ['0.02', '0.03', '0.09', '0.17', '0.34', '0.86']],
  ['lemaire-45nm-int8', 'total', ['0.24', '0.49', '1.21', '2.43', '4.86', '12.1']],
];

for (const [id, part, printed] of RATIOS) {
  test(`${id}: spiking over ANN, ${part}, at T = ${STEPS.join(', ')}`, () => {
    const cost =
      part === 'total' ? (trace: ActivityTrace) => estimate(trace, id).total : (t: ActivityTrace) => operations(t, id);
    const ann = cost(denseAnn(SIZES));
    const ratios = STEPS.map((timesteps, index) => {
      const digits = printed[index]!.split('.')[1]!.length;
      return (cost(spikingNetwork(SIZES, RATES, timesteps)) / ann).toFixed(digits);
    });
    assert.deepEqual(ratios, printed);
  });
}

test('the ANN costs 17.4 uJ in int32 and 6.3 uJ in int8', () => {
  const ann = denseAnn(SIZES);
  assert.equal((estimate(ann, 'lemaire-45nm-int32').total * 1e6).toFixed(1), '17.4');
  assert.equal((estimate(ann, 'lemaire-45nm-int8').total * 1e6).toFixed(1), '6.3');
});

test('an ANN that keeps its weights in place pays all but their reads; the spiking network pays as before', () => {
  const [ann, snn] = [denseAnn(SIZES), spikingNetwork(SIZES, RATES, 5)];
  const weights = estimate(ann, 'lemaire-45nm-int8').terms.find(({ term }) => term === 'weights')!.energy;
  const saved = estimate(ann, 'lemaire-45nm-int8').total - estimate(ann, 'lemaire-45nm-int8-ann-reuse').total;
  assert.ok(Math.abs(saved - weights) < 1e-9 * weights);
  assert.equal(estimate(snn, 'lemaire-45nm-int8').total, estimate(snn, 'lemaire-45nm-int8-ann-reuse').total);
});

test('a leak adds one multiply-accumulate a neuron and step', () => {
  const leaky = operations(spikingNetwork([9, 7], [0.5, 0.5], 4, true), 'lemaire-45nm-int32');
  const plain = operations(spikingNetwork([9, 7], [0.5, 0.5], 4), 'lemaire-45nm-int32');
  assert.ok(Math.abs(leaky - plain - 7 * 4 * 3.2e-12) < 1e-20);
});

test('a constant analog input is multiplied once, stored, and read at every step', () => {
  const snn = spikingNetwork([9, 7], [0.5, 0], 4);
  const [first, ...rest] = snn.layers;
  const analog = { ...first!, input: 'analog', executions: 1, nonzeroIn: [9], nonzeroInPerSample: [9] } as never;
  const { terms } = estimate({ ...snn, layers: [analog, ...rest] }, 'lemaire-45nm-int8');
  const of = (term: string): number => terms.find((each) => each.term === term)!.energy;
  const access = (words: number): number => (13.2 + 1.09e-5 * words * 8) * 1e-12;
  const close = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-9 * expected);
  close(of('operations'), (63 * 0.23 + 7 * 0.03 + 7 * 4 * 0.03) * 1e-12);
  close(of('weights'), 63 * access(63));
  close(of('inputs and outputs'), 9 * access(9) + (7 + 28) * access(7));
  close(of('potentials'), 2 * 28 * access(7));
});

test('recurrent synapses are fetched, added and addressed like any other', () => {
  const plain = spikingNetwork([9, 7], [0.5, 0.5], 4);
  const [dense, neuron] = plain.layers;
  const fedBack = { recurrent: 'all-to-all', recurrentSpikesPerSample: [10.5] };
  const looped = { ...plain, layers: [dense!, { ...neuron!, ...fedBack } as never] };
  const extra = estimate(looped, 'lemaire-45nm-int8').total - estimate(plain, 'lemaire-45nm-int8').total;
  const access = (words: number): number => 13.2 + 1.09e-5 * words * 8;
  const acs = 10.5 * 7;
  const expected = acs * 0.03 * 2 + acs * access(49) + 2 * acs * access(7) + 10.5 * access(1024);
  assert.ok(Math.abs(extra * 1e12 - expected) < 1e-6 * expected);
});
