// A dataset from two NumPy arrays: values [samples, ...] with channels last, and labels [samples] or [samples, 1].

import { DataError } from '../core/index.ts';
import type { Dataset } from './dataset.ts';
import type { NpyArray } from './npy.ts';

export interface NamedArray {
  /** The file, and the array in it, for errors. */
  readonly path: string;
  readonly array: NpyArray;
}

export interface ArraysAbout {
  readonly name: string;
  readonly source: string;
  readonly classes?: readonly string[];
}

/** Bytes mean 0 to 1 in steps of 1/255, booleans 0 and 1; all other numbers are taken as they are. */
function sampleValues({ path, array }: NamedArray): Pick<Dataset, 'values' | 'scale'> {
  const { values, type } = array;
  if (values instanceof Uint8Array) return { values, scale: type === 'b1' ? 1 : 1 / 255 };
  const floats = Float32Array.from(values);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { values: floats, scale: 1 };
  throw new DataError(path, `value ${bad} is ${values[bad]}, expected a finite number within float32`, {
    offset: array.offset,
  });
}

function labelValues({ path, array }: NamedArray, classes: number | undefined): Uint8Array {
  const { dimensions, values, offset } = array;
  if (!(dimensions.length === 1 || (dimensions.length === 2 && dimensions[1] === 1)))
    throw new DataError(
      path,
      `labels of shape [${dimensions.join(', ')}], expected one class number a sample; use argmax if they are one-hot`,
      { offset },
    );
  const most = (classes ?? 256) - 1;
  const bad = values.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label <= most));
  if (bad < 0) return Uint8Array.from(values);
  throw new DataError(path, `label of sample ${bad} is ${values[bad]}, expected a class from 0 to ${most}`, { offset });
}

/** `classes` undefined takes as many as the labels name. Throws DataError. */
export function labelledArrays(samples: NamedArray, labels: NamedArray, about: ArraysAbout): Dataset {
  const answers = labelValues(labels, about.classes?.length);
  const { dimensions, offset } = samples.array;
  const [count = 0, ...rest] = dimensions;
  if (rest.length === 0 || rest.length > 3 || dimensions.includes(0))
    throw new DataError(
      samples.path,
      `samples of shape [${dimensions.join(', ')}], expected [samples, features], [samples, height, width] or [samples, height, width, channels], none of them 0`,
      { offset },
    );
  if (count !== answers.length)
    throw new DataError(
      labels.path,
      `${answers.length} labels, but ${count} samples in ${samples.path}; they do not belong together`,
    );
  const shape = rest.length === 2 ? [...rest, 1] : rest;
  const most = answers.reduce((a, b) => Math.max(a, b), 0);
  const classes = about.classes ?? Array.from({ length: most + 1 }, (_, i) => String(i));
  return {
    name: about.name,
    source: about.source,
    classes,
    shape,
    samples: count,
    labels: answers,
    ...sampleValues(samples),
  };
}
