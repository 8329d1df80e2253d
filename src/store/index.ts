export { decodeNetworkFile, encodeNetworkFile, type NetworkFile, type Reading } from './network-file.ts';
export { parseRecord, serialiseRecord } from './parse-record.ts';
export type {
  AccuracyRecord,
  BaselineRecord,
  ConversionRecord,
  DataRecord,
  EarlyStopRecord,
  EnvironmentRecord,
  EpochRecord,
  HardeningRecord,
  MeasuredRecord,
  NetworkRecord,
  NormalizationRecord,
  OverTimeRecord,
  RasterRecord,
  RatesRecord,
  RunRecord,
  StreamRecord,
  TrainingRecord,
} from './record.ts';
export {
  type DamagedRun,
  listRuns,
  type RunSummary,
  readRecord,
  type SoundRun,
  writeRecord,
} from './record-files.ts';
export { makeRunId } from './run-id.ts';
export { decodeSafetensors, encodeSafetensors, type Tensor, type TensorFile } from './safetensors.ts';
export { environmentSchema } from './schema/environment.ts';
export { comparedSchema, contestSchema, measuredSchema, medianSchema } from './schema/measured.ts';
export { robustnessSchema } from './schema/robustness.ts';
export { recordSchema } from './schema/run.ts';
