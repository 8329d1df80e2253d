// The layers of a network, forward: each reads the signals it names, in the memory layout its shape asks for.

import { UnsupportedError } from '../core/index.ts';
import {
  channelsOf,
  INPUT_NAME,
  inferShapes,
  type LayerShape,
  type LayerSpec,
  type NetworkSpec,
  type NeuronSpec,
  sizeOf,
} from '../model/index.ts';
import { lowerActivation } from './activation.ts';
import type { LoweredStep } from './backward.ts';
import { lowerBatchNorm } from './batch-norm.ts';
import type { LoweredLayer, PlanBuilder, Signal } from './builder.ts';
import { lowerConv } from './conv.ts';
import { lowerDense } from './dense.ts';
import { lowerDropout } from './dropout.ts';
import { lowerInput } from './encoder.ts';
import { type End, READOUT, READOUT_LAYER } from './end.ts';
import { lowerJoin } from './join.ts';
import type { LossOutput } from './loss.ts';
import { type LoweredNeuron, lowerNeuron, type NeuronUse, observed } from './neuron.ts';
import { lowerPool } from './pool.ts';
import { lowerReshape } from './reshape.ts';
import { lowerSoftmax } from './softmax.ts';

export class LoweredGraph {
  readonly input: Signal;
  /** What the last layer gives, flat. */
  readonly output: Signal;
  /** The last neuron layer: in a spiking network the one that is read. */
  last: LoweredNeuron | undefined;
  /** Probabilities of the classes, if the network ends in a softmax that somebody may read. */
  probabilities: string | undefined;
  /** What was lowered, in the order it runs. */
  readonly steps: LoweredStep[] = [];
  /** By layer, the output of those whose activations are observed. */
  readonly activations = new Map<string, string>();
  private readonly builder: PlanBuilder;
  private readonly use: (name: string) => NeuronUse;
  private readonly signals = new Map<string, Signal>();
  private readonly arranged = new Map<string, Signal>();
  private dropouts = 0;

  constructor(builder: PlanBuilder, spec: NetworkSpec, end: End, reads: LossOutput | undefined) {
    this.builder = builder;
    this.use = (name) => neuronUse(builder, name, end, reads);
    this.input = lowerInput(builder, sizeOf(spec.input));
    this.signals.set(INPUT_NAME, this.input);
    const shapes = inferShapes(spec);
    spec.layers.forEach((layer, i) => {
      this.take(layer, shapes[i]!);
    });
    const { layer, output } = shapes.at(-1)!;
    const signal = this.arrange(layer, this.signals.get(layer)!, channelsOf(output));
    this.output = end.readout ? this.readout(spec, signal) : signal;
  }

  private take(layer: LayerSpec, { from, inputs, output }: LayerShape): void {
    const read = from.map((name, i) => {
      const signal = this.signals.get(name)!;
      return this.isValueByValue(layer) ? signal : this.arrange(layer.name, signal, channelsOf(inputs[i]!));
    });
    const lowered = this.lowerLayer(layer, read, inputs[0]!, sizeOf(output));
    this.signals.set(layer.name, this.step(read, lowered));
    if (!this.builder.options.observe?.activations?.includes(layer.name)) return;
    this.activations.set(layer.name, this.builder.keep(lowered.y.id));
  }

  /** Layers to which a value's pixel does not matter read signals as they lie in memory. */
  private isValueByValue({ kind }: LayerSpec): boolean {
    return kind === 'flatten' || kind === 'dropout' || (kind === 'slot' && this.builder.options.mode === 'ann');
  }

  /** `x` in pixels of `channels`; a signal is arranged once, however many layers read it. */
  private arrange(layer: string, x: Signal, channels: number): Signal {
    const key = `${x.id} ${channels}`;
    const known = this.arranged.get(key);
    if (known !== undefined) return known;
    const y = this.step([x], lowerReshape(this.builder, layer, x, channels));
    this.arranged.set(key, y);
    return y;
  }

  private step(inputs: readonly Signal[], { y, backward }: LoweredLayer): Signal {
    if (backward !== undefined && y !== inputs[0]) this.steps.push({ inputs, y, backward });
    return y;
  }

  private lowerLayer(layer: LayerSpec, read: readonly Signal[], shape: readonly number[], size: number): LoweredLayer {
    const { builder } = this;
    const x = read[0]!;
    switch (layer.kind) {
      case 'flatten':
        return { y: this.arrange(layer.name, x, size) };
      case 'dense':
        return lowerDense(builder, layer, x);
      case 'conv':
        return lowerConv(builder, layer, x, shape);
      case 'pool':
        return lowerPool(builder, layer, x, shape);
      case 'batch-norm':
        return lowerBatchNorm(builder, layer, x);
      case 'dropout':
        return lowerDropout(builder, layer, x, this.dropouts++);
      case 'slot':
        return builder.options.mode === 'ann'
          ? lowerActivation(builder, layer, x)
          : this.neuron(layer.name, layer.neuron, x);
      case 'softmax':
        this.probabilities = lowerSoftmax(builder, layer, x);
        return { y: x };
      case 'join':
        return lowerJoin(builder, layer, [x, read[1]!]);
      default:
        throw new TypeError(`unknown layer ${layer satisfies never}`);
    }
  }

  private neuron(name: string, neuron: NeuronSpec, x: Signal): LoweredNeuron {
    this.last = lowerNeuron(this.builder, name, neuron, x, this.use(name));
    return this.last;
  }

  private readout(spec: NetworkSpec, x: Signal): Signal {
    if (x.values === 'spikes')
      throw new UnsupportedError(
        `network "${spec.name}": ends in the spikes of "${spec.layers.at(-1)!.name}", which is no slot; put a dense layer or a slot behind it`,
      );
    return this.step([x], this.neuron(READOUT_LAYER, READOUT, x));
  }
}

function neuronUse(builder: PlanBuilder, name: string, end: End, reads: LossOutput | undefined): NeuronUse {
  const membranes = builder.options.observe?.membranes;
  const isEnd = name === end.layer;
  const membraneOfEnd = isEnd && (reads === 'membrane' || membranes === 'output' || !end.fires);
  return {
    membrane: membraneOfEnd || observed(membranes, name),
    gradientOf: isEnd && reads === 'membrane' ? 'membrane' : 'spikes',
  };
}
