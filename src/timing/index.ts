export { findBestBatch } from './best-batch.ts';
export { type BreakEven, breakEven, type RatioPoint } from './break-even.ts';
export {
  type BatchChoice,
  type Contestant,
  type ContestantAtBatch,
  type ContestHooks,
  type ContestSummary,
  type MeasuredContest,
  measureContest,
  summariseContest,
} from './contest.ts';
export { measureCrossover } from './crossover.ts';
export {
  type AnnTime,
  type Crossover,
  type CrossoverLine,
  type CrossoverOptions,
  type CrossoverPath,
  type CrossoverPoint,
  PATHS,
} from './crossover-result.ts';
export { type OpenSubject, openNetwork, stagedBatches, type TimedNetwork } from './network-subject.ts';
export { onnxContestant } from './onnx-contestant.ts';
export { atSpikeRate, hiddenRate, hiddenSlots, type NetworkAtRate } from './spike-rate.ts';
