// A dataset from a pair of idx files: images [samples, height, width] or with channels last, and labels [samples].

import { DataError } from '../core/index.ts';
import type { Dataset } from './dataset.ts';
import { type IdxArray, parseIdx } from './idx.ts';

export interface IdxPart {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Bytes are taken as 0 to 255 meaning 0 to 1; floats as they are. */
function imageValues(images: IdxArray, path: string): Pick<Dataset, 'values' | 'scale'> {
  const { values } = images;
  if (values instanceof Uint8Array) return { values, scale: 1 / 255 };
  if (!(values instanceof Float32Array || values instanceof Float64Array)) {
    throw new DataError(
      path,
      `images of ${values.constructor.name} values; expected bytes (0x08) or floats (0x0d, 0x0e)`,
      { offset: 2 },
    );
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const offset = images.offset + bad * values.BYTES_PER_ELEMENT;
    throw new DataError(path, `value ${bad} is ${values[bad]}, expected a finite number`, { offset });
  }
  return { values: Float32Array.from(values), scale: 1 };
}

function labelValues(labels: IdxArray, path: string, classes: number | undefined): Uint8Array {
  const { values } = labels;
  if (labels.dimensions.length !== 1) {
    throw new DataError(
      path,
      `labels of shape [${labels.dimensions.join(', ')}], expected one dimension; is this the images' file?`,
      { offset: 3 },
    );
  }
  const most = (classes ?? 256) - 1;
  const bad = values.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label <= most));
  if (bad < 0) return Uint8Array.from(values);
  const offset = labels.offset + bad * values.BYTES_PER_ELEMENT;
  throw new DataError(path, `label of sample ${bad} is ${values[bad]}, expected a class from 0 to ${most}`, { offset });
}

/** Images and labels put together; `classes` undefined takes as many as the labels name. Throws DataError. */
export function labelledImages(
  images: IdxPart,
  labels: IdxPart,
  about: { readonly name: string; readonly source: string; readonly classes?: readonly string[] },
): Dataset {
  const pictures = parseIdx(images.bytes, images.path);
  const answers = labelValues(parseIdx(labels.bytes, labels.path), labels.path, about.classes?.length);
  const [samples, ...rest] = pictures.dimensions;
  if (rest.length === 0)
    throw new DataError(images.path, "images of one dimension, expected at least two; is this the labels' file?", {
      offset: 3,
    });
  if (samples === 0 || rest.includes(0))
    throw new DataError(images.path, `images of shape [${pictures.dimensions.join(', ')}] hold no values`, {
      offset: 4,
    });
  if (samples !== answers.length) {
    throw new DataError(
      labels.path,
      `${answers.length} labels, but ${samples} images in ${images.path}; the files belong to different sets`,
    );
  }
  const shape = rest.length === 2 ? [...rest, 1] : rest;
  const classes =
    about.classes ?? Array.from({ length: answers.reduce((a, b) => Math.max(a, b), 0) + 1 }, (_, i) => String(i));
  return {
    name: about.name,
    source: about.source,
    classes,
    shape,
    samples: samples!,
    labels: answers,
    ...imageValues(pictures, images.path),
  };
}
