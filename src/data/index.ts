export { ARCHIVES, type Archive, type FetchOptions, fetchArchive } from './archive.ts';
export type { Augmentation } from './augment.ts';
export { type BlobsOptions, blobs } from './blobs.ts';
export { type CifarImages, parseCifar } from './cifar.ts';
export { CIFAR, type CifarKind, type CifarLabels } from './cifar-layout.ts';
export {
  type DataSplit,
  type Dataset,
  meanInput,
  type Normalization,
  type SkippedFile,
  sampleSize,
  subset,
} from './dataset.ts';
export { type DownloadOptions, downloadFile } from './download.ts';
export {
  asMap,
  asSequence,
  DEFAULT_SPLIT,
  type ForecastData,
  type ForecastSampleOptions,
  type ForecastSplit,
  forecastSamples,
  type Stretch,
} from './forecast-samples.ts';
export { type IdxArray, type IdxValues, parseIdx } from './idx.ts';
export { type ArraysAbout, labelledArrays, type NamedArray } from './labelled-arrays.ts';
export { type IdxPart, labelledImages } from './labelled-images.ts';
export { DATASETS, loadDataset } from './load.ts';
export type { LoadOptions } from './load-options.ts';
export { type MackeyGlassOptions, mackeyGlass } from './mackey-glass.ts';
export { measureNormalization, NORMALIZATIONS, withNormalization } from './normalize.ts';
export { type NpyArray, type NpyValues, parseNpy } from './npy.ts';
export { type NpzFile, openNpz } from './npz.ts';
export type { ImageSize } from './resize.ts';
export type { Series } from './series.ts';
export { parseSeriesCsv, type SeriesCsvOptions } from './series-csv.ts';
export type { LoadProgress } from './source.ts';
export { drawSubset, type HeldOut, splitDataset } from './split.ts';
export { openStager, type Stager, stageSamples, stagesBytes } from './stage.ts';
