export { calibrate } from './calibrate.ts';
export { type ConvertedNetwork, type ConvertOptions, convertNetwork } from './convert.ts';
export type { CalibrateOptions, Scales } from './options.ts';
export { conversionSweep, type SweepPoint, smallestTimesteps } from './sweep.ts';
