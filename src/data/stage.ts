// Samples as an engine wants them staged: bytes as they are (the plan scales them), floats already scaled.

import { type Dataset, sampleSize } from './dataset.ts';

/** Values of samples [from, to), row-major; a view into the dataset wherever nothing has to be scaled. */
export function stageSamples(dataset: Dataset, from: number, to: number): Uint8Array | Float32Array {
  const size = sampleSize(dataset);
  const values = dataset.values.subarray(from * size, to * size);
  if (values instanceof Uint8Array || dataset.scale === 1) return values;
  return values.map((value) => value * dataset.scale);
}
