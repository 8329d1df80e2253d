export type {
  AccuracyRecord,
  ConversionRecord,
  DataRecord,
  EnvironmentRecord,
  EpochRecord,
  NetworkRecord,
  RasterRecord,
  RunRecord,
  TrainingRecord,
} from './record.ts';
