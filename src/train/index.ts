export {
  type CheckpointStore,
  folderCheckpoints,
  memoryCheckpoints,
  type StoredCheckpoint,
} from './checkpoint-store.ts';
export {
  type AdversarialTraining,
  type HardeningReport,
  type HardenOptions,
  hardeningFactor,
  type NoiseTraining,
  type TrainingAttack,
} from './harden-options.ts';
export type { CheckpointOptions, TrainHooks, TrainProgress } from './hooks.ts';
export type { NetworkTraining, OptimizerOptions, ScheduleOptions, TrainOptions } from './options.ts';
export { epochOrder } from './order.ts';
export type { EpochReport, TrainingReport, TrainResult } from './result.ts';
export { learningRate } from './schedule.ts';
export type { TrainingData } from './session.ts';
export type { Note } from './state.ts';
export { trainNetwork } from './train-network.ts';
