export { findBestBatch } from './best-batch.ts';
export {
  type BatchChoice,
  type Contestant,
  type ContestantAtBatch,
  type MeasuredContest,
  measureContest,
} from './compare-subjects.ts';
export { type OpenSubject, openNetwork, stagedBatches, type TimedNetwork } from './network-subject.ts';
