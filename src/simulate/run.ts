// What accumulates over the batches of one simulation.

import { type Dataset, stageSamples } from '../data/index.ts';
import type { Program } from '../engine/index.ts';
import type { Lowered, Probe } from '../lower/index.ts';
import type { DecoderSpec, Weights } from '../model/index.ts';
import { accuracyOf, confusionOf } from './accuracy.ts';
import { checkOutputs, decode, readsMembrane } from './decode.ts';
import { denseTally } from './dense-tally.ts';
import { type NeuronTally, neuronTally } from './neuron-tally.ts';
import type { SimulateOptions, SimulationResult } from './options.ts';
import type { Raster } from './raster.ts';
import { encoderTally, reluTally, type Tally } from './tally.ts';

export class SimulationRun {
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
