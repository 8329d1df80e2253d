export { type Accuracy, accuracyOf, confusionOf } from './accuracy.ts';
export type { ConfidenceRule } from './confidence.ts';
export type { EarlyStop, EarlyStopOptions } from './early-stop.ts';
export type { SimulateOptions, SimulationResult } from './options.ts';
export { accuracyOverTime } from './over-time.ts';
export type { Raster, RasterLayer } from './raster.ts';
export { simulateNetwork } from './simulate.ts';
export { type Latency, type StreamOptions, type StreamResult, simulateStream } from './stream.ts';
export { eventsPerSample, synopsPerSample } from './synops.ts';
export type {
  ActivationActivity,
  ActivityTrace,
  ConvActivity,
  DenseActivity,
  EncoderActivity,
  JoinActivity,
  LayerActivity,
  NeuronActivity,
  NormActivity,
  PoolActivity,
  ReluActivity,
  SoftmaxActivity,
} from './trace.ts';
export type { NeuronChoice, WatchedNeuron, WatchOptions } from './watch.ts';
export {
  inputPixels,
  kernelTaps,
  mostReached,
  outputPixels,
  pixelReach,
  tapsInside,
  tilesExactly,
} from './window.ts';
