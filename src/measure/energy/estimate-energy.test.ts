import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { denseAnn, spikingNetwork } from '../../../test/fixtures/example-traces.ts';
import { fromKilowattHours, picojoules, toKilowattHours } from '../../core/index.ts';
import type { ActivityTrace } from '../../simulate/index.ts';
import { COLUMNS, countsOf, type Ledger } from '../counts.ts';
import { countOperations } from '../ledger.ts';
import { type LinearProfile, PROFILES, profile, withTerm } from '../profiles/index.ts';
import { estimateEnergy } from './estimate-energy.ts';
import { linearTerms } from './linear.ts';

const of = (trace: ActivityTrace, id: string) =>
  estimateEnergy(countOperations(trace, { zeroSkipping: true }), trace, profile(id));

const close = (actual: number, expected: number, relative = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);

test('a network by hand: 3-2-1 IF at T = 2, 45 nm fp32', () => {
  const trace = spikingNetwork([3, 2, 1], [1, 0.5, 1], 2);
  const { total, terms, unpriced } = of(trace, 'horowitz-45nm-fp32');
  // synapses 3*2*2 + 1*2*1, biases 2*3, neurons: 6 additions + 6 comparisons + 4 resets
  assert.deepEqual(
    terms.map(({ term, energy }) => [term, Math.round(energy * 1e13) / 10]),
    [
      ['synapses', 12.6],
      ['biases', 5.4],
      ['neurons', 14.4],
      ['rectifiers', 0],
    ],
  );
  close(total, 32.4e-12);
  assert.deepEqual(unpriced, ['inputReads', 'weightReads', 'biasReads', 'stateReads', 'stateWrites', 'outputWrites']);
});

test('an ANN of 784-256-10 costs 203,264 multiply-accumulates', () => {
  const { terms } = of(denseAnn([784, 256, 10]), 'horowitz-45nm-fp32');
  close(terms[0]!.energy, 203_264 * 4.6e-12);
});

test('terms add up to the total, for every profile and both kinds of network', () => {
  for (const trace of [denseAnn([9, 7, 5]), spikingNetwork([9, 7, 5], [0.3, 0.2, 0.1], 6, true)]) {
    for (const { id } of PROFILES) {
      const { total, terms } = of(trace, id);
      close(
        terms.reduce((sum, { energy }) => sum + energy, 0),
        total,
      );
    }
  }
});

test('energy is linear in counts', () => {
  const linear = PROFILES.filter((each): each is LinearProfile => each.model === 'linear');
  const counts = fc
    .tuple(...COLUMNS.map(() => fc.integer({ min: 0, max: 1e6 })))
    .map((values) => countsOf(Object.fromEntries(COLUMNS.map((column, index) => [column, values[index]]))));
  const energy = (of: Parameters<typeof linearTerms>[0], by: LinearProfile): number =>
    linearTerms(of, by).reduce((sum, term) => sum + term.energy, 0);
  fc.assert(
    fc.property(
      counts,
      counts,
      fc.integer({ min: 0, max: 50 }),
      fc.constantFrom(...linear),
      (one, other, times, by) => {
        const both = countsOf(
          Object.fromEntries(COLUMNS.map((column) => [column, times * one[column] + other[column]])),
        );
        const expected = times * energy(one, by) + energy(other, by);
        assert.ok(Math.abs(energy(both, by) - expected) <= 1e-9 * expected + 1e-30);
      },
    ),
  );
});

test('T enters once: twice the steps at the same rates, twice the energy', () => {
  for (const id of ['horowitz-45nm-int8', 'lemaire-45nm-int8', 'loihi-1-minimum', 'truenorth-all-in', 'keras-cpu']) {
    const at = (timesteps: number) => of(spikingNetwork([9, 7, 5], [0.3, 0.2, 0.1], timesteps), id).total;
    close(at(22), 2 * at(11));
  }
});

