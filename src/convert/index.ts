export { calibrate, calibrateChannels } from './calibrate.ts';
export { type ConvertedNetwork, type ConvertedSlot, type ConvertOptions, convertNetwork } from './convert.ts';
export type { ConversionStep } from './draft.ts';
export type { CalibrateOptions, ChannelScales, Scales } from './options.ts';
export { type PreparedNetwork, type PrepareOptions, prepareNetwork } from './prepare.ts';
export { ConversionRefusal } from './refusal.ts';
export { conversionSweep, type SweepPoint, smallestTimesteps } from './sweep.ts';
