// PyTorch's memory layouts and ours. Torch keeps channels before pixels and outputs before inputs:
//   map [N, C, H, W], convolution [out, in, kh, kw], dense [out, in]
// here maps are [N, H, W, C], convolutions [(ky, kx, in), out], dense layers [in, out].

import { ShapeError } from '../../core/index.ts';

function checkLength(what: string, values: ArrayLike<number>, shape: readonly number[]): void {
  const expected = shape.reduce((product, length) => product * length, 1);
  if (values.length === expected) return;
  throw new ShapeError(
    `${what}: got ${values.length} values, expected ${expected} for shape [${shape.join(', ')}]; give the shape PyTorch shows`,
  );
}

/** [rows, columns] to [columns, rows]. */
function transpose(values: ArrayLike<number>, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column]!;
  }
  return turned;
}

/**
 * Weights of `torch.nn.Conv2d` as rows (ky, kx, channel of the group), columns filters; `shape` is theirs,
 * [out, in / groups, kh, kw]. Throws ShapeError.
 */
export function convFromTorch(
  weight: ArrayLike<number>,
  shape: readonly [out: number, channels: number, height: number, width: number],
): Float32Array {
  checkLength('convFromTorch', weight, shape);
  const [filters, channels, height, width] = shape;
  const byTap = mapFromTorch(weight, shape);
  return transpose(byTap, filters, height * width * channels);
}

/**
 * Weights of `torch.nn.Linear`, [out, in], as [in, out]. `map` [C, H, W] says that the layer reads a map flattened by torch,
 * channels first; its rows are then put in the order of a map flattened here, [H, W, C]. Throws ShapeError.
 */
export function denseFromTorch(
  weight: ArrayLike<number>,
  shape: readonly [out: number, inputs: number],
  map: readonly [channels: number, height: number, width: number] = [shape[1], 1, 1],
): Float32Array {
  checkLength('denseFromTorch', weight, shape);
  checkLength('denseFromTorch: map', { length: shape[1] }, map);
  return transpose(mapFromTorch(weight, [shape[0], ...map]), shape[0], shape[1]);
}

/** Maps [N, C, H, W] as [N, H, W, C]; `shape` is theirs. Throws ShapeError. */
export function mapFromTorch(
  values: ArrayLike<number>,
  shape: readonly [samples: number, channels: number, height: number, width: number],
): Float32Array {
  checkLength('mapFromTorch', values, shape);
  const [samples, channels, height, width] = shape;
  const pixels = height * width;
  const turned = new Float32Array(samples * channels * pixels);
  for (let sample = 0; sample < samples; sample++) {
    const start = sample * channels * pixels;
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        turned[start + pixel * channels + channel] = values[start + channel * pixels + pixel]!;
      }
    }
  }
  return turned;
}
