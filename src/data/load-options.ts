// What `loadDataset` can be told.

import type { FetchOptions } from './archive.ts';
import type { CifarLabels } from './cifar-layout.ts';
import type { Normalization } from './dataset.ts';
import type { NORMALIZATIONS } from './normalize.ts';
import type { ImageSize } from './resize.ts';

/** Extends what fetching takes: `download`, `cache`, `onProgress`, `signal`. */
export interface LoadOptions extends FetchOptions {
  /** Training samples to use, validation included; default all. */
  readonly train?: number;
  /** Test samples to use; default all. */
  readonly test?: number;
  /** Share of the training samples held out; default 0. */
  readonly validation?: number;
  /** Share of the samples that becomes the test set where there is none; default 0.2. */
  readonly testShare?: number;
  /** Of the splits and the draws; default 0. */
  readonly seed?: number;
  /** Class names of a set of idx or NumPy files; default the labels' numbers. */
  readonly classes?: readonly string[];
  /** CIFAR-100's 100 fine classes or its 20 coarse ones; default fine. */
  readonly labels?: CifarLabels;
  /** What is made of the images of a folder; default 256, then the middle 224 x 224. */
  readonly images?: ImageSize;
  /** Leave damaged images out and list them in `skipped`; default false. */
  readonly skipCorrupt?: boolean;
  /** By given values, by those known under a name, or as measured on the training samples (validation left out); default none. */
  readonly normalize?: Normalization | keyof typeof NORMALIZATIONS | 'measured';
}
