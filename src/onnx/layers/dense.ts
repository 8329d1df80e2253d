// y = x W + b as Gemm. W is [in, out] as Gemm wants it; its rows follow the order of the input's values.

import type { DenseSpec, Weights } from '../../model/index.ts';
import type { GraphBuilder, MapShape, Signal } from '../graph-builder.ts';

/** Rows [(y, x, channel), units] in the order (channel, y, x). */
function channelsFirst(weight: Float32Array, [height, width, channels]: MapShape, units: number): Float32Array {
  const turned = new Float32Array(weight.length);
  const pixels = height * width;
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let c = 0; c < channels; c++) {
      const row = (pixel * channels + c) * units;
      turned.set(weight.subarray(row, row + units), (c * pixels + pixel) * units);
    }
  return turned;
}

export function exportDense(
  builder: GraphBuilder,
  { name, units, bias }: DenseSpec,
  x: Signal,
  weights: Weights,
): Signal {
  const values = weights.get(`${name}/weight`)!;
  const rows = x.channelsFirst === undefined ? values : channelsFirst(values, x.channelsFirst, units);
  const inputs = [x.id, builder.tensor(`${name}/weight`, [x.shape[0]!, units], rows)];
  if (bias) inputs.push(builder.tensor(`${name}/bias`, [units], weights.get(`${name}/bias`)!));
  return { id: builder.node(name, 'Gemm', inputs), shape: [units] };
}
