// One binary file of CIFAR-10 or CIFAR-100 to images [32, 32, 3], channels last, and labels. Layout: cifar-layout.ts.

import { DataError } from '../core/index.ts';
import {
  CIFAR,
  CIFAR_CHANNELS,
  CIFAR_PIXELS,
  type CifarKind,
  type CifarLabels,
  type CifarLayout,
} from './cifar-layout.ts';

export interface CifarImages {
  readonly samples: number;
  /** [samples, 32, 32, 3]. */
  readonly values: Uint8Array;
  readonly labels: Uint8Array;
}

const IMAGE_BYTES = CIFAR_CHANNELS * CIFAR_PIXELS;

function countRecords(bytes: Uint8Array, path: string, { name, labelBytes }: CifarLayout, most: number): number {
  const record = labelBytes + IMAGE_BYTES;
  const rest = bytes.length % record;
  const samples = (bytes.length - rest) / record;
  if (rest !== 0 || samples === 0) {
    throw new DataError(
      path,
      `truncated, or not ${name}: got ${bytes.length} bytes, expected a multiple of ${record} (${labelBytes} for the label, ${IMAGE_BYTES} for the image); unpack or download the file again`,
      { offset: bytes.length - rest },
    );
  }
  if (samples <= most) return samples;
  throw new DataError(
    path,
    `got ${samples} images, expected at most the ${most} of the official file; this is not a file of ${name}`,
    { offset: most * record },
  );
}

/** Red, green and blue planes to pixels. */
function interleave(bytes: Uint8Array, from: number, values: Uint8Array, to: number): void {
  for (let pixel = 0, write = to; pixel < CIFAR_PIXELS; pixel++) {
    values[write++] = bytes[from + pixel]!;
    values[write++] = bytes[from + CIFAR_PIXELS + pixel]!;
    values[write++] = bytes[from + 2 * CIFAR_PIXELS + pixel]!;
  }
}

/** Each fine class belongs to one coarse class; a second one means that labels are damaged or the file is another's. */
function checkNesting(bytes: Uint8Array, path: string, { labels, labelBytes }: CifarLayout, samples: number): void {
  if (labels.coarse === undefined) return;
  const parents = new Map<number, number>();
  for (let sample = 0; sample < samples; sample++) {
    const offset = sample * (labelBytes + IMAGE_BYTES);
    const [fine, coarse] = [bytes[offset + labels.fine.byte]!, bytes[offset + labels.coarse.byte]!];
    const parent = parents.get(fine) ?? coarse;
    parents.set(fine, parent);
    if (parent === coarse) continue;
    throw new DataError(
      path,
      `image ${sample} has fine label ${fine} under coarse label ${coarse}, but an image before it has it under ${parent}; the labels are damaged, download the file again`,
      { offset: offset + labels.coarse.byte },
    );
  }
}

/**
 * Reads one file; `path` names it in errors, `most` is how many images the official file holds. All label bytes are checked, also
 * the ones not asked for. Throws DataError with the byte at fault.
 */
export function parseCifar(
  bytes: Uint8Array,
  path: string,
  kind: CifarKind,
  which: CifarLabels = 'fine',
  most = Number.POSITIVE_INFINITY,
): CifarImages {
  const layout = CIFAR[kind];
  const samples = countRecords(bytes, path, layout, most);
  const wanted = layout.labels[which] ?? layout.labels.fine;
  const values = new Uint8Array(samples * IMAGE_BYTES);
  const labels = new Uint8Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const start = sample * (layout.labelBytes + IMAGE_BYTES);
    for (const [labelling, { byte, classes }] of Object.entries(layout.labels)) {
      const label = bytes[start + byte]!;
      if (label < classes.length) continue;
      throw new DataError(
        path,
        `${layout.labelBytes > 1 ? `${labelling} ` : ''}label of image ${sample} is ${label}, expected a class from 0 to ${classes.length - 1}; the file is damaged or not ${layout.name}`,
        { offset: start + byte },
      );
    }
    labels[sample] = bytes[start + wanted.byte]!;
    interleave(bytes, start + layout.labelBytes, values, sample * IMAGE_BYTES);
  }
  checkNesting(bytes, path, layout, samples);
  return { samples, values, labels };
}
