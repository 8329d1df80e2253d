// A dataset from a folder of images. Samples are chosen before they are read, so that a part of a large folder costs only that part.

import { cpuCount, memoryBytes, readFile } from '#platform';
import { ConfigError, DataError, InterruptedError } from '../core/index.ts';
import type { Dataset, SkippedFile } from './dataset.ts';
import { type DecodeImage, imageDecoder } from './decode-image.ts';
import { findImages, type ImageFile, type ImageFiles } from './image-files.ts';
import { checkImageSize, type ImageSize, resizeAndCrop } from './resize.ts';
import type { LoadProgress, Source } from './source.ts';
import { drawIndices, splitIndices } from './split.ts';

export interface ImageFolderOptions {
  readonly images?: ImageSize;
  /** Leave damaged images out and report them, instead of stopping at the first. */
  readonly skipCorrupt?: boolean;
  readonly train?: number;
  readonly test?: number;
  readonly testShare: number;
  readonly seed: number;
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly signal?: AbortSignal;
}

interface Decoded {
  readonly dataset: Pick<Dataset, 'samples' | 'values' | 'labels'>;
  readonly skipped: readonly SkippedFile[];
}

class Decoding {
  private readonly files: readonly ImageFile[];
  private readonly options: ImageFolderOptions;
  private readonly size: Required<ImageSize>;
  private readonly bytes: number;
  readonly values: Uint8Array;
  private readonly failures = new Map<number, string>();
  private next = 0;
  private stopped = false;

  constructor(files: readonly ImageFile[], options: ImageFolderOptions) {
    this.files = files;
    this.options = options;
    this.size = checkImageSize(options.images ?? {});
    this.bytes = this.size.crop * this.size.crop * 3;
    this.values = new Uint8Array(files.length * this.bytes);
  }

  /** Decodes until no file is left; several of these run at once and share what is left. */
  async work(decode: DecodeImage, onImage: () => void): Promise<void> {
    try {
      while (!this.stopped && this.next < this.files.length) {
        if (this.options.signal?.aborted)
          throw new InterruptedError(`images: stopped on request after ${this.next} of ${this.files.length}`);
        const index = this.next++;
        await this.read(index, decode);
        onImage();
      }
    } finally {
      // Whoever fails stops the others; without a failure nothing is left anyway.
      this.stopped = true;
    }
  }

  finish(): Decoded {
    const kept = Array.from(this.files.keys()).filter((index) => !this.failures.has(index));
    const { bytes, values } = this;
    kept.forEach((index, i) => {
      if (index !== i) values.copyWithin(i * bytes, index * bytes, (index + 1) * bytes);
    });
    return {
      dataset: {
        samples: kept.length,
        values: values.subarray(0, kept.length * bytes),
        labels: Uint8Array.from(kept, (index) => this.files[index]!.label),
      },
      skipped: [...this.failures]
        .sort(([a], [b]) => a - b)
        .map(([index, reason]) => ({ path: this.files[index]!.path, reason })),
    };
  }

  private async read(index: number, decode: DecodeImage): Promise<void> {
    const { path } = this.files[index]!;
    try {
      this.values.set(resizeAndCrop(await decode(await readFile(path), path), this.size), index * this.bytes);
    } catch (cause) {
      if (!(this.options.skipCorrupt && cause instanceof DataError)) throw cause;
      this.failures.set(index, cause.message);
    }
  }
}

/** Half of the memory for the images leaves the rest for the network. Throws ConfigError. */
export function checkMemory(images: number, crop: number, memory: number | undefined): void {
  const needed = images * crop * crop * 3;
  if (memory === undefined || needed <= memory / 2) return;
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  throw new ConfigError(
    'images',
    `${images} images of ${crop} x ${crop} need ${mebibytes(needed)} MiB, expected at most half of this machine's ${mebibytes(memory)}; use a smaller images.resize and images.crop, or fewer samples (train, test)`,
  );
}

interface Parts {
  readonly train: readonly ImageFile[];
  readonly test: readonly ImageFile[];
  readonly officialTestSamples: number;
  readonly validation?: readonly ImageFile[];
}

function choose(folder: string, found: ImageFiles, { train, test, testShare, seed }: ImageFolderOptions): Parts {
  const draw = (files: readonly ImageFile[], count: number | undefined, key: string): readonly ImageFile[] =>
    count === undefined ? files : Array.from(drawIndices(files.length, count, seed, key, folder), (i) => files[i]!);
  let whole = found.train;
  let tested = found.test;
  if (tested === undefined) {
    const labels = Uint8Array.from(whole, ({ label }) => label);
    const held = splitIndices(labels, found.classes.length, testShare, seed, 'test', folder);
    [whole, tested] = [Array.from(held.rest, (i) => found.train[i]!), Array.from(held.held, (i) => found.train[i]!)];
  }
  return {
    train: draw(whole, train, 'data.train'),
    test: draw(tested, test, 'data.test'),
    officialTestSamples: tested.length,
    ...(found.validation === undefined ? {} : { validation: found.validation }),
  };
}

/**
 * Reads a folder of images, a subfolder a class, several at once; [crop, crop, 3] bytes each. Throws DataError naming an image that is
 * damaged, ConfigError if they do not fit into memory, UnsupportedError without sharp, InterruptedError when stopped.
 */
export async function readImageFolder(folder: string, name: string, options: ImageFolderOptions): Promise<Source> {
  const found = await findImages(folder);
  const parts = choose(folder, found, options);
  const total = parts.train.length + parts.test.length + (parts.validation?.length ?? 0);
  const { crop } = checkImageSize(options.images ?? {});
  checkMemory(total, crop, memoryBytes());
  const decode = await imageDecoder();
  const about = { name, source: folder, classes: found.classes, shape: [crop, crop, 3], scale: 1 / 255 };
  const skipped: SkippedFile[] = [];
  let done = 0;
  const read = async (files: readonly ImageFile[]): Promise<Dataset> => {
    const decoding = new Decoding(files, options);
    const onImage = (): void =>
      options.onProgress?.({ stage: 'decode', what: folder, done: ++done, total, unit: 'images' });
    await Promise.all(Array.from({ length: 2 * cpuCount() }, () => decoding.work(decode, onImage)));
    const { dataset, skipped: left } = decoding.finish();
    skipped.push(...left);
    if (dataset.samples > 0 || files.length === 0) return { ...about, ...dataset };
    throw new DataError(folder, `none of ${files.length} images can be read, first: ${left[0]!.reason}`);
  };
  const train = await read(parts.train);
  const test = await read(parts.test);
  const validation = parts.validation === undefined ? {} : { validation: await read(parts.validation) };
  const { officialTestSamples } = parts;
  return { train, test, ...validation, officialTestSamples, drawn: true, ...(skipped.length > 0 ? { skipped } : {}) };
}
