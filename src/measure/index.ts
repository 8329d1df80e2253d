export { COLUMNS, type Column, countsOf, type LayerCounts, type Ledger, type OpCounts } from './counts.ts';
export type { EnergyEstimate, ProfileType, ViewCounts } from './energy-types.ts';
export { type CountOptions, countOperations } from './ledger.ts';
