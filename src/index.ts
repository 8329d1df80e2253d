// Spikewatt as a library: would a spiking network do this job for less?

export {
  ConfigError,
  DataError,
  InterruptedError,
  type Joules,
  NumericError,
  type Seconds,
  ShapeError,
  SpikewattError,
  toKilowattHours,
  UnsupportedError,
  VERSION,
} from './core/index.ts';
export { blobs, DATASETS, type DataSplit, type Dataset, loadDataset, splitDataset, subset } from './data/index.ts';
export { type Backend, referenceBackend, type WasmBackend, wasmBackend } from './engine/index.ts';
export {
  type CompareOptions,
  compare,
  convert,
  loadStudy,
  type Progress,
  type RunDocument,
  type Study,
  type StudyInput,
  simulate,
  studyPresets,
  summariseRecord,
  type TrainSettings,
  train,
} from './experiment/index.ts';
export {
  countOperations,
  type EnergyEstimate,
  type EnergyProfile,
  earlyStopCurve,
  energyOverTime,
  estimateEnergy,
  type Ledger,
  type OpCounts,
  operationsOverTime,
  PROFILES,
  profile,
  viewsOf,
} from './measure/index.ts';
export {
  countParameters,
  type DecoderSpec,
  dense,
  dialects,
  dropout,
  type EncoderSpec,
  flatten,
  ifNeuron,
  initialWeights,
  integrator,
  type LayerSpec,
  lif,
  mlp,
  type NetworkSpec,
  type NeuronSpec,
  network,
  networkToJson,
  PRESETS,
  parseNetwork,
  plif,
  preset,
  recurrentLif,
  slot,
  synaptic,
  type Weights,
} from './model/index.ts';
export { comparisonTable, csvTable, latexTable, renderHtml, verdictText } from './report/index.ts';
export {
  type ActivityTrace,
  accuracyOverTime,
  type EarlyStop,
  type SimulateOptions,
  type SimulationResult,
  type StreamOptions,
  type StreamResult,
  simulateStream,
} from './simulate/index.ts';
export {
  decodeNetworkFile,
  encodeNetworkFile,
  type NetworkFile,
  type NetworkRecord,
  type RunRecord,
  readRecord,
  writeRecord,
} from './store/index.ts';
export type { TrainHooks, TrainResult } from './train/index.ts';
