// The data a study asks for.

import { blobs, type DataSplit, drawSubset, loadDataset, meanInput } from '../data/index.ts';
import type { DataRecord } from '../store/index.ts';
import type { Study } from './study.ts';

/** Samples of each part of the made-up set, unless the study says otherwise. */
const BLOBS = { train: 120, test: 40 };

/** Loads and splits the data. Throws DataError for files that cannot be right, ConfigError for counts that cannot. */
export async function loadStudyData({ data, seed }: Pick<Study, 'data' | 'seed'>): Promise<DataSplit> {
  if (data.dataset === 'blobs') return madeUp(data, seed);
  return loadDataset(data.dataset === 'folder' ? (data.path ?? '') : data.dataset, {
    ...(data.train === null ? {} : { train: data.train }),
    ...(data.test === null ? {} : { test: data.test }),
    validation: data.validation,
    seed,
  });
}

function madeUp(data: Study['data'], seed: number): DataSplit {
  const train = data.train ?? BLOBS.train;
  const validation = Math.round(train * data.validation);
  return blobs({ seed, train: train - validation, validation, test: data.test ?? BLOBS.test });
}

/** The first `count` samples drawn from a set, or all if it has fewer: what conversion is calibrated on. */
export const drawAtMost = (dataset: DataSplit['train'], count: number, seed: number): DataSplit['train'] =>
  drawSubset(dataset, Math.min(count, dataset.samples), seed, 'convert.calibrationSamples');

/** What the record says of the data. */
export function describeData({ train, validation, test, officialTestSamples }: DataSplit): DataRecord {
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
  };
}
