export { bootstrapMedian, median } from './bootstrap.ts';
export { measureTrials, type TrialHooks } from './measure-trials.ts';
export { TOO_FEW } from './medians.ts';
export { FEWEST, type TrialOptions, type TrialSettings, type TrialSubject, trialSettings } from './options.ts';
export { passOrder } from './order.ts';
export {
  type Compared,
  type EnergySource,
  type Idle,
  isMeasured,
  type MeasuredMedian,
  type Median,
  type NotMeasured,
  type SubjectEnergy,
  type SubjectResult,
  type Trial,
  type TrialsResult,
  type TrialsSummary,
  type WarmUp,
} from './result.ts';
export { runFor, type Stretch } from './stretch.ts';
export { liveWorld, type TrialWorld } from './world.ts';
