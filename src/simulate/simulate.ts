// Runs a network over a dataset, in batches, and reads everything a comparison needs: predictions at every step, accuracy,
// activity, rasters, time. An ANN is run the same way, with one step.

import { ConfigError, InterruptedError, ShapeError } from '../core/index.ts';
import { type Dataset, stageSamples } from '../data/index.ts';
import type { Backend, Program } from '../engine/index.ts';
import { inputOf, type Lowered, lower, type Observe, type Probe, writeWeights } from '../lower/index.ts';
import { checkWeights, type DecoderSpec, type NetworkSpec, outputShape, sizeOf, type Weights } from '../model/index.ts';
import { accuracyOf, confusionOf } from './accuracy.ts';
import { checkOutputs, chooseDecoder, decode, readsMembrane } from './decode.ts';
import { denseTally, hasZeros } from './dense-tally.ts';
import { type NeuronTally, neuronTally } from './neuron-tally.ts';
import type { SimulateOptions, SimulationResult } from './options.ts';
import type { Raster } from './raster.ts';
import { encoderTally, reluTally, type Tally } from './tally.ts';

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
    const run = new Run(lowered, weights, dataset, options, decoder);
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

/** What accumulates over the batches of one simulation. */
class Run {
  private readonly lowered: Lowered;
  private readonly dataset: Dataset;
  private readonly options: SimulateOptions;
  private readonly decoder: DecoderSpec['kind'] | 'logits';
  private readonly tallies: readonly Tally[];
  private readonly neurons: NeuronTally[] = [];
  private readonly predictions: readonly Int16Array[];
  private readonly rasters: Raster[] = [];
  private seconds = 0;

  constructor(
    lowered: Lowered,
    weights: Weights,
    dataset: Dataset,
    options: SimulateOptions,
    decoder: DecoderSpec['kind'] | 'logits',
  ) {
    this.lowered = lowered;
    this.dataset = dataset;
    this.options = options;
    this.decoder = decoder;
    this.predictions = Array.from({ length: options.timesteps }, () => new Int16Array(dataset.samples));
    this.tallies = lowered.probes.map((probe) => this.tallyOf(probe, weights));
  }

  batch(program: Program, from: number, to: number, clock: () => number): void {
    const samples = to - from;
    const input = stageSamples(this.dataset, from, to);
    const sampleIds = Uint32Array.from({ length: samples }, (_, i) => from + i);
    const started = clock();
    program.run({ samples, input, sampleIds, seed: this.options.seed ?? 0, epoch: 0 });
    this.seconds += clock() - started;
    this.readOutputs(program, from, samples);
    for (const tally of this.tallies) tally.add(program, samples);
    const shown = Math.min(to, this.options.rasterSamples ?? 0);
    for (let sample = from; sample < shown; sample++) this.rasters.push(this.raster(program, sample, from));
  }

  finish(bytes: number, totalSeconds: number): SimulationResult {
    const { labels, samples, classes } = this.dataset;
    const predictions = this.predictions.at(-1)!;
    const bySteps = this.predictions.map((step) => accuracyOf(step, labels));
    return {
      mode: this.options.mode,
      timesteps: this.options.timesteps,
      encoder: this.options.encoder?.kind ?? 'constant',
      decoder: this.decoder,
      predictionsByStep: this.predictions,
      predictions,
      accuracy: accuracyOf(predictions, labels),
      accuracyByStep: bySteps.map(({ value }) => value),
      undecidedByStep: bySteps.map(({ undecided }) => undecided),
      confusion: confusionOf(predictions, labels, classes.length),
      trace: {
        mode: this.options.mode,
        samples,
        timesteps: this.options.timesteps,
        layers: this.tallies.map((tally) => tally.finish()),
      },
      rates: this.neurons.filter(({ fires }) => fires).map((tally) => ({ layer: tally.layer, rates: tally.rates() })),
      rasters: this.rasters,
      seconds: this.seconds,
      totalSeconds,
      bytes,
    };
  }

  private tallyOf(probe: Probe, weights: Weights): Tally {
    const { timesteps, encoder } = this.options;
    switch (probe.kind) {
      case 'encoder': {
        const rows = this.lowered.plan.tensors.find(({ id }) => id === probe.counts)!.rows;
        return encoderTally(probe, encoder?.kind ?? 'constant', rows === 'step' ? timesteps : 1);
      }
      case 'dense':
        return denseTally(probe, weights.get(`${probe.layer}/weight`)!);
      case 'relu':
        return reluTally(probe);
      case 'neuron': {
        const tally = neuronTally(probe, timesteps);
        this.neurons.push(tally);
        return tally;
      }
      default:
        throw new TypeError(`unknown probe ${probe satisfies never}`);
    }
  }

  private readOutputs(program: Program, from: number, samples: number): void {
    const { logits, membrane, spikes, layer, features } = this.lowered.outputs;
    const shape = { samples, timesteps: this.options.timesteps, classes: features };
    const kind = this.decoder === 'logits' ? 'last-membrane' : this.decoder;
    const values = program.tensor((this.decoder === 'logits' ? logits : readsMembrane(kind) ? membrane : spikes)!);
    checkOutputs(layer, values, shape, from);
    decode(kind, values, shape, this.predictions, from);
  }

  private raster(program: Program, sample: number, from: number): Raster {
    return {
      sample,
      label: this.dataset.labels[sample]!,
      prediction: this.predictions.at(-1)![sample]!,
      layers: this.neurons.filter(({ fires }) => fires).map((tally) => tally.raster(program, sample - from)),
    };
  }
}
