// Runs a network over the test set and works out everything the record says of it: accuracy, activity, counts, energy.

import { countOperations, estimateEnergy, viewsOf } from '../measure/index.ts';
import { countParameters, type NetworkSpec, type Weights } from '../model/index.ts';
import { type SimulationResult, simulateNetwork } from '../simulate/index.ts';
import type { ConversionRecord, NetworkRecord, Reading, TrainingRecord } from '../store/index.ts';
import { profilesNamed } from './reprice.ts';
import type { Workbench } from './workbench.ts';

/** Test samples whose spikes are kept one by one, for rasters. */
const RASTER_SAMPLES = 3;

/** A network ready to be run, and how it came to be. */
export interface Candidate {
  /** Unique within the run: `ANN`, `SNN T=20`. */
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly reading: Reading;
  readonly training: TrainingRecord | null;
  readonly trainSeconds: number | null;
  readonly trainBytes: number | null;
  readonly conversion: ConversionRecord | null;
}

/** Runs a network on the study's test set. Throws InterruptedError when stopped. */
export async function runOnTestSet(
  { study, backend, data, progress, signal }: Workbench,
  { name, spec, weights, reading }: Pick<Candidate, 'name' | 'spec' | 'weights' | 'reading'>,
): Promise<SimulationResult> {
  progress.begin(`Test ${name}`, data.test.samples, 'images');
  const result = await simulateNetwork(backend, spec, weights, data.test, {
    mode: reading.kind === 'ann' ? 'ann' : 'snn',
    timesteps: reading.timesteps,
    encoder: reading.encoder,
    decoder: { kind: reading.decoder },
    seed: study.seed,
    rasterSamples: RASTER_SAMPLES,
    ...(signal === undefined ? {} : { signal }),
    onProgress: (done) => progress.update(done),
  });
  const { value } = result.accuracy;
  progress.end(`${(100 * value).toFixed(2)} % of ${data.test.samples} images, ${result.seconds.toFixed(1)} s`);
  return result;
}

/** What the record says of a network that was run. */
export function describeNetwork(
  { study }: Pick<Workbench, 'study'>,
  candidate: Candidate,
  result: SimulationResult,
): NetworkRecord {
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
    rates: result.rates,
  };
}
