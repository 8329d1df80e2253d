export type { LayerCounts, Ledger, OpCounts } from './counts.ts';
export type { EnergyEstimate, ProfileType, ViewCounts } from './energy-types.ts';
