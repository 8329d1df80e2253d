// The data a study asks for.

import {
  blobs,
  type DataSplit,
  drawSubset,
  loadDataset,
  meanInput,
  NORMALIZATIONS,
  withNormalization,
} from '../data/index.ts';
import type { DataRecord, NormalizationRecord } from '../store/index.ts';
import { followLoading } from './load-progress.ts';
import { type Progress, silentProgress } from './progress.ts';
import type { Study } from './study.ts';

/** Samples of each part of the made-up set, unless the study says otherwise. */
const BLOBS = { train: 120, test: 40 };

type Known = keyof typeof NORMALIZATIONS;
type DataChoice = Pick<Study, 'data' | 'seed' | 'encoder' | 'convert'>;

interface Follower {
  readonly progress?: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads and splits the data. Throws DataError for files that cannot be right, ConfigError for settings that cannot, InterruptedError
 * when stopped.
 */
export async function loadStudyData(
  study: DataChoice,
  { progress = silentProgress, signal }: Follower = {},
): Promise<DataSplit> {
  const { data, seed } = study;
  progress.begin('Load data', 0, 'images');
  const split =
    data.dataset === 'blobs'
      ? madeUp(data, seed)
      : await loadDataset(data.dataset === 'folder' ? (data.path ?? '') : data.dataset, {
          ...loadOptions(data),
          seed,
          ...(signal === undefined ? {} : { signal }),
          onProgress: followLoading(progress),
        });
  return data.normalize === 'auto' ? normalizedByName(split, study) : split;
}

function loadOptions({
  train,
  test,
  validation,
  download,
  cache,
  labels,
  skipCorrupt,
  images,
  normalize,
}: Study['data']) {
  return {
    ...{ validation, download, skipCorrupt, labels },
    ...(train === null ? {} : { train }),
    ...(test === null ? {} : { test }),
    ...(cache === null ? {} : { cache }),
    ...(images === null ? {} : { images }),
    ...(normalize === 'auto' || normalize === 'none' ? {} : { normalize }),
  };
}

/** Data whose mean and deviation are known; nothing that an encoder of values from 0 to 1 is to read. */
function normalizedByName(split: DataSplit, { encoder, convert }: DataChoice): DataSplit {
  const by = knownFor(split.train);
  if (by === undefined || encoder.kind !== 'constant' || convert.encoder.kind !== 'constant') return split;
  const values = NORMALIZATIONS[by];
  const { train, validation, test } = split;
  return {
    ...split,
    train: withNormalization(train, values),
    validation: withNormalization(validation, values),
    test: withNormalization(test, values),
  };
}

function knownFor({ name, shape }: DataSplit['train']): Known | undefined {
  if (shape.join() !== '32,32,3') return undefined;
  if (name === 'CIFAR-10') return 'cifar10';
  return name.startsWith('CIFAR-100') ? 'cifar100' : undefined;
}

function madeUp(data: Study['data'], seed: number): DataSplit {
  const train = data.train ?? BLOBS.train;
  const validation = Math.round(train * data.validation);
  return blobs({
    ...{ seed, train: train - validation, validation, test: data.test ?? BLOBS.test },
    ...(data.shape === null ? {} : { shape: data.shape }),
  });
}

/** The first `count` samples drawn from a set, or all if it has fewer: what conversion is calibrated on. */
export const drawAtMost = (dataset: DataSplit['train'], count: number, seed: number): DataSplit['train'] =>
  drawSubset(dataset, Math.min(count, dataset.samples), seed, 'convert.calibrationSamples');

/** What the record says of the data. */
export function describeData(
  { train, validation, test, officialTestSamples, skipped }: DataSplit,
  { data }: Pick<Study, 'data'>,
): DataRecord {
  const normalize = normalizationOf(train, data);
  return {
    name: test.name,
    source: test.source,
    classes: test.classes,
    shape: test.shape,
    trainSamples: train.samples,
    validationSamples: validation.samples,
    testSamples: test.samples,
    officialTestSamples,
    meanInput: meanInput(test),
    ...(normalize === undefined ? {} : { normalize }),
    ...(skipped === undefined || skipped.length === 0 ? {} : { skipped }),
  };
}

function normalizationOf({ normalize }: DataSplit['train'], data: Study['data']): NormalizationRecord | undefined {
  if (normalize === undefined) return undefined;
  const known = (Object.keys(NORMALIZATIONS) as Known[]).find((name) => NORMALIZATIONS[name] === normalize);
  return { by: known ?? (data.normalize === 'measured' ? 'measured' : 'given'), ...normalize };
}
