// A convolution of a map. As a dense layer it runs once a sample where its input does not change over time.

import type { Window } from '../engine/index.ts';
import { type ConvSpec, windowOf } from '../model/index.ts';
import { channelsIn, type LoweredLayer, layout, type PlanBuilder, type Signal } from './builder.ts';
import { inputProbe } from './dense.ts';

/** `input`: [H, W, C] of `x`. */
export function lowerConv(builder: PlanBuilder, layer: ConvSpec, x: Signal, input: readonly number[]): LoweredLayer {
  const { name, filters, groups } = layer;
  const inputChannels = channelsIn(x);
  const window = windowOf(layer, input);
  const [height, width] = window.output;
  const taps = window.kernel[0] * window.kernel[1];
  const weight = builder.weight(name, 'weight', (taps * inputChannels) / groups, filters);
  const bias = layer.bias ? { bias: builder.weight(name, 'bias', 1, filters) } : {};
  const shape = { rows: x.rows, ...layout(height * width * filters, filters) };
  const y = builder.tensor(`${name}@y`, shape);
  builder.probes.push({
    kind: 'conv',
    layer: name,
    ...{ window, inputChannels, filters, groups, bias: layer.bias },
    ...inputProbe(builder, name, x),
    ...builder.reached(name, x, window),
  });
  builder.forward.push({ kernel: 'conv', layer: name, window, groups, x: x.id, weight, ...bias, y });
  return {
    y: { id: y, ...shape, values: 'analog', events: false, wanted: builder.training || x.wanted },
    backward: (dy) => [convBackward(builder, layer, window, x, dy)],
  };
}

function convBackward(
  builder: PlanBuilder,
  layer: ConvSpec,
  window: Window,
  x: Signal,
  dy: string,
): string | undefined {
  const { name, groups } = layer;
  if (builder.training) convGradients(builder, layer, window, x, dy);
  if (!x.wanted) return undefined;
  const from = x.summed ? builder.sumOverTime(name, `${name}@y`, dy) : dy;
  const dx = builder.gradient(x.id, builder.rowsOf(from));
  const op = { layer: name, window, groups, dy: from };
  builder.backward.push({ kernel: 'conv-backward', ...op, weight: `${name}/weight`, dx });
  return dx;
}

function convGradients(
  builder: PlanBuilder,
  { name, groups, bias }: ConvSpec,
  window: Window,
  x: Signal,
  dy: string,
): void {
  const op = { layer: name, window, groups, dy: builder.keepForGradients(dy) };
  const dWeight = builder.trained.get(`${name}/weight`)!;
  builder.gradients.push({ kernel: 'conv-gradient', ...op, x: builder.keepForGradients(x.id), dWeight });
  if (bias)
    builder.gradients.push({ kernel: 'sum-gradient', layer: name, dy, dVector: builder.trained.get(`${name}/bias`)! });
}
