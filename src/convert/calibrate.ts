// Runs the ANN over calibration samples and measures how large the activations of each slot become.

import { ConfigError, InterruptedError, UnsupportedError } from '../core/index.ts';
import { type Dataset, stageSamples } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import { inputOf, lower, writeWeights } from '../lower/index.ts';
import type { NetworkSpec, Weights } from '../model/index.ts';
import type { CalibrateOptions, Scales } from './options.ts';
import { checkMode, scaleMeter } from './scale-meter.ts';

const DEFAULT_BATCH = 256;

/**
 * Scale of every slot of `spec` read as an ANN. A slot that is always zero gets 1; of an identity only the positive values are
 * measured, which is what spikes could carry. Throws ConfigError, NumericError, and
 * InterruptedError when stopped.
 */
export async function calibrate(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  options: CalibrateOptions,
): Promise<Scales> {
  checkMode(options);
  const samples = samplesOf(dataset, options);
  const batchSize = Math.min(samples, batchSizeOf(options));
  const slots = slotSources(spec);
  const lowered = lower(spec, {
    mode: 'ann',
    timesteps: 1,
    input: inputOf(dataset),
    purpose: 'infer',
    observe: { activations: [...slots.values()] },
  });
  const meters = [...slots].map(([slot, layer]) => ({
    slot,
    id: `${layer}@y`,
    rectify: slot !== layer,
    meter: scaleMeter(slot, options),
  }));
  const program = backend.compile(lowered.plan, { samples: batchSize });
  try {
    writeWeights(program, lowered, weights);
    for (let from = 0; from < samples; from += batchSize) {
      if (from > 0) await new Promise((resolve) => setTimeout(resolve, 0));
      if (options.signal?.aborted)
        throw new InterruptedError(`calibrate: stopped on request after ${from} of ${samples} samples`);
      const to = Math.min(from + batchSize, samples);
      program.run({ samples: to - from, input: stageSamples(dataset, from, to), seed: 0, epoch: 0 });
      for (const { id, rectify, meter } of meters) {
        const activations = program.tensor(id);
        meter.add(rectify ? activations.filter((x) => x > 0) : activations);
      }
      options.onProgress?.(to, samples);
    }
    return new Map(meters.map(({ slot, meter }) => [slot, meter.scale()]));
  } finally {
    program.close();
  }
}

/** The layer whose values are each slot's: a ReLU slot's own, for the identity those of the layer before. */
function slotSources(spec: NetworkSpec): Map<string, string> {
  const sources = new Map<string, string>();
  let before: string | undefined;
  for (const layer of spec.layers) {
    if (layer.kind === 'dense') before = layer.name;
    if (layer.kind !== 'slot') continue;
    if (layer.ann === 'relu') before = layer.name;
    if (before === undefined)
      throw new UnsupportedError(`slot "${layer.name}": stands before any dense layer; put one before it`);
    sources.set(layer.name, before);
  }
  return sources;
}

function samplesOf(dataset: Dataset, { samples = dataset.samples }: CalibrateOptions): number {
  if (!Number.isInteger(samples) || samples < 1)
    throw new ConfigError('samples', `got ${samples}, expected a whole number of at least 1`);
  if (samples > dataset.samples)
    throw new ConfigError('samples', `got ${samples}, but "${dataset.name}" has ${dataset.samples}; use at most that`);
  return samples;
}

function batchSizeOf({ batchSize = DEFAULT_BATCH }: CalibrateOptions): number {
  if (Number.isInteger(batchSize) && batchSize >= 1) return batchSize;
  throw new ConfigError('batchSize', `got ${batchSize}, expected a whole number of at least 1`);
}