test('an ANN does not run on a spiking chip, and the estimate says so', () => {
  for (const id of ['truenorth-all-in', 'loihi-1-minimum', 'keras-spinnaker2', 'odin-all-in']) {
    const estimate = of(denseAnn([4, 3]), id);
    assert.match(estimate.notApplicable ?? '', /runs spiking networks only; an ANN has to be converted first/);
    assert.equal(estimate.total, 0);
    assert.deepEqual(estimate.terms, []);
  }
});

test('a chip that prices spikes refuses analog input; what else goes unpriced is listed', () => {
  const spiking = spikingNetwork([4, 3], [0.5, 0.5], 3);
  const [first, ...rest] = spiking.layers;
  const analog: ActivityTrace = {
    ...spiking,
    layers: [{ ...first!, input: 'analog', executions: 1, nonzeroIn: [4], nonzeroInPerSample: [4] } as never, ...rest],
  };
  assert.match(
    of(analog, 'loihi-1-minimum').notApplicable ?? '',
    /no price for the analog input of "fc1"; encode the input/,
  );
  assert.equal(of(analog, 'loihi-1-minimum').total, 0);
  const encoded: ActivityTrace = {
    ...spiking,
    layers: [
      { kind: 'encoder', layer: 'input', encoder: 'rate', features: 4, nonzeroOut: [2, 2, 2] },
      ...spiking.layers,
    ],
  };
  assert.deepEqual(of(encoded, 'keras-loihi').unpriced, ['encoderOps']);
  assert.deepEqual(of(encoded, 'lemaire-45nm-int8').unpriced, ['compares', 'encoderOps']);
});

test('a CPU pays a dense pass at every step, whatever the spike rate', () => {
  const at = (rate: number) => of(spikingNetwork([4, 3], [rate, 0.5], 5), 'keras-cpu').total;
  assert.equal(at(0), at(1));
  close(at(0), 8.6e-9 * (4 * 3 * 5 + 3 * 5));
});

test('nothing is added to an all-in profile', () => {
  const routing = { outputWrites: picojoules(2.3) };
  assert.throws(() => withTerm(profile('truenorth-all-in'), 'routing', routing), {
    name: 'UnsupportedError',
    message: /profile "truenorth-all-in": is all-in .* so "routing" is already in it; use a marginal profile/,
  });
  assert.throws(
    () => withTerm(profile('lemaire-45nm-int8'), 'routing', routing),
    /profile "lemaire-45nm-int8": its terms are fixed by its model; add terms to a linear profile/,
  );
  const loihi = withTerm(profile('loihi-1-minimum'), 'routing', { outputWrites: picojoules(1.7) });
  const trace = spikingNetwork([4, 3], [0.5, 0.5], 2);
  const estimate = estimateEnergy(countOperations(trace, { zeroSkipping: true }), trace, loihi);
  close(estimate.terms[2]!.energy, 3 * 1.7e-12);
});

test('a negative or endless energy stops', () => {
  const trace = spikingNetwork([4, 3], [0.5, 0.5], 2);
  const ledger = countOperations(trace, { zeroSkipping: true });
  const broken = (acs: number): Ledger => ({ ...ledger, total: { ...ledger.total, acs } });
  const by = profile('truenorth-all-in');
  assert.throws(() => estimateEnergy(broken(-1), trace, by), {
    name: 'NumericError',
    message: /profile "truenorth-all-in": term "synapses" is -2.6e-11 J, expected a finite energy of at least 0/,
  });
  assert.throws(() => estimateEnergy(broken(Number.NaN), trace, by), /term "synapses" is NaN J/);
});

test('a ledger of another trace is refused', () => {
  const trace = spikingNetwork([4, 3], [0.5, 0.5], 2);
  const other = countOperations(denseAnn([4, 3]), { zeroSkipping: true });
  assert.throws(() => estimateEnergy(other, trace, profile('keras-cpu')), /the ledger is not of this trace; count the/);
});

test('joules and kilowatt hours: there and back', () => {
  const energy = of(denseAnn([784, 256, 10]), 'horowitz-45nm-fp32').total;
  close(fromKilowattHours(toKilowattHours(energy)), energy);
  close(toKilowattHours(energy) * 3.6e6, energy);
});
