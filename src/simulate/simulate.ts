// Runs a network over a dataset, in batches, and reads everything a comparison needs: predictions at every step, accuracy,
// activity, rasters, time. An ANN is run the same way, with one step.

import { ConfigError, InterruptedError, ShapeError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import { inputOf, type Lowered, lower, type Observe, writeWeights } from '../lower/index.ts';
import { checkWeights, type DecoderSpec, type NetworkSpec, outputShape, sizeOf, type Weights } from '../model/index.ts';
import { batchSizeFor } from './batch-size.ts';
import { checkGraded } from './confidence.ts';
import { chooseDecoder, readsMembrane } from './decode.ts';
import { thresholdsOf } from './early-stop.ts';
import type { SimulateOptions, SimulationResult } from './options.ts';
import { SimulationRun } from './run.ts';
import { hasZeros } from './synapse-tally.ts';
import { neuronsToWatch } from './watch.ts';

/** Milliseconds of work after which the event loop gets its turn. */
const TURN = 20;

/**
 * Runs `spec` with `weights` over all samples of `dataset`. Yields to the event loop now and then. Results do not depend
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
  const { result } = await simulateBatches(backend, { spec, weights, dataset }, options);
  return result;
}

/** The same, with the wall time of each batch's `run` call. `warmup` batches are run before, and forgotten. */
export async function simulateBatches(
  backend: Backend,
  { spec, weights, dataset }: { readonly spec: NetworkSpec; readonly weights: Weights; readonly dataset: Dataset },
  options: SimulateOptions,
  warmup = 0,
): Promise<{ readonly result: SimulationResult; readonly seconds: readonly number[] }> {
  const clock = options.clock ?? (() => performance.now() / 1000);
  const started = clock();
  checkFit(spec, weights, dataset, options);
  const decoder = decoderOf(spec, options);
  checkReadings(spec, options, decoder);
  const lowered = lowerForSimulation(spec, weights, dataset, options, decoder);
  const batchSize = Math.min(batchSizeFor(lowered.plan, options.batchSize), dataset.samples);
  const program = backend.compile(lowered.plan, { samples: batchSize });
  try {
    writeWeights(program, lowered, weights);
    const subject = { spec, weights, lowered, dataset, decoder };
    for (let i = 0; i < warmup; i++) new SimulationRun(subject, options).batch(program, 0, batchSize, clock);
    const run = new SimulationRun(subject, options);
    let turn = performance.now();
    for (let from = 0; from < dataset.samples; from += batchSize) {
      if (performance.now() - turn > TURN) {
        await breathe();
        turn = performance.now();
      }
      if (options.signal?.aborted)
        throw new InterruptedError(`simulate: stopped on request after ${from} of ${dataset.samples} samples`);
      const to = Math.min(from + batchSize, dataset.samples);
      run.batch(program, from, to, clock);
      options.onProgress?.(to, dataset.samples);
    }
    return { result: run.finish(program.bytes, clock() - started), seconds: run.seconds };
  } finally {
    program.close();
  }
}

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Throws ConfigError for readings that make no sense. */
function checkReadings(
  spec: NetworkSpec,
  { mode, earlyStop, watch, keepOutputs, rateSamples = 1 }: SimulateOptions,
  decoder: DecoderSpec['kind'] | 'logits',
): void {
  if (!Number.isInteger(rateSamples) || rateSamples < 1)
    throw new ConfigError('rateSamples', `got ${rateSamples}, expected a whole number of at least 1`);
  if (earlyStop !== undefined) {
    thresholdsOf(earlyStop);
    checkGraded(decoder);
  }
  if (keepOutputs && decoder !== 'logits' && !readsMembrane(decoder))
    throw new ConfigError(
      'keepOutputs',
      `got a network read by ${decoder}, expected one read by its membrane or its logits; use a membrane decoder`,
    );
  if (watch === undefined) return;
  neuronsToWatch(spec, watch);
  if (mode === 'ann') throw new ConfigError('watch', 'got an ANN, which has no membranes; simulate a spiking network');
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
  const wanted = options.watch?.neurons.map(({ layer }) => layer) ?? [];
  const end = spec.layers.findLast(({ kind }) => kind === 'dense' || kind === 'slot');
  const readsEnd = decoder !== 'logits' && readsMembrane(decoder);
  const membranes: Observe = options.membraneChanges
    ? { membranes: 'all' }
    : wanted.length > 0
      ? { membranes: readsEnd && end !== undefined ? [...wanted, end.name] : wanted }
      : readsEnd
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
