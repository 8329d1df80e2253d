// After a conversion: the ANN and its spiking network run over the same samples, compared layer by layer.

import type { Dataset } from '../../data/index.ts';
import type { Backend } from '../../engine/index.ts';
import type { EncoderSpec, NetworkSpec, Weights } from '../../model/index.ts';
import type { ConvertedNetwork } from '../convert.ts';
import { forEachBatch, samplesOf } from '../run-batches.ts';
import { accuracyOf, classesOf } from './accuracy.ts';
import { findingsOf } from './advice.ts';
import { Comparison } from './comparison.ts';
import type { ConversionDiagnosis, TriedFix } from './diagnosis.ts';
import { type FixTrials, tryFixes } from './fixes.ts';

export interface DiagnoseOptions {
  readonly timesteps: number;
  /** Samples compared, from the first on. Default all, at most 256. */
  readonly samples?: number;
  /** Default constant, which is what conversion assumes. */
  readonly encoder?: EncoderSpec;
  /** What was converted and how, to try other ways; absent: no fixes are tried. */
  readonly fixes?: FixTrials;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const DEFAULT_SAMPLES = 256;

/**
 * Compares `converted` with the ANN (`spec`, `weights`) it was made from. Throws ConfigError, and InterruptedError when stopped.
 */
export async function diagnoseConversion(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  converted: ConvertedNetwork,
  dataset: Dataset,
  options: DiagnoseOptions,
): Promise<ConversionDiagnosis> {
  const { timesteps, encoder } = options;
  const samples = samplesOf(dataset, options.samples ?? Math.min(DEFAULT_SAMPLES, dataset.samples));
  const run = { what: 'diagnose', samples, ...(options.signal && { signal: options.signal }) };
  const annAccuracy = await accuracyOf(backend, { spec, weights, mode: 'ann', timesteps: 1 }, dataset, run);
  const comparison = new Comparison(backend, converted, dataset, timesteps, samples);
  /** On samples of their own number, against the accuracy on just those. */
  const tried = async (trials: FixTrials): Promise<readonly TriedFix[]> => {
    const own = { ...run, samples: samplesOf(dataset, trials.samples ?? samples) };
    const before = await accuracyOf(backend, { ...converted, mode: 'snn', timesteps }, dataset, own);
    return tryFixes(backend, spec, weights, dataset, { ...trials, timesteps, accuracy: before }, own);
  };
  let right = 0;
  try {
    await forEachBatch(
      backend,
      { ...comparison.spiking, ...(encoder && { encoder }) },
      dataset,
      { ...run, batchSize: comparison.batchSize, ...(options.onProgress && { onProgress: options.onProgress }) },
      (program, lowered, from, to) => {
        comparison.add(program, lowered, dataset, from, to);
        const classes = classesOf(program, lowered, to - from, timesteps);
        classes.forEach((predicted, k) => {
          if (predicted === dataset.labels[from + k]) right++;
        });
      },
    );
  } finally {
    comparison.close();
  }
  const layers = comparison.finish();
  const accuracy = right / samples;
  const fixes = options.fixes ? await tried(options.fixes) : [];
  const findings = findingsOf({ timesteps, annAccuracy, accuracy, layers, fixes });
  return { timesteps, samples, annAccuracy, accuracy, layers, findings, fixes };
}
