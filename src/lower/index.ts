export { INPUT_LAYER } from './encoder.ts';
export { inputOf } from './input-of.ts';
export { lossesFor } from './loss.ts';
export { lower, READOUT_LAYER } from './lower.ts';
export type {
  Derived,
  LossChoice,
  Lowered,
  LowerOptions,
  Observe,
  OptimizerChoice,
  Outputs,
  Probe,
} from './options.ts';
export { readWeights, writeWeights } from './parameters.ts';
