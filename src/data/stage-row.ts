// Writes pixels of a dataset into a batch: as they are, scaled, or normalised; forwards, or mirrored. Normalised bytes go through a
// table of 256 values a channel, which holds what the formula gives and is several times faster than computing it.

import type { Dataset } from './dataset.ts';

export interface RowWriter {
  /** `pixels` pixels from `from` of the dataset's values to `to` of the batch; `mirrored` in reverse order of pixels. */
  row(from: number, to: number, pixels: number, mirrored: boolean): void;
  /** `pixels` pixels of value 0 before normalisation. */
  zeros(to: number, pixels: number): void;
}

type Row = RowWriter['row'];

/** value -> staged value, by channel. */
function formula({ scale, normalize, values }: Dataset): (value: number, channel: number) => number {
  const factor = values instanceof Uint8Array && normalize === undefined ? 1 : scale;
  if (normalize === undefined) return (value) => value * factor;
  const of = (list: readonly number[], channel: number): number => list[list.length === 1 ? 0 : channel]!;
  return (value, channel) => (value * factor - of(normalize.mean, channel)) / of(normalize.deviation, channel);
}

function plainRow(values: Dataset['values'], target: Uint8Array | Float32Array, channels: number): Row {
  return (from, to, pixels, mirrored) => {
    if (!mirrored) {
      target.set(values.subarray(from, from + pixels * channels), to);
      return;
    }
    let read = from + (pixels - 1) * channels;
    for (let write = to; write < to + pixels * channels; write += channels, read -= channels)
      for (let c = 0; c < channels; c++) target[write + c] = values[read + c]!;
  };
}

/** Three channels at once: images in colour are most of what is normalised, and this is twice as fast as the loop over channels. */
function colourTableRow(values: Uint8Array, target: Float32Array, table: Float32Array): Row {
  const [red, green, blue] = [table.subarray(0, 256), table.subarray(256, 512), table.subarray(512, 768)];
  return (from, to, pixels, mirrored) => {
    const step = mirrored ? -3 : 3;
    let read = mirrored ? from + (pixels - 1) * 3 : from;
    for (let write = to; write < to + pixels * 3; write += 3, read += step) {
      target[write] = red[values[read]!]!;
      target[write + 1] = green[values[read + 1]!]!;
      target[write + 2] = blue[values[read + 2]!]!;
    }
  };
}

function tableRow(values: Uint8Array, target: Float32Array, channels: number, table: Float32Array): Row {
  return (from, to, pixels, mirrored) => {
    const step = mirrored ? -channels : channels;
    let read = mirrored ? from + (pixels - 1) * channels : from;
    for (let write = to; write < to + pixels * channels; write += channels, read += step)
      for (let c = 0; c < channels; c++) target[write + c] = table[256 * c + values[read + c]!]!;
  };
}

function computedRow(
  values: ArrayLike<number>,
  target: Float32Array,
  channels: number,
  compute: (value: number, channel: number) => number,
): Row {
  return (from, to, pixels, mirrored) => {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const read = from + (mirrored ? pixels - 1 - pixel : pixel) * channels;
      for (let c = 0; c < channels; c++) target[to + pixel * channels + c] = compute(values[read + c]!, c);
    }
  };
}

/** The writer for a dataset staged into `target`; a row-major pixel has `channels` values. */
export function rowWriter(dataset: Dataset, target: Uint8Array | Float32Array, channels: number): RowWriter {
  const { values } = dataset;
  const compute = formula(dataset);
  const zero = Float32Array.from({ length: channels }, (_, channel) => compute(0, channel));
  const zeros = (to: number, pixels: number): void => {
    for (let at = to; at < to + pixels * channels; at += channels)
      for (let c = 0; c < channels; c++) target[at + c] = zero[c]!;
  };
  if (
    target instanceof Uint8Array ||
    (dataset.normalize === undefined && dataset.scale === 1 && !(values instanceof Uint8Array))
  )
    return { zeros, row: plainRow(values, target, channels) };
  if (!(values instanceof Uint8Array)) return { zeros, row: computedRow(values, target, channels, compute) };
  const table = Float32Array.from({ length: 256 * channels }, (_, i) => compute(i % 256, Math.floor(i / 256)));
  return {
    zeros,
    row: channels === 3 ? colourTableRow(values, target, table) : tableRow(values, target, channels, table),
  };
}
