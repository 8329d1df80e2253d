export { type BlobsOptions, blobs } from './blobs.ts';
export { type DataSplit, type Dataset, meanInput, sampleSize, subset } from './dataset.ts';
export { type IdxArray, type IdxValues, parseIdx } from './idx.ts';
export { type IdxPart, labelledImages } from './labelled-images.ts';
export { DATASETS, type LoadOptions, loadDataset } from './load.ts';
export { drawSubset, splitDataset } from './split.ts';
export { stageSamples } from './stage.ts';
