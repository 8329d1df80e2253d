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
