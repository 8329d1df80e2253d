// From a network to the plan that runs it. Layers are lowered in order, forward; then, for training and attacks, the loss, and each
// layer's backward in reverse. What an SNN computes before its first neuron layer from a constant input is done once a sample.

import { inferShapes, type NetworkSpec } from '../model/index.ts';
import { lowerBackward } from './backward.ts';
import { PlanBuilder } from './builder.ts';
import { checkOptions } from './check-options.ts';
import { INPUT_LAYER } from './encoder.ts';
import { endOf } from './end.ts';
import { LoweredGraph } from './graph.ts';
import { type LossOutput, lossOutput, lowerLoss } from './loss.ts';
import { lowerUpdate } from './optimizer.ts';
import type { Lowered, LowerOptions, Outputs } from './options.ts';
import { lowerReshape } from './reshape.ts';

/**
 * Lowers `spec` for one purpose. A spiking network that does not end in a slot gets an integrator that sums its output over
 * time. Throws ConfigError (options, an output that is no vector), ShapeError (layers that do not fit) or UnsupportedError.
 */
export function lower(spec: NetworkSpec, options: LowerOptions): Lowered {
  checkOptions(spec, options);
  inferShapes(spec);
  const builder = new PlanBuilder(options);
  const end = endOf(spec, options);
  const reads = lossOutput(options, end.layer, end.fires);
  const graph = new LoweredGraph(builder, spec, end, reads);
  const { outputs, membrane } = outputsOf(builder, graph, end.layer);
  const loss = reads === undefined ? undefined : lowerLoss(builder, reads, outputs);
  const dInput = loss?.dOutput && gradientsOf(builder, graph, reads!, loss.dOutput, membrane);
  const inputGradient = graph.input.wanted && dInput ? builder.keep(dInput) : undefined;
  const plan = builder.build(lowerUpdate(builder));
  const unsaved = new Set([
    ...builder.constants.keys(),
    ...builder.trained.values(),
    ...builder.inner,
    ...builder.scratch,
  ]);
  return {
    plan,
    mode: options.mode,
    outputs: {
      ...outputs,
      ...(loss && { losses: loss.losses }),
      ...(inputGradient && { inputGradient }),
    },
    weights: builder.weights,
    gradients: builder.trained,
    state: plan.parameters.map(({ id }) => id).filter((id) => !unsaved.has(id)),
    constants: builder.constants,
    derived: builder.derive,
    probes: builder.probes,
    activations: graph.activations,
  };
}

/** The membrane that is read, flat, and the way back to the map it may come from. */
interface FlatMembrane {
  readonly of: string;
  readonly backward: (dMembrane: string) => string;
}

function outputsOf(
  builder: PlanBuilder,
  { output, last, probabilities }: LoweredGraph,
  layer: string,
): { readonly outputs: Outputs; readonly membrane?: FlatMembrane } {
  const { features } = output;
  if (builder.options.mode === 'ann') {
    const logits = builder.keep(output.id);
    return { outputs: { features, layer, logits, ...(probabilities && { probabilities }) } };
  }
  const { y, spikes, membrane } = last!;
  const flat =
    membrane && lowerReshape(builder, layer, { ...y, id: membrane, values: 'analog', events: false }, features);
  return {
    outputs: {
      features,
      layer,
      ...(spikes && { spikes: builder.keep(output.id) }),
      ...(flat && { membrane: builder.keep(flat.y.id) }),
    },
    ...(flat && { membrane: { of: y.id, backward: (dMembrane) => flat.backward!(dMembrane)[0]! } }),
  };
}

/** Appends the backward; returns the gradient of the input. The gradient of a neuron layer may enter by its membrane. */
function gradientsOf(
  builder: PlanBuilder,
  { steps, output, input }: LoweredGraph,
  reads: LossOutput,
  dOutput: string,
  membrane: FlatMembrane | undefined,
): string | undefined {
  const dInput =
    reads === 'membrane'
      ? lowerBackward(builder, steps, membrane!.of, membrane!.backward(dOutput), input)
      : lowerBackward(builder, steps, output.id, dOutput, input);
  return dInput && input.summed ? builder.sumOverTime(INPUT_LAYER, input.id, dInput) : dInput;
}
