export { type Accuracy, accuracyOf, confusionOf, wilsonInterval } from './accuracy.ts';
export type { SimulateOptions, SimulationResult } from './options.ts';
export type { Raster, RasterLayer } from './raster.ts';
export { simulateNetwork } from './simulate.ts';
export type {
  ActivityTrace,
  DenseActivity,
  EncoderActivity,
  LayerActivity,
  NeuronActivity,
  ReluActivity,
} from './trace.ts';
