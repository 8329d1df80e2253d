// Runs a network over a dataset, in batches, and reads everything a comparison needs: predictions at every step, accuracy,
// activity, rasters, time. An ANN is run the same way, with one step.

import { ConfigError, InterruptedError, ShapeError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import { inputOf, type Lowered, lower, type Observe, writeWeights } from '../lower/index.ts';
import { checkWeights, type DecoderSpec, type NetworkSpec, outputShape, sizeOf, type Weights } from '../model/index.ts';
import { chooseDecoder, readsMembrane } from './decode.ts';
import { hasZeros } from './dense-tally.ts';
import type { SimulateOptions, SimulationResult } from './options.ts';
import { SimulationRun } from './run.ts';

const DEFAULT_BATCH = 256;

/**
 * Runs `spec` with `weights` over all samples of `dataset`. Yields to the event loop between batches. Results do not depend
 * on the batch size or the number of threads. Throws ConfigError and ShapeError for what does not fit together, NumericError
 * for outputs that are no numbers, InterruptedError when stopped.
 */
export async function simulateNetwork(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  options: SimulateOptions,
): Promise<SimulationResult> {
  const clock = options.clock ?? (() => performance.now() / 1000);
  const started = clock();
  checkFit(spec, weights, dataset, options);
  const decoder = decoderOf(spec, options);
  const batchSize = Math.min(batchSizeOf(options), dataset.samples);
  const lowered = lowerForSimulation(spec, weights, dataset, options, decoder);
  const program = backend.compile(lowered.plan, { samples: batchSize });
  try {
    writeWeights(program, lowered, weights);
    const run = new SimulationRun(lowered, weights, dataset, options, decoder);
    for (let from = 0; from < dataset.samples; from += batchSize) {
      if (from > 0) await breathe();
      if (options.signal?.aborted)
        throw new InterruptedError(`simulate: stopped on request after ${from} of ${dataset.samples} samples`);
      const to = Math.min(from + batchSize, dataset.samples);
      run.batch(program, from, to, clock);
      options.onProgress?.(to, dataset.samples);
    }
    return run.finish(program.bytes, clock() - started);
  } finally {
    program.close();
  }
}

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function batchSizeOf({ batchSize = DEFAULT_BATCH }: SimulateOptions): number {
  if (Number.isInteger(batchSize) && batchSize >= 1) return batchSize;
  throw new ConfigError('batchSize', `got ${batchSize}, expected a whole number of at least 1`);
}

function checkFit(spec: NetworkSpec, weights: Weights, dataset: Dataset, options: SimulateOptions): void {
  const [input, sample] = [sizeOf(spec.input), sizeOf(dataset.shape)];
  if (input !== sample)
    throw new ShapeError(
      `network "${spec.name}": input [${spec.input.join(', ')}] has ${input} values, a sample of "${dataset.name}" [${dataset.shape.join(', ')}] has ${sample}; use a network made for this data`,
    );
  const outputs = sizeOf(outputShape(spec));
  if (outputs !== dataset.classes.length)
    throw new ShapeError(
      `network "${spec.name}": has ${outputs} outputs, "${dataset.name}" has ${dataset.classes.length} classes; give the last layer one unit for each class`,
    );
  if (dataset.samples === 0)
    throw new ConfigError('dataset', `"${dataset.name}" has no samples, expected at least one`);
  if (dataset.timesteps !== undefined && dataset.timesteps !== options.timesteps)
    throw new ConfigError(
      'timesteps',
      `got ${options.timesteps}, expected ${dataset.timesteps}: the samples of "${dataset.name}" are sequences of that length`,
    );
  checkWeights(spec, weights, options.mode);
}

function decoderOf(spec: NetworkSpec, { mode, decoder }: SimulateOptions): DecoderSpec['kind'] | 'logits' {
  if (mode === 'ann') return 'logits';
  const last = spec.layers.findLast(({ kind }) => kind === 'dense' || kind === 'slot');
  return chooseDecoder(decoder, last?.kind === 'slot' && last.neuron.threshold !== null);
}

function lowerForSimulation(
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  options: SimulateOptions,
  decoder: DecoderSpec['kind'] | 'logits',
): Lowered {
  const zeros = spec.layers.some(({ name }) => hasZeros(weights.get(`${name}/weight`) ?? new Float32Array(0)));
  const membranes: Observe = options.membraneChanges
    ? { membranes: 'all' }
    : decoder !== 'logits' && readsMembrane(decoder)
      ? { membranes: 'output' }
      : {};
  return lower(spec, {
    mode: options.mode,
    timesteps: options.timesteps,
    ...(options.encoder && { encoder: options.encoder }),
    input: inputOf(dataset),
    purpose: 'infer',
    observe: { counts: true, spikes: 'all', inputs: zeros ? 'all' : 'analog', ...membranes },
  });
}
