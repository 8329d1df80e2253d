// From a network to the plan that runs it. Layers are lowered in order, forward; then, for training, the loss, and each
// layer's backward in reverse. What an SNN computes before its first neuron layer from a constant input is done once a sample.

import { ConfigError, UnsupportedError } from '../core/index.ts';
import { inferShapes, type LayerSpec, type NetworkSpec, type NeuronSpec, sizeOf } from '../model/index.ts';
import { type Backward, type LoweredLayer, PlanBuilder, type Signal } from './builder.ts';
import { checkOptions } from './check-options.ts';
import { lowerDense } from './dense.ts';
import { lowerDropout } from './dropout.ts';
import { lowerInput } from './encoder.ts';
import { type LossOutput, lossOutput, lowerLoss } from './loss.ts';
import { type LoweredNeuron, lowerNeuron, type NeuronUse, observed } from './neuron.ts';
import { lowerUpdate } from './optimizer.ts';
import type { Lowered, LowerOptions, Outputs } from './options.ts';
import { lowerRelu } from './relu.ts';

/** The layer that sums the currents of a spiking network whose last layer is dense; its membrane is the output. */
export const READOUT_LAYER = '@readout';

const READOUT: NeuronSpec = {
  kind: 'integrator',
  threshold: null,
  tie: '>=',
  decay: { form: 'none' },
  reset: { kind: 'none', value: 0, moment: 'same-step', dropsInput: false, gradient: 'detached' },
  surrogate: { kind: 'straight-through', slope: 1 },
  learn: { decay: false, threshold: false },
  initialMembrane: 0,
};

/**
 * Lowers `spec` for one purpose. A spiking network that ends in a dense layer gets an integrator that sums its output over
 * time. Throws ConfigError (options), ShapeError (layers that do not fit) or UnsupportedError.
 */
export function lower(spec: NetworkSpec, options: LowerOptions): Lowered {
  checkOptions(spec, options);
  inferShapes(spec);
  const builder = new PlanBuilder(options);
  const end = endOf(spec, options);
  const reads = lossOutput(options, end.layer, end.fires);
  const input = lowerInput(builder, sizeOf(spec.input));
  const { signal, last, backwards } = lowerLayers(builder, spec, input, end, reads);
  const outputs = outputsOf(builder, signal, last, end.layer);
  const loss = reads === undefined ? undefined : lowerLoss(builder, reads, outputs);
  const dInput = loss?.dOutput === undefined ? undefined : runBackwards(backwards, loss.dOutput);
  if (options.observe?.inputGradient && dInput !== undefined) builder.keep(dInput);
  const update = lowerUpdate(builder);
  const plan = builder.build(update);
  const inner = new Set([...builder.trained.values(), ...builder.inner]);
  return {
    plan,
    mode: options.mode,
    outputs: {
      ...outputs,
      ...(loss && { losses: loss.losses }),
      ...(options.observe?.inputGradient && dInput !== undefined && { inputGradient: dInput }),
    },
    weights: builder.weights,
    gradients: builder.trained,
    state: plan.parameters.map(({ id }) => id).filter((id) => !builder.constants.has(id) && !inner.has(id)),
    constants: builder.constants,
    derived: builder.derive,
    probes: builder.probes,
  };
}

/** The layer whose output is the network's. */
interface End {
  readonly layer: string;
  readonly fires: boolean;
  /** A dense layer is last in a spiking network: an integrator is put behind it. */
  readonly readout: boolean;
}

function endOf(spec: NetworkSpec, { mode }: LowerOptions): End {
  const last = spec.layers.findLast(({ kind }) => kind === 'dense' || kind === 'slot');
  if (last === undefined)
    throw new ConfigError(
      'layers',
      `network "${spec.name}" has neither a dense layer nor a slot; there is nothing to run`,
    );
  const behind = spec.layers.slice(spec.layers.indexOf(last) + 1).find(({ kind }) => kind === 'dropout');
  if (behind !== undefined)
    throw new UnsupportedError(`dropout "${behind.name}": stands behind the output layer "${last.name}"; remove it`);
  if (mode === 'snn' && last.kind === 'slot')
    return { layer: last.name, fires: last.neuron.threshold !== null, readout: false };
  return mode === 'snn'
    ? { layer: READOUT_LAYER, fires: false, readout: true }
    : { layer: last.name, fires: false, readout: false };
}

interface LoweredLayers {
  readonly signal: Signal;
  readonly last: LoweredNeuron | undefined;
  readonly backwards: readonly Backward[];
}

function lowerLayers(
  builder: PlanBuilder,
  spec: NetworkSpec,
  input: Signal,
  end: End,
  reads: LossOutput | undefined,
): LoweredLayers {
  const backwards: Backward[] = [];
  let signal = input;
  let last: LoweredNeuron | undefined;
  let dropouts = 0;
  const take = (lowered: LoweredLayer): void => {
    signal = lowered.y;
    if (lowered.backward !== undefined) backwards.push(lowered.backward);
  };
  const takeNeuron = (name: string, neuron: NeuronSpec): void => {
    last = lowerNeuron(builder, name, neuron, signal, neuronUse(builder, name, end, reads));
    take(last);
  };
  const takeLayer = (layer: LayerSpec): void => {
    switch (layer.kind) {
      case 'flatten':
        return;
      case 'dense':
        take(lowerDense(builder, layer, signal));
        return;
      case 'dropout':
        take(lowerDropout(builder, layer, signal, dropouts++));
        return;
      case 'slot':
        if (builder.options.mode === 'ann') take(lowerRelu(builder, layer, signal));
        else takeNeuron(layer.name, layer.neuron);
        return;
      default:
        throw new TypeError(`unknown layer ${layer satisfies never}`);
    }
  };
  for (const layer of spec.layers) takeLayer(layer);
  if (end.readout) takeNeuron(READOUT_LAYER, READOUT);
  return { signal, last, backwards };
}

function neuronUse(builder: PlanBuilder, name: string, end: End, reads: LossOutput | undefined): NeuronUse {
  const membranes = builder.options.observe?.membranes;
  const isEnd = name === end.layer;
  const membraneOfEnd = isEnd && (reads === 'membrane' || membranes === 'output' || !end.fires);
  return {
    membrane: membraneOfEnd || observed(membranes, name),
    gradientOf: isEnd ? (reads === 'membrane' ? 'membrane' : 'spikes') : 'spikes',
  };
}

function outputsOf(builder: PlanBuilder, signal: Signal, last: LoweredNeuron | undefined, layer: string): Outputs {
  const { features } = signal;
  if (builder.options.mode === 'ann') return { features, layer, logits: builder.keep(signal.id) };
  const { spikes, membrane } = last!;
  if (spikes !== undefined) builder.keep(spikes);
  if (membrane !== undefined) builder.keep(membrane);
  return { features, layer, ...(spikes && { spikes }), ...(membrane && { membrane }) };
}

/** Last layer first, for as long as a gradient is wanted. Returns that of the input. */
function runBackwards(backwards: readonly Backward[], dOutput: string): string | undefined {
  let gradient: string | undefined = dOutput;
  for (const backward of backwards.toReversed()) {
    if (gradient === undefined) return undefined;
    gradient = backward(gradient);
  }
  return gradient;
}
