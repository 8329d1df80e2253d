// A published comparison of ANN and SNN on MNIST (784-256-10 and wider; T = 5, 20, 50) prints energies in kWh. Its spiking rows are
//   kWh = 10 T (0.58e-12 AC + 1.6e-12) / 3.6e6,  AC = T * neurons
// to the printed digits. Three slips in one line: the factor 10 (a kilowatt hour is 3.6e6 J), T twice (AC contains it already),
// and AC that counts neurons, not synapses. The ANN rows have the factor 10 alone. Here the printed rows are reproduced with the
// slips, and the same network is counted as it runs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joules, toKilowattHours } from '../../src/core/index.ts';
import { countOperations, energyOfOne, estimateEnergy, profile } from '../../src/measure/index.ts';
import { denseAnn, spikingNetwork } from '../fixtures/example-traces.ts';

const ADD = energyOfOne('claimed-t4-ac');
const MAC = energyOfOne('claimed-t4-mac');

const asPublished = (neurons: number, timesteps: number): number =>
  (10 * timesteps * (ADD * timesteps * neurons + MAC)) / 3.6e6;

const spikingEnergy = (timesteps: number) => {
  const trace = spikingNetwork([784, 256, 10], [0.1307, 0.1, 0], timesteps);
  const { terms } = estimateEnergy(countOperations(trace, { zeroSkipping: true }), trace, profile('claimed-t4'));
  return terms.find(({ term }) => term === 'synapses')!.energy;
};

test('the printed accumulations are neurons times steps, for three networks and three T', () => {
  // Implied by the printed kWh, to five digits.
  const implied: readonly [number, readonly number[]][] = [
    [256 + 10, [1329.99, 5319.97, 13299.9]],
    [512 + 256 + 64 + 10, [4209.99, 16840.0, 42099.9]],
    [2000 + 500 + 64 + 16 + 10, [12949.8, 51796.9, 129498]],
  ];
  for (const [neurons, rows] of implied) {
    rows.forEach((accumulations, index) => {
      const timesteps = [5, 20, 50][index]!;
      const kilowattHours = (10 * timesteps * (ADD * accumulations + MAC)) / 3.6e6;
      const slip = asPublished(neurons, timesteps);
      assert.ok(Math.abs(slip / kilowattHours - 1) < 1e-4, `${neurons} neurons, T = ${timesteps}`);
    });
  }
});

test('the published ratios 84, 5.3 and 0.84 follow from the flawed formula', () => {
  const ann = (10 * MAC * 203_520) / 3.6e6;
  assert.ok(Math.abs(ann - 9.0453e-13) < 1e-16);
  const ratios = [5, 20, 50].map((timesteps) => (ann / asPublished(266, timesteps)).toPrecision(2));
  assert.deepEqual(ratios, ['84', '5.3', '0.84']);
});

test('a kilowatt hour is 3.6e6 J: the printed ANN row is ten times too large', () => {
  const printed = 9.0453e-13;
  const counted = toKilowattHours(joules(MAC * 203_520));
  assert.ok(Math.abs(printed / counted - 10) < 1e-3);
});

test('the printed count holds one accumulation in a hundred', () => {
  const trace = spikingNetwork([784, 256, 10], [0.1307, 0.1, 0], 5);
  const { total } = countOperations(trace, { zeroSkipping: true });
  assert.equal(Math.round(total.acs / (5 * 266)), 100);
});

test('counted as it runs, with the same constants, the advantage at T = 5 is 4x and gone near T = 21', () => {
  const ann = denseAnn([784, 256, 10]);
  const { terms } = estimateEnergy(countOperations(ann, { zeroSkipping: true }), ann, profile('claimed-t4'));
  const annEnergy = terms[0]!.energy;
  assert.deepEqual(
    [5, 20, 50].map((timesteps) => (annEnergy / spikingEnergy(timesteps)).toFixed(2)),
    ['4.23', '1.06', '0.42'],
  );
  assert.equal(Math.round(annEnergy / spikingEnergy(1)), 21);
});
