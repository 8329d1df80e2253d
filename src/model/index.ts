export {
  add,
  batchNorm,
  dense,
  dropout,
  flatten,
  join,
  network,
  type Reads,
  slot,
  softmax,
} from './builder.ts';
export { type Coefficients, decayCoefficients, type NeuronTraits, neuronTraits, rawDecay } from './coefficients.ts';
export { argmax, DECODERS, type DecoderInput, decode, finalScores, readsSpikes, UNDECIDED } from './decode.ts';
export {
  convFromTorch,
  denseFromTorch,
  dialects,
  type LapicqueOptions,
  type LifNodeOptions,
  mapFromTorch,
  type NorseBoxOptions,
  type NorseOptions,
  type ParametricLifNodeOptions,
  type SnntoolboxOptions,
  type SnntorchOptions,
  type SpikingjellyOptions,
} from './dialects/index.ts';
export { sourcesOf, spikingLayers } from './graph.ts';
export {
  ifNeuron,
  integrator,
  type LeakyOptions,
  lif,
  type NeuronOptions,
  plif,
  type RecurrentOptions,
  recurrentLif,
  type SynapticOptions,
  synaptic,
} from './neurons/index.ts';
export {
  checkWeights,
  countParameters,
  listParameters,
  type ParameterRole,
  type ParameterShape,
  type Weights,
} from './parameters.ts';
export { networkToJson, parseNetwork } from './parse.ts';
export {
  describePreset,
  type MlpOptions,
  mlp,
  PRESET_LIST,
  PRESETS,
  type PresetDescription,
  type PresetOptions,
  preset,
} from './presets/index.ts';
export { networkSchema, neuronSchema } from './schema.ts';
export { channelsOf, inferShapes, type LayerShape, outputShape, sizeOf } from './shapes.ts';
export type {
  ActivationSpec,
  BatchNormSpec,
  ConvSpec,
  DecaySpec,
  DecoderSpec,
  DenseSpec,
  DropoutSpec,
  EncoderSpec,
  FlattenSpec,
  InitSpec,
  JoinSpec,
  LatencyEncoderSpec,
  LayerSpec,
  NetworkSpec,
  NeuronSpec,
  Pair,
  PerNeuron,
  PoolSpec,
  ResetSpec,
  SlotSpec,
  SoftmaxSpec,
  SurrogateSpec,
} from './spec.ts';
export { INPUT_NAME } from './spec.ts';
export { validateNetwork } from './validate.ts';
export { drawWeights, initialWeights } from './weights.ts';
export { type WindowShape, windowOf } from './window.ts';
export {
  averagePool,
  type ConvOptions,
  conv,
  depthwise,
  globalPool,
  type Lengths,
  maxPool,
  type PoolOptions,
  pool,
} from './window-builder.ts';
