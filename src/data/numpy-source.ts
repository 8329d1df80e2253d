// A dataset out of an .npz file, or out of a folder of .npy files of the same names: x_train, y_train, x_test, y_test, or one x and y.

import { joinPath, readFile } from '#platform';
import { DataError } from '../core/index.ts';
import type { Dataset } from './dataset.ts';
import { type ArraysAbout, labelledArrays, type NamedArray } from './labelled-arrays.ts';
import { parseNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import type { Source } from './source.ts';
import { splitDataset } from './split.ts';

type Pair = readonly [samples: string, labels: string];

const TRAIN: readonly Pair[] = [
  ['x_train', 'y_train'],
  ['train_images', 'train_labels'],
];
const TEST: readonly Pair[] = [
  ['x_test', 'y_test'],
  ['test_images', 'test_labels'],
];
const WHOLE: readonly Pair[] = [
  ['x', 'y'],
  ['images', 'labels'],
];

const show = (pairs: readonly Pair[]): string => pairs.map(([x, y]) => `${x} and ${y}`).join(', or ');

export interface ArraySplit {
  /** Share of the samples that become the test set where there is none. */
  readonly testShare: number;
  readonly seed: number;
}

async function fromArrays(
  path: string,
  names: readonly string[],
  read: (name: string) => Promise<NamedArray>,
  about: ArraysAbout,
  { testShare, seed }: ArraySplit,
): Promise<Source> {
  const find = (pairs: readonly Pair[]): Pair | undefined =>
    pairs.find(([x, y]) => names.includes(x) && names.includes(y));
  const load = async ([x, y]: Pair, classes = about.classes): Promise<Dataset> =>
    labelledArrays(await read(x), await read(y), { ...about, ...(classes === undefined ? {} : { classes }) });
  const [train, test, whole] = [find(TRAIN), find(TEST), find(WHOLE)];
  if (train !== undefined && test !== undefined) {
    const learned = await load(train);
    const tested = await load(test, learned.classes);
    if (
      String(learned.shape) === String(tested.shape) &&
      learned.scale === tested.scale &&
      learned.values.constructor === tested.values.constructor
    )
      return { train: learned, test: tested, officialTestSamples: tested.samples };
    throw new DataError(
      path,
      `${test[0]} has samples of [${tested.shape.join(', ')}] (${tested.values.constructor.name}), but ${train[0]} of [${learned.shape.join(', ')}] (${learned.values.constructor.name}); save both alike`,
    );
  }
  if (whole !== undefined) {
    const split = splitDataset(await load(whole), testShare, seed, 'test');
    if (split.validation.samples === 0)
      throw new DataError(path, `a share of ${testShare} leaves no test samples; add ${show(TEST)}, or set testShare`);
    return { train: split.train, test: split.validation, officialTestSamples: split.validation.samples };
  }
  throw new DataError(
    path,
    `holds the arrays ${names.join(', ') || 'none'}; expected ${show(TRAIN)} together with ${show(TEST)}; or, to be split, ${show(WHOLE)}`,
  );
}

/** Reads an .npz file. Throws DataError. */
export async function readNpzFile(path: string, about: ArraysAbout, split: ArraySplit): Promise<Source> {
  const file = await openNpz(await readFile(path), path);
  const read = async (name: string): Promise<NamedArray> => ({
    path: `${path}/${name}.npy`,
    array: await file.read(name),
  });
  return fromArrays(path, file.names, read, about, split);
}

/** Reads a folder of .npy files, `files` of them. Throws DataError. */
export async function readNpyFolder(
  folder: string,
  files: readonly string[],
  about: ArraysAbout,
  split: ArraySplit,
): Promise<Source> {
  const names = files.filter((name) => name.endsWith('.npy')).map((name) => name.slice(0, -4));
  const read = async (name: string): Promise<NamedArray> => {
    const path = joinPath(folder, `${name}.npy`);
    return { path, array: parseNpy(await readFile(path), path) };
  };
  return fromArrays(folder, names, read, about, split);
}
