// A fully connected layer, y = x W + b. Where x has one row a sample (a constant input), so has y: computed once, used T times.

import type { DenseSpec } from '../model/index.ts';
import type { LoweredLayer, PlanBuilder, Signal } from './builder.ts';

export function lowerDense(builder: PlanBuilder, layer: DenseSpec, x: Signal): LoweredLayer {
  const { name, units } = layer;
  const weight = builder.weight(name, 'weight', x.features, units);
  const bias = layer.bias ? { bias: builder.weight(name, 'bias', 1, units) } : {};
  const shape = { rows: x.rows, features: units };
  const y = builder.tensor(`${name}@y`, shape);
  builder.probes.push({
    kind: 'dense',
    layer: name,
    inputs: x.features,
    outputs: units,
    bias: layer.bias,
    ...inputProbe(builder, name, x),
  });
  builder.forward.push({ kernel: 'dense', layer: name, x: x.id, weight, ...bias, y });
  return {
    y: { id: y, ...shape, values: 'analog', events: false, wanted: builder.training || x.wanted },
    backward: (dy) => [denseBackward(builder, layer, x, dy)],
  };
}

interface InputProbe {
  readonly input: 'spikes' | 'analog';
  readonly executions: number;
  readonly counts?: string;
  readonly x?: string;
}

/** What the observers want to know of the input of a layer with synapses. */
export function inputProbe(builder: PlanBuilder, name: string, x: Signal): InputProbe {
  const { inputs } = builder.options.observe ?? {};
  return {
    ...inputKind(builder, x),
    ...builder.count(name, x),
    ...(inputs === 'all' || (inputs === 'analog' && !x.events) ? { x: builder.keep(x.id) } : {}),
  };
}

/** spikes or analog, and how often a layer that reads `x` is executed for each sample. */
export function inputKind(builder: PlanBuilder, x: Pick<Signal, 'events' | 'rows'>) {
  return {
    input: x.events ? 'spikes' : 'analog',
    executions: x.rows === 'step' ? builder.options.timesteps : 1,
  } as const;
}

/** dW = x^T dy, db = sum of dy, dx = dy W^T; the last only if something before this layer asks for it. */
function denseBackward(builder: PlanBuilder, layer: DenseSpec, x: Signal, dy: string): string | undefined {
  const { name } = layer;
  if (builder.training) denseGradients(builder, layer, x, dy);
  if (!x.wanted) return undefined;
  const from = x.summed ? builder.sumOverTime(name, `${name}@y`, dy) : dy;
  const dx = builder.gradient(x.id, builder.rowsOf(from));
  builder.backward.push({ kernel: 'dense-backward', layer: name, dy: from, weight: `${name}/weight`, dx });
  return dx;
}

function denseGradients(builder: PlanBuilder, { name, bias }: DenseSpec, x: Signal, dy: string): void {
  builder.keepForGradients(dy);
  builder.gradients.push({
    kernel: 'dense-gradient',
    layer: name,
    x: builder.keepForGradients(x.id),
    dy,
    dWeight: builder.trained.get(`${name}/weight`)!,
  });
  if (bias)
    builder.gradients.push({ kernel: 'sum-gradient', layer: name, dy, dVector: builder.trained.get(`${name}/bias`)! });
}
