export { checkOnnx, ONNX_TOLERANCE, type OnnxCheck, type OnnxCheckOptions } from './check.ts';
export { exportOnnx, inputDims, type OnnxOptions, outputName } from './export.ts';
export {
  type OnnxProvider,
  type OnnxRuntimeOptions,
  type OnnxSession,
  type OnnxUnavailable,
  openOnnx,
} from './runtime.ts';
export { type OnnxTiming, type OnnxTimingOptions, timeOnnx } from './time.ts';
