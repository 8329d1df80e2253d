// CIFAR-10 or CIFAR-100 from a folder of the official binary files. Fewer images than the official ones are accepted, and said.

import { joinPath, listDirectory, readFile } from '#platform';
import { ConfigError, DataError } from '../core/index.ts';
import { type CifarImages, parseCifar } from './cifar.ts';
import {
  CIFAR,
  CIFAR_CHANNELS,
  CIFAR_SIDE,
  type CifarKind,
  type CifarLabels,
  type CifarLayout,
} from './cifar-layout.ts';
import type { Dataset } from './dataset.ts';
import type { Source } from './source.ts';

/** Which layout a folder with these files has; undefined if neither. */
export function cifarKindOf(names: readonly string[]): CifarKind | undefined {
  const found = (Object.keys(CIFAR) as CifarKind[]).find((kind) =>
    [...CIFAR[kind].train, CIFAR[kind].test].some((file) => names.includes(file)),
  );
  return found;
}

function checkFiles(folder: string, names: readonly string[], { name, train, test }: CifarLayout): void {
  const missing = [...train, test].filter((file) => !names.includes(file));
  if (missing.length === 0) return;
  throw new DataError(
    folder,
    `no file ${missing.join(', ')} in this folder; expected ${[...train, test].join(', ')}; unpack the archive of ${name} (binary version) again`,
  );
}

async function readNames(folder: string, names: readonly string[], layout: CifarLayout, which: CifarLabels) {
  const { namesFile, classes } = layout.labels[which]!;
  if (!names.includes(namesFile)) return classes;
  const path = joinPath(folder, namesFile);
  const text = new TextDecoder().decode(await readFile(path));
  const found = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (found.length === classes.length && new Set(found).size === found.length) return found;
  throw new DataError(
    path,
    `got ${found.length} class names (${new Set(found).size} different), expected ${classes.length}, one a line; remove the file to use the official names`,
  );
}

/** Training files put together. All must hold equally many images, so that a file cut off between two images shows. */
function joinParts(parts: readonly { readonly path: string; readonly images: CifarImages }[]): CifarImages {
  const [first, ...rest] = parts;
  for (const { path, images } of rest) {
    if (images.samples === first!.images.samples) continue;
    throw new DataError(
      path,
      `got ${images.samples} images, but ${first!.images.samples} in ${first!.path}; one of the two is truncated, download them again`,
    );
  }
  if (rest.length === 0) return first!.images;
  const { samples, values, labels } = first!.images;
  const whole = {
    samples: samples * parts.length,
    values: new Uint8Array(values.length * parts.length),
    labels: new Uint8Array(labels.length * parts.length),
  };
  parts.forEach(({ images }, i) => {
    whole.values.set(images.values, i * values.length);
    whole.labels.set(images.labels, i * labels.length);
  });
  return whole;
}

/** What the source says of a set that is not whole. */
const amount = (what: string, got: number, official: number): string =>
  got === official ? '' : `, ${got} of the ${official} official ${what} images`;

/**
 * Reads a folder of the official binary files, `which` labels for CIFAR-100. Throws DataError for a file that is missing, cut off or
 * has labels that cannot be; ConfigError for coarse labels of CIFAR-10, which has none.
 */
export async function readCifarFolder(folder: string, kind: CifarKind, which: CifarLabels = 'fine'): Promise<Source> {
  const layout = CIFAR[kind];
  if (layout.labels[which] === undefined)
    throw new ConfigError('labels', `got "${which}", but ${layout.name} has only fine labels; leave it out`);
  const names = await listDirectory(folder);
  checkFiles(folder, names, layout);
  const classes = await readNames(folder, names, layout, which);
  const read = async (file: string, most: number): Promise<{ path: string; images: CifarImages }> => {
    const path = joinPath(folder, file);
    return { path, images: parseCifar(await readFile(path), path, kind, which, most) };
  };
  const parts = [];
  for (const file of layout.train) parts.push(await read(file, layout.officialTrain));
  const train = joinParts(parts);
  const { images: test } = await read(layout.test, layout.officialTest);
  const about = {
    name: which === 'coarse' ? `${layout.name} (coarse)` : layout.name,
    source: `${folder}${amount('training', train.samples, layout.officialTrain * layout.train.length)}${amount('test', test.samples, layout.officialTest)}`,
    classes,
    shape: [CIFAR_SIDE, CIFAR_SIDE, CIFAR_CHANNELS],
    scale: 1 / 255,
  };
  const dataset = (images: CifarImages): Dataset => ({ ...about, ...images });
  return { train: dataset(train), test: dataset(test), officialTestSamples: layout.officialTest };
}
