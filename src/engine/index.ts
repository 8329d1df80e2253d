export type { Backend, Batch, CompileOptions, Program, UpdateOptions } from './backend.ts';
export { checkPlan } from './check/index.ts';
export type {
  BackwardOp,
  ForwardOp,
  GradientOp,
  KernelName,
  LossKind,
  NeuronOpDynamics,
  Op,
  ParameterSpec,
  Plan,
  Rows,
  TensorSpec,
  UpdateOp,
} from './plan.ts';
export { referenceBackend } from './reference/index.ts';
export { type WasmBackend, type WasmOptions, wasmBackend } from './wasm/index.ts';
