import assert from 'node:assert/strict';
import { test } from 'node:test';
import { denseAnn, spikingNetwork } from '../../../test/fixtures/example-traces.ts';
import { PROFILES } from '../profiles/index.ts';
import { int8Baseline, quantisedTwin, twinBits } from './baselines.ts';

const skip = { zeroSkipping: true };
const ann = denseAnn([784, 256, 10]);
const synapses = 203_264;

test('bits enough for T + 1 levels', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 7, 8, 15, 16, 20, 50, 255, 256].map(twinBits),
    [1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 8, 9],
  );
  assert.throws(() => twinBits(0), /timesteps: got 0, expected a whole number of at least 1/);
});

test('the int8 ANN pays 0.23 pJ a synapse', () => {
  const { energy, weightBits, activationBits } = int8Baseline(ann, skip);
  assert.deepEqual([weightBits, activationBits], [8, 8]);
  assert.ok(Math.abs(energy[0]!.terms[0]!.energy - synapses * 0.23e-12) < 1e-20);
  for (const { profile } of energy) assert.ok(PROFILES.some(({ id }) => id === profile));
});

test('the twin of T = 5 has 3 bits and pays 3/8 of the multiplier', () => {
  const twin = quantisedTwin(ann, 5, skip);
  assert.equal(twin.activationBits, 3);
  assert.ok(Math.abs(twin.energy[0]!.terms[0]!.energy - synapses * (0.03 + (0.2 * 3) / 8) * 1e-12) < 1e-20);
  assert.match(twin.note, /accuracy after quantisation was not measured; a 3-bit multiplier taken as 3\/8/);
});

test('at 8 bits the twin costs what the int8 ANN costs, by every profile', () => {
  const [twin, int8] = [quantisedTwin(ann, 255, skip), int8Baseline(ann, skip)];
  twin.energy.forEach((estimate, index) => {
    const expected = int8.energy[index]!;
    assert.equal(estimate.profile, expected.profile);
    assert.ok(Math.abs(estimate.total - expected.total) < 1e-12 * expected.total);
  });
});

test('a baseline is made of an ANN', () => {
  assert.throws(
    () => int8Baseline(spikingNetwork([4, 3], [0.5, 0.5], 2), skip),
    /baseline: got the trace of a spiking network, expected one of an ANN/,
  );
});
