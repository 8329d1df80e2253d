// Images of CIFAR's shape and start weights in a folder of plain binary files, so that both sides of a comparison read the same:
// {train,test}-images.u8 [samples, 32, 32, 3], {train,test}-labels.u8, and CASE.f32, the parameters one after the other in the
// order of the network, matrices row-major [(ky, kx, channel), filters].

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rng, STREAM } from '../src/core/index.ts';
import { type DataSplit, type Dataset, loadDataset } from '../src/data/index.ts';
import { wasmBackend } from '../src/engine/index.ts';
import { listParameters, type NetworkSpec, type Weights } from '../src/model/index.ts';
import { BATCH, CASES } from './cases.ts';
import { liveWeights } from './live-weights.ts';

type Images = Pick<DataSplit, 'train' | 'test'>;

const SHAPE = [32, 32, 3] as const;
const SIZE = 32 * 32 * 3;
const CLASSES = 10;
/** Batches to train on, taken in turn, and to infer: whole ones, and no more than a thousand images have. */
const TRAIN_BATCHES = 10;
const TEST_BATCHES = 7;
const FOLDER = fileURLToPath(new URL('../build/bench-images', import.meta.url));

const asDataset = (values: Uint8Array, labels: Uint8Array): Dataset => ({
  ...{ name: 'images', source: 'bench', shape: SHAPE, scale: 1 / 255, values, labels, samples: labels.length },
  classes: Array.from({ length: CLASSES }, (_, k) => String(k)),
});

/** Half a picture of coarse squares that is the class's, half noise: images that can be learned in a few steps. */
function drawnImages(samples: number, index: number): Dataset {
  const [squares, noise] = [rng(1, STREAM.noise, 0), rng(1, STREAM.noise, index)];
  const patterns = Array.from({ length: CLASSES * 8 * 8 * 3 }, () => squares.uniform());
  const labels = Uint8Array.from({ length: samples }, (_, i) => i % CLASSES);
  const values = new Uint8Array(samples * SIZE);
  for (let i = 0, at = 0; i < samples; i++)
    for (let y = 0; y < 32; y++)
      for (let x = 0; x < 32; x++)
        for (let channel = 0; channel < 3; channel++) {
          const square = ((labels[i]! * 8 + (y >> 2)) * 8 + (x >> 2)) * 3 + channel;
          values[at++] = 127.5 * (patterns[square]! + noise.uniform());
        }
  return asDataset(values, labels);
}

async function imagesOf(path: string | undefined): Promise<Images> {
  const [train, test] = [TRAIN_BATCHES * BATCH, TEST_BATCHES * BATCH];
  if (path === undefined) return { train: drawnImages(train, 1), test: drawnImages(test, 2) };
  const found = await loadDataset(path, { train, test });
  if (found.train.shape.join() !== SHAPE.join() || !(found.train.values instanceof Uint8Array))
    throw new Error(`--images: ${path} holds samples of shape [${found.train.shape}], expected bytes [${SHAPE}]`);
  return found;
}

/** Writes the images (drawn, or the first of a dataset such as CIFAR-10 in a folder) and every case's start weights. */
export async function writeImageSet(path: string | undefined): Promise<string> {
  const images = await imagesOf(path);
  mkdirSync(FOLDER, { recursive: true });
  for (const part of ['train', 'test'] as const) {
    writeFileSync(join(FOLDER, `${part}-images.u8`), images[part].values);
    writeFileSync(join(FOLDER, `${part}-labels.u8`), images[part].labels);
  }
  const backend = await wasmBackend({ threads: 1 });
  for (const entry of CASES.filter(({ data }) => data === 'images')) {
    const weights = await liveWeights(backend, entry, images.train);
    const parts = listParameters(entry.network).map(({ key }) => weights.get(key)!);
    const bytes = parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
    writeFileSync(join(FOLDER, `${entry.name}.f32`), Buffer.concat(bytes));
  }
  await backend.close();
  return FOLDER;
}

export function readImages(folder: string): Images {
  const part = (name: string): Dataset =>
    asDataset(readBytes(folder, `${name}-images.u8`), readBytes(folder, `${name}-labels.u8`));
  return { train: part('train'), test: part('test') };
}

function readBytes(folder: string, name: string): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = readFileSync(join(folder, name));
  return new Uint8Array(buffer, byteOffset, length);
}

export function readWeightsFile(folder: string, name: string, network: NetworkSpec): Weights {
  const values = new Float32Array(readBytes(folder, `${name}.f32`).slice().buffer);
  let at = 0;
  return new Map(
    listParameters(network).map(({ key, rows, columns }) => {
      const from = at;
      at += rows * columns;
      return [key, values.slice(from, at)];
    }),
  );
}
