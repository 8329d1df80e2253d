export { INPUT_LAYER } from './encoder.ts';
export { READOUT_LAYER } from './end.ts';
export { inputOf } from './input-of.ts';
export { lossesFor } from './loss.ts';
export { lower } from './lower.ts';
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
