// Runs a network over the test set and works out everything the record says of it: accuracy, activity, counts, energy.

import { countOperations, estimateEnergy, viewsOf } from '../measure/index.ts';
import { countParameters } from '../model/index.ts';
import { type EarlyStopOptions, type SimulationResult, simulateNetwork } from '../simulate/index.ts';
import type { NetworkRecord, Reading } from '../store/index.ts';
import type { Candidate } from './candidate.ts';
import { readingsOf, sparseRates } from './readings.ts';
import { profilesNamed } from './reprice.ts';
import type { Workbench } from './workbench.ts';

/** Test samples whose spikes are kept one by one, for rasters. */
const RASTER_SAMPLES = 3;

/** Runs a network on the study's test set. Throws InterruptedError when stopped. */
export async function runOnTestSet(
  { study, backend, data, progress, signal }: Workbench,
  { name, spec, weights, reading, close = false }: Pick<Candidate, 'name' | 'spec' | 'weights' | 'reading' | 'close'>,
): Promise<SimulationResult> {
  progress.begin(`Test ${name}`, data.test.samples, 'images');
  const result = await simulateNetwork(backend, spec, weights, data.test, {
    mode: reading.kind === 'ann' ? 'ann' : 'snn',
    timesteps: reading.timesteps,
    encoder: reading.encoder,
    decoder: { kind: reading.decoder },
    seed: study.seed,
    rasterSamples: RASTER_SAMPLES,
    ...(close ? earlyStopOf(study, reading) : {}),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (done) => progress.update(done),
  });
  const { value } = result.accuracy;
  progress.end(`${(100 * value).toFixed(2)} % of ${data.test.samples} images, ${result.seconds.toFixed(1)} s`);
  return result;
}

/** Rules of the study, where the decoder grades its answers. */
function earlyStopOf(
  { earlyStop: { rule, thresholds } }: Workbench['study'],
  { kind, decoder }: Reading,
): { readonly earlyStop?: EarlyStopOptions } {
  if (kind === 'ann' || thresholds.length === 0 || decoder === 'first-spike') return {};
  return { earlyStop: { rule, threshold: thresholds } };
}

/** What the record says of a network that was run. Throws InterruptedError when stopped. */
export async function describeNetwork(
  bench: Workbench,
  candidate: Candidate,
  result: SimulationResult,
): Promise<NetworkRecord> {
  const { study } = bench;
  const { name, spec, reading } = candidate;
  const ledger = countOperations(result.trace, { zeroSkipping: study.zeroSkipping });
  return {
    name,
    kind: reading.kind,
    spec,
    timesteps: reading.timesteps,
    encoder: result.encoder,
    decoder: result.decoder,
    parameters: countParameters(spec, result.mode),
    accuracy: result.accuracy,
    accuracyByStep: result.accuracyByStep,
    confusion: result.confusion,
    training: candidate.training,
    conversion: candidate.conversion,
    trace: result.trace,
    ledger,
    views: viewsOf(result.trace, { spec }),
    energy: profilesNamed(study.energy).map((profile) => estimateEnergy(ledger, result.trace, profile)),
    inferSeconds: result.seconds,
    inferSamples: result.accuracy.samples,
    trainSeconds: candidate.trainSeconds,
    inferBytes: result.bytes,
    trainBytes: candidate.trainBytes,
    rasters: result.rasters,
    rates: result.rates.map(sparseRates),
    ...(candidate.diagnosis === undefined ? {} : { diagnosis: candidate.diagnosis }),
    ...(candidate.close === true && reading.kind !== 'ann' ? await readingsOf(bench, candidate, result) : {}),
  };
}
