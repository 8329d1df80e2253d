export { toBase64 } from './base64.ts';
export { configIssue, keyPath, type SchemaIssue, showValue, valueAt } from './config-issue.ts';
export {
  ConfigError,
  DataError,
  InterruptedError,
  NumericError,
  ShapeError,
  SpikewattError,
  UnsupportedError,
} from './errors.ts';
export type { CommandResult, HostInfo, Platform, ProcessUsage, TextFile } from './platform/types.ts';
export { philox, type Rng, rng, STREAM } from './random.ts';
export { clusterInterval, type Interval, pairedDifference, pairedZ, wilsonInterval } from './statistics.ts';
export { logistic, SURROGATES, type SurrogateKind, surrogateDerivative, surrogateValue } from './surrogate.ts';
export {
  type Bytes,
  bytes,
  type Count,
  count,
  energyOf,
  fromKilowattHours,
  type Joules,
  joules,
  type KilowattHours,
  picojoules,
  type Seconds,
  seconds,
  toKilowattHours,
  type Watts,
  watts,
} from './units.ts';
export { VERSION } from './version.ts';
