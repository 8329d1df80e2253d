export { cpuGovernor } from './cpu-frequency.ts';
export { type CpuTimes, readCpuTimes } from './cpu-load.ts';
export { briefReasons, type DetectedMeters, detectMeters, notMeasurable } from './detect.ts';
export type {
  Coverage,
  EnergyReading,
  Figure,
  Gauge,
  Meter,
  PowerReading,
  Reading,
  UnavailableMeter,
} from './meter.ts';
export { MeterError, type MeterProblem } from './meter-error.ts';
export { shortestWindow } from './meter-track.ts';
export {
  addUp,
  type EnergyOutcome,
  type FigureRange,
  type GroupEnergy,
  type InterruptedEnergy,
  type MeasuredEnergy,
  outcomeProblem,
  type UnmeasuredEnergy,
} from './outcome.ts';
export { type SystemView, systemView } from './system-view.ts';
export { type EnergyWindow, measureEnergy, openWindow, type WindowOptions } from './window.ts';
