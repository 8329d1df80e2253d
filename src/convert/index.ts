export { calibrate, calibrateChannels } from './calibrate.ts';
export { type ConvertedNetwork, type ConvertedSlot, type ConvertOptions, convertNetwork } from './convert.ts';
export {
  type ConversionDiagnosis,
  type DiagnoseOptions,
  diagnoseConversion,
  examine,
  type Finding,
  type FixTrials,
  type LayerDiagnosis,
  type RateHistogram,
  type TriedFix,
} from './doctor/index.ts';
export type { ConversionStep } from './draft.ts';
export { foldNorms } from './fold-norms.ts';
export { calibrateOffsets, type OffsetOptions } from './offsets.ts';
export type { CalibrateOptions, ChannelScales, Scales } from './options.ts';
export type { MaxPoolChoice } from './passes/max-pool.ts';
export { type PreparedNetwork, type PrepareOptions, prepareNetwork } from './prepare.ts';
export { ConversionRefusal } from './refusal.ts';
export { conversionSweep, type SweepPoint, smallestTimesteps } from './sweep.ts';
