export type {
  Backend,
  Batch,
  CompileOptions,
  MemoryUse,
  Program,
  ProgramLayout,
  TimedEvent,
  TimedOperation,
  Timeline,
  UpdateOptions,
} from './backend.ts';
export { checkPlan } from './check/index.ts';
export { isRegression } from './operation-fields.ts';
export type {
  ActivationForm,
  BackwardOp,
  ForwardOp,
  GradientOp,
  JoinMode,
  KernelName,
  LossKind,
  NeuronOpDynamics,
  Op,
  ParameterSpec,
  Plan,
  PoolMode,
  Rows,
  TensorSpec,
  UpdateOp,
  Window,
} from './plan.ts';
export { type LatencyCode, latencyStep, latencyTime, referenceBackend } from './reference/index.ts';
export { type WasmBackend, type WasmOptions, wasmBackend } from './wasm/index.ts';
