export { CORRUPTIONS, type Corruption, type CorruptionInfo, corrupt, openCorruption } from './corruption.ts';
export type { CorruptionOptions } from './corruptions/corruption-kind.ts';
export {
  ATTACKS,
  type AttackName,
  type AttackOptions,
  type NoiseLevels,
  type NoiseOptions,
  type RobustnessOptions,
} from './options.ts';
export { openPixels, type PixelOptions, type PixelSource } from './pixels.ts';
export type {
  AlarmKind,
  AttackLine,
  AttackPoint,
  AttackRole,
  AttackSweep,
  ExampleImage,
  ExampleVariant,
  Interval,
  MaskingAlarm,
  NoiseCurve,
  NoiseSweep,
  RobustnessResult,
  SweepPoint,
} from './result.ts';
export type { AttackSettings, CorruptionKind, FaultKind, GradientSettings, Norm } from './settings.ts';
export type { Images, PixelRange, Subject } from './subject.ts';
