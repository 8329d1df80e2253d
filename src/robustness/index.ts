export { perturb } from './attacks/attack.ts';
export type { AttackTools } from './attacks/attack-context.ts';
export {
  CORRUPTIONS,
  type Corruption,
  type CorruptionInfo,
  corrupt,
  openCorruption,
} from './corruptions/corruption.ts';
export type { CorruptionOptions } from './corruptions/corruption-kind.ts';
export { applyFault, FAULTS, type FaultInfo, openFault } from './faults/fault.ts';
export { type Fault, type FaultDraw, isApplicable, type NotApplicable } from './faults/fault-kind.ts';
export { attackLoss } from './network/attack-loss.ts';
export { type Classifier, type ClassifierOptions, openClassifier, type Verdicts } from './network/classifier.ts';
export {
  type Differentiator,
  type DifferentiatorOptions,
  type LossGradient,
  openDifferentiator,
} from './network/differentiator.ts';
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
export { studyRobustness } from './study.ts';
export type { Images, PixelRange, Subject } from './subject.ts';
export type { RobustnessHooks } from './sweep/meter.ts';
export { DEFAULT_NOISE } from './sweep/noise-sweep.ts';
