export { COLUMNS, type Column, countsOf, type LayerCounts, type Ledger, type OpCounts } from './counts.ts';
export { type Baseline, type BaselineOptions, int8Baseline, quantisedTwin, twinBits } from './energy/baselines.ts';
export { type BreakEven, breakEven } from './energy/break-even.ts';
export { type EarlyStopPoint, earlyStopCurve } from './energy/early-stop-savings.ts';
export { estimateEnergy } from './energy/estimate-energy.ts';
export { energyOverTime, type OperationsAfter, operationsOverTime } from './energy/over-time.ts';
export { type SynapticActivity, synapticActivity } from './energy/synaptic-activity.ts';
export { type Standing, standing, THRESHOLDS, type Threshold } from './energy/thresholds.ts';
export type { EnergyEstimate, EnergyTerm, ProfileType, ViewCounts } from './energy-types.ts';
export { type CountOptions, countOperations } from './ledger.ts';
export {
  CONSTANTS,
  type Constant,
  constant,
  type EnergyProfile,
  energyOfOne,
  energyPerOperation,
  type LinearProfile,
  type MemoryTrafficProfile,
  PROFILES,
  type Prices,
  profile,
  withTerm,
} from './profiles/index.ts';
export { type ViewOptions, viewsOf } from './views/index.ts';
