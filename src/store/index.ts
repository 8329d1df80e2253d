export { parseRecord, serialiseRecord } from './parse-record.ts';
export type {
  AccuracyRecord,
  BaselineRecord,
  ConversionRecord,
  DataRecord,
  EnvironmentRecord,
  EpochRecord,
  NetworkRecord,
  RasterRecord,
  RunRecord,
  TrainingRecord,
} from './record.ts';
export { makeRunId } from './run-id.ts';
export { recordSchema } from './schema/run.ts';
