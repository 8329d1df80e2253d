import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallCnn, smallCnnWeights, smallMaps } from '../../../test/fixtures/small-cnn.ts';
import { referenceBackend } from '../../engine/index.ts';
import { dense, integrator, lif, type NetworkSpec, network, recurrentLif, slot } from '../../model/index.ts';
import { type SimulateOptions, type SimulationResult, simulateNetwork } from '../../simulate/index.ts';
import { COLUMNS } from '../counts.ts';
import { countOperations } from '../ledger.ts';
import { PROFILES, profile } from '../profiles/index.ts';
import { earlyStopCurve } from './early-stop-savings.ts';
import { estimateEnergy } from './estimate-energy.ts';
import { firstSteps } from './first-steps.ts';
import { energyOverTime, operationsOverTime } from './over-time.ts';

const STEPS = 6;
const SAMPLES = 5;
const RATE = { kind: 'rate', gain: 1, offset: 0 } as const;
const skip = { zeroSkipping: true };
const data = smallMaps(SAMPLES);
const cnn = smallCnn();
const looped = network(
  'looped',
  [5, 7, 2],
  [
    { kind: 'flatten', name: 'flatten' },
    dense('fc1', 6),
    slot('r1', recurrentLif({ threshold: 0.4 })),
    dense('fc2', 3),
    slot('li', integrator()),
  ],
);

const run = (spec: NetworkSpec, options: Partial<SimulateOptions> = {}): Promise<SimulationResult> =>
  simulateNetwork(referenceBackend(), spec, smallCnnWeights(spec), data, {
    mode: 'snn',
    timesteps: STEPS,
    encoder: RATE,
    ...options,
  });
const energyOf = ({ trace }: SimulationResult, id: string): number =>
  estimateEnergy(countOperations(trace, skip), trace, profile(id)).total;
const close = (actual: number, expected: number, what = ''): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${what}: ${actual} is not ${expected}`);

for (const spec of [cnn, looped])
  for (const encoder of [RATE, { kind: 'constant' } as const])
    test(`${spec.name}, ${encoder.kind} input: after each step the same as a run of so many steps`, async () => {
      const whole = await run(spec, { encoder });
      const operations = operationsOverTime(whole.trace, skip);
      assert.ok(operations.at(-1)!.synops > operations[0]!.synops);
      for (let steps = 1; steps <= STEPS; steps++) {
        const shorter = await run(spec, { encoder, timesteps: steps });
        const { total } = countOperations(shorter.trace, skip);
        for (const column of COLUMNS)
          assert.ok(
            Math.abs(operations[steps - 1]!.counts[column] - total[column]) <= 1e-9 * total[column],
            `${column} after ${steps}`,
          );
        assert.equal(whole.accuracyByStep[steps - 1], shorter.accuracy.value);
        for (const { id } of PROFILES)
          close(energyOverTime(whole.trace, profile(id))[steps - 1]!.total, energyOf(shorter, id), id);
      }
    });

test('the last step is the total, exactly, and curves never fall', async () => {
  const { trace } = await run(cnn);
  const { total } = countOperations(trace, skip);
  const operations = operationsOverTime(trace, skip);
  assert.deepEqual(operations.at(-1)!.counts, total);
  assert.deepEqual(
    operations.map(({ steps }) => steps),
    [1, 2, 3, 4, 5, 6],
  );
  const perStep = countOperations(trace, skip).synopsByStep;
  let sum = 0;
  perStep.forEach((synops, step) => {
    sum += synops;
    close(operations[step]!.synops, sum);
  });
  for (const { id } of PROFILES) {
    const energy = energyOverTime(trace, profile(id));
    assert.equal(energy.at(-1)!.total, estimateEnergy(countOperations(trace, skip), trace, profile(id)).total);
    const joules = energy.map((estimate) => estimate.total);
    assert.deepEqual(
      joules.toSorted((a, b) => a - b),
      joules,
      id,
    );
  }
  assert.throws(() => firstSteps(trace, 7), /steps: got 7, expected a whole number from 1 to 6/);
});

for (const spec of [cnn, looped])
  test(`${spec.name}: stopped early, operations and energy are those of running each sample for its own steps`, async () => {
    const [rule, threshold] = ['margin', [0, 0.4, 1, 2, 1e9]] as const;
    const whole = await run(spec, { earlyStop: { rule, threshold }, batchSize: 2 });
    const by = profile('lemaire-45nm-int8');
    const curve = earlyStopCurve(whole.earlyStops, whole.trace, by);
    for (const [index, { steps }] of whole.earlyStops.entries()) {
      let [synops, energy] = [0, 0];
      for (let sample = 0; sample < SAMPLES; sample++) {
        // The random draws of an encoder belong to the sample: the others are run along and left out.
        const alone = await costOfSample(spec, sample, steps[sample]!);
        synops += alone.synops / SAMPLES;
        energy += alone.energy / SAMPLES;
      }
      close(curve[index]!.synops, synops, `synops at ${threshold[index]}`);
      close(curve[index]!.energy!, energy, `energy at ${threshold[index]}`);
    }
    const never = curve.at(-1)!;
    assert.deepEqual([never.meanSteps, never.stepsSaved], [STEPS, 0]);
    close(never.energy!, energyOf(whole, by.id));
    assert.ok(Math.abs(never.synopsSaved) < 1e-12 && Math.abs(never.energySaved!) < 1e-12);
    assert.ok(curve[0]!.energySaved! > 0 && curve[0]!.meanSteps < STEPS);
    for (let i = 1; i < curve.length; i++) assert.ok(curve[i]!.meanSteps >= curve[i - 1]!.meanSteps);
  });

/** One sample of the data, as its first and only sample would differ in its draws: the cost is the difference of two runs. */
async function costOfSample(spec: NetworkSpec, sample: number, timesteps: number) {
  const cost = async (samples: number): Promise<{ synops: number; energy: number }> => {
    if (samples === 0) return { synops: 0, energy: 0 };
    const result = await simulateNetwork(
      referenceBackend(),
      spec,
      smallCnnWeights(spec),
      { ...data, samples },
      {
        mode: 'snn',
        timesteps,
        encoder: RATE,
      },
    );
    const { total } = countOperations(result.trace, skip);
    return { synops: (total.macs + total.acs) * samples, energy: energyOf(result, 'lemaire-45nm-int8') * samples };
  };
  const [upTo, before] = [await cost(sample + 1), await cost(sample)];
  return { synops: upTo.synops - before.synops, energy: upTo.energy - before.energy };
}

test('a profile that does not apply gives no energy, and no saving', async () => {
  const result = await run(smallCnn(lif({ threshold: 0.6 })), {
    encoder: { kind: 'constant' },
    earlyStop: { rule: 'probability', threshold: 0.5 },
  });
  const [point] = earlyStopCurve(result.earlyStops, result.trace, profile('loihi-1-minimum'));
  assert.deepEqual([point!.energy, point!.energySaved], [null, null]);
});
