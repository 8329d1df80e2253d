// What accumulates over the batches of one simulation.

import { type Dataset, stageSamples } from '../data/index.ts';
import type { Program } from '../engine/index.ts';
import type { Lowered } from '../lower/index.ts';
import type { DecoderSpec, NetworkSpec, Weights } from '../model/index.ts';
import { accuracyOf, confusionOf } from './accuracy.ts';
import { confidences } from './confidence.ts';
import { checkOutputs, decode, readsMembrane } from './decode.ts';
import { EarlyStopTally } from './early-stop.ts';
import type { NeuronTally } from './neuron-tally.ts';
import type { SimulateOptions, SimulationResult } from './options.ts';
import type { Raster } from './raster.ts';
import { readsOf } from './reads.ts';
import type { ReadTensor, Tally } from './tally.ts';
import { tallyOf } from './tally-of.ts';
import type { ActivityTrace } from './trace.ts';
import { neuronsToWatch, type WatchedNeuron, watchSample } from './watch.ts';

const RASTER_NEURONS = 4096;

/** What is run, and how its output is read. */
export interface Subject {
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly lowered: Lowered;
  readonly dataset: Dataset;
  readonly decoder: DecoderSpec['kind'] | 'logits';
}

export class SimulationRun {
  private readonly subject: Subject;
  private readonly options: SimulateOptions;
  private readonly tallies: readonly (Tally | NeuronTally)[];
  private readonly predictions: readonly Int16Array[];
  private readonly stops: EarlyStopTally | undefined;
  private readonly rasters: Raster[] = [];
  private readonly watched: WatchedNeuron[] = [];
  private scratch: Float32Array = new Float32Array(0);
  private readonly outputs: Float32Array | undefined;
  /** Wall time of each `run` call. */
  readonly seconds: number[] = [];

  constructor(subject: Subject, options: SimulateOptions) {
    const { lowered, weights, dataset } = subject;
    this.subject = subject;
    this.options = options;
    this.predictions = Array.from({ length: options.timesteps }, () => new Int16Array(dataset.samples));
    this.tallies = lowered.probes.map((probe) => tallyOf(probe, lowered, weights, options));
    this.outputs = options.keepOutputs ? new Float32Array(dataset.samples * lowered.outputs.features) : undefined;
    this.stops =
      options.earlyStop && new EarlyStopTally(options.earlyStop, dataset.samples, options.timesteps, lowered.probes);
  }

  batch(program: Program, from: number, to: number, clock: () => number): void {
    const samples = to - from;
    const input = stageSamples(this.subject.dataset, from, to);
    const sampleIds = Uint32Array.from({ length: samples }, (_, i) => from + i);
    const started = clock();
    program.run({ samples, input, sampleIds, seed: this.options.seed ?? 0, epoch: 0 });
    this.seconds.push(clock() - started);
    const read = this.reader(program);
    this.readOutputs(read, from, samples);
    for (const tally of this.tallies) tally.add(read, samples);
    const rasters = Math.min(to, this.options.rasterSamples ?? 0);
    for (let sample = from; sample < rasters; sample++) this.rasters.push(this.raster(read, sample, from));
    this.watch(read, from, to);
  }

  finish(bytes: number, totalSeconds: number): SimulationResult {
    const { dataset, decoder } = this.subject;
    const { labels, classes } = dataset;
    const predictions = this.predictions.at(-1)!;
    const bySteps = this.predictions.map((step) => accuracyOf(step, labels));
    const trace = this.trace();
    return {
      mode: this.options.mode,
      timesteps: this.options.timesteps,
      encoder: this.options.encoder?.kind ?? 'constant',
      decoder,
      predictionsByStep: this.predictions,
      predictions,
      accuracy: accuracyOf(predictions, labels),
      ...(this.outputs && { outputs: this.outputs }),
      accuracyByStep: bySteps.map(({ value }) => value),
      undecidedByStep: bySteps.map(({ undecided }) => undecided),
      confusion: confusionOf(predictions, labels, classes.length),
      trace,
      rates: this.firing().map((tally) => ({ layer: tally.layer, rates: tally.rates() })),
      rasters: this.rasters,
      watched: this.watched,
      earlyStops: this.stops?.finish(trace, labels) ?? [],
      seconds: this.seconds.reduce((sum, each) => sum + each, 0),
      totalSeconds,
      bytes,
    };
  }

  private trace(): ActivityTrace {
    const { spec, lowered, dataset } = this.subject;
    const reads = readsOf(spec, lowered.probes);
    return {
      mode: this.options.mode,
      samples: dataset.samples,
      timesteps: this.options.timesteps,
      layers: this.tallies.map((tally, index) => {
        const from = reads[index];
        return { ...tally.finish(), ...(from && { reads: from }) };
      }),
    };
  }

  private firing(): NeuronTally[] {
    return this.tallies.filter((tally): tally is NeuronTally => 'fires' in tally && tally.fires);
  }

  /** Tensors are read into one array, as large as the largest yet. */
  private reader(program: Program): ReadTensor {
    return (id) => {
      const values = program.tensor(id, this.scratch);
      if (values instanceof Float32Array && values.length > this.scratch.length) this.scratch = values;
      return values;
    };
  }

  private readOutputs(read: ReadTensor, from: number, samples: number): void {
    const { lowered, decoder } = this.subject;
    const { logits, membrane, spikes, layer, features } = lowered.outputs;
    const shape = { samples, timesteps: this.options.timesteps, classes: features };
    const kind = decoder === 'logits' ? 'last-membrane' : decoder;
    const values = read((decoder === 'logits' ? logits : readsMembrane(kind) ? membrane : spikes)!);
    checkOutputs(layer, values, shape, from);
    decode(kind, values, shape, this.predictions, from);
    this.keepOutputs(values, from, samples);
    if (this.stops === undefined) return;
    const confidence = confidences(this.options.earlyStop!.rule, kind, values, shape);
    this.stops.add(read, confidence, this.predictions, from, samples);
  }

  private keepOutputs(values: ArrayLike<number>, from: number, samples: number): void {
    const { outputs } = this;
    if (outputs === undefined) return;
    const { features } = this.subject.lowered.outputs;
    const stride = values.length / samples;
    for (let sample = 0; sample < samples; sample++)
      for (let i = 0; i < features; i++)
        outputs[(from + sample) * features + i] = values[(sample + 1) * stride - features + i]!;
  }

  private raster(read: ReadTensor, sample: number, from: number): Raster {
    const most = this.options.rasterNeurons ?? RASTER_NEURONS;
    return {
      sample,
      label: this.subject.dataset.labels[sample]!,
      prediction: this.predictions.at(-1)![sample]!,
      layers: this.firing().map((tally) => tally.raster(read, sample - from, most)),
    };
  }

  private watch(read: ReadTensor, from: number, to: number): void {
    const { watch, timesteps } = this.options;
    if (watch === undefined) return;
    const { spec, lowered } = this.subject;
    const neurons = neuronsToWatch(spec, watch);
    for (let sample = from; sample < Math.min(to, watch.samples ?? 1); sample++)
      this.watched.push(...watchSample(neurons, lowered.probes, read, { index: sample - from, sample, timesteps }));
  }
}
