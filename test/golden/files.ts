// Reading golden files: numbers become float32, as their README asks; [T, B, N] of the peers becomes our [B, T, N].

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A tensor of a golden file, row-major; "NaN", "Infinity" and "-Infinity" are written as strings. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: readonly (number | 'NaN' | 'Infinity' | '-Infinity')[];
}

export function readGolden<File>(name: string): File {
  const path = join(dirname(fileURLToPath(import.meta.url)), 'data', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as File;
}

export const floats = (tensor: GoldenTensor): Float32Array => Float32Array.from(tensor.data, Number);

/** [T, B, N] to [B, T, N], or back: the first two axes change places. */
export function swapAxes(values: ArrayLike<number>, first: number, second: number): Float32Array {
  const size = values.length / first / second;
  const swapped = new Float32Array(values.length);
  for (let i = 0; i < first; i++)
    for (let j = 0; j < second; j++)
      for (let k = 0; k < size; k++) swapped[(j * first + i) * size + k] = values[(i * second + j) * size + k]!;
  return swapped;
}

/** A tensor [T, B, ...] as [B, T, ...]. */
export const batchFirst = (tensor: GoldenTensor): Float32Array =>
  swapAxes(floats(tensor), tensor.shape[0]!, tensor.shape[1]!);

/** A weight [out, in] as [in, out]. */
export const inOut = (tensor: GoldenTensor): Float32Array =>
  swapAxes(floats(tensor), tensor.shape[0]!, tensor.shape[1]!);

/** Splits cases into what the engine does and what it does not; a case may only be left out for a stated reason. */
export function partition<Case>(
  cases: readonly Case[],
  reasonAgainst: (golden: Case) => string | undefined,
): { readonly supported: readonly Case[]; readonly unsupported: readonly { golden: Case; reason: string }[] } {
  const supported: Case[] = [];
  const unsupported: { golden: Case; reason: string }[] = [];
  for (const golden of cases) {
    const reason = reasonAgainst(golden);
    if (reason === undefined) supported.push(golden);
    else unsupported.push({ golden, reason });
  }
  return { supported, unsupported };
}
