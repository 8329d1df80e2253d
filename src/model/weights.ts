// Start values of all parameters, a function of (spec, seed) alone: layer i draws from stream (seed, init, i).
// Kaiming: He et al. 2015, doi 10.1109/ICCV.2015.123 (fan-in, gain sqrt 2). Xavier: Glorot and Bengio 2010.
// pytorch: default of torch.nn.Linear and Conv2d (Kaiming-uniform with a = sqrt 5), U(-1/sqrt(fanIn), 1/sqrt(fanIn)) for weight
// and bias. A convolution's fanIn is kh kw C/groups, its fanOut kh kw filters, as torch counts them.

import { type Rng, rng, STREAM, UnsupportedError } from '../core/index.ts';
import { rawDecay } from './coefficients.ts';
import { listParameters, type ParameterShape, type Weights } from './parameters.ts';
import type { ConvSpec, DenseSpec, InitSpec, LayerSpec, NetworkSpec, SlotSpec } from './spec.ts';

function uniform(generator: Rng, n: number, bound: number): Float32Array {
  return Float32Array.from({ length: n }, () => (2 * generator.uniform() - 1) * bound);
}

function normal(generator: Rng, n: number, deviation: number): Float32Array {
  return Float32Array.from({ length: n }, () => generator.normal() * deviation);
}

/** `n` weights (default: a matrix [fanIn, fanOut]) drawn by `kind`. */
export function drawWeights(
  kind: InitSpec['kind'],
  fanIn: number,
  fanOut: number,
  generator: Rng,
  n = fanIn * fanOut,
): Float32Array {
  switch (kind) {
    case 'pytorch':
      return uniform(generator, n, 1 / Math.sqrt(fanIn));
    case 'kaiming-uniform':
      return uniform(generator, n, Math.sqrt(6 / fanIn));
    case 'kaiming-normal':
      return normal(generator, n, Math.sqrt(2 / fanIn));
    case 'xavier-uniform':
      return uniform(generator, n, Math.sqrt(6 / (fanIn + fanOut)));
    case 'xavier-normal':
      return normal(generator, n, Math.sqrt(2 / (fanIn + fanOut)));
    default:
      throw new TypeError(`unknown initialiser ${kind satisfies never}`);
  }
}

/** A matrix of weights or its bias; `fanIn` is its number of rows. */
function drawn(parameter: ParameterShape, layer: DenseSpec | ConvSpec, fanIn: number, generator: Rng): Float32Array {
  const { role, columns } = parameter;
  const { kind } = layer.init;
  if (role === 'weight') {
    const taps = layer.kind === 'conv' ? layer.kernel[0] * layer.kernel[1] : 1;
    return drawWeights(kind, fanIn, taps * columns, generator, fanIn * columns);
  }
  return kind === 'pytorch' ? uniform(generator, columns, 1 / Math.sqrt(fanIn)) : new Float32Array(columns);
}

function slotValues({ role, rows, columns }: ParameterShape, layer: SlotSpec, generator: Rng): Float32Array {
  switch (role) {
    case 'ceiling':
      return Float32Array.of(typeof layer.ann === 'object' && layer.ann.kind === 'quantized' ? layer.ann.ceiling : 0);
    case 'beta':
      return Float32Array.from(rawDecay(layer.neuron));
    case 'threshold':
      return Float32Array.from([layer.neuron.threshold ?? []].flat());
    case 'recurrentScale':
      return new Float32Array(columns).fill(1);
    case 'recurrent':
    case 'recurrentBias':
      return uniform(generator, rows * columns, 1 / Math.sqrt(columns));
    default:
      throw new TypeError(`a slot has no parameter ${role}`);
  }
}

/** Start values of one parameter; `fanIn` is the input count of its layer. */
function initialValues(parameter: ParameterShape, layer: LayerSpec, fanIn: number, generator: Rng): Float32Array {
  const { role, columns } = parameter;
  switch (layer.kind) {
    case 'dense':
    case 'conv':
      return drawn(parameter, layer, fanIn, generator);
    case 'batch-norm':
      return new Float32Array(columns).fill(role === 'scale' || role === 'variance' ? 1 : 0);
    case 'slot':
      return slotValues(parameter, layer, generator);
    default:
      throw new TypeError(`layer "${layer.name}" of kind ${layer.kind} has no parameters`);
  }
}

/** 4 GiB of float32: what a 32-bit WebAssembly memory can address. */
const MOST_PARAMETERS = 2 ** 30;

/**
 * Start values of every parameter. Throws UnsupportedError for more than 2^30 of them. Recurrent matrices and biases start like
 * torch.nn.Linear's, one-to-one weights at 1; learned decays, thresholds and ceilings at what the spec says; a batch norm at
 * scale 1, shift 0, mean 0, variance 1.
 */
export function initialWeights(spec: NetworkSpec, seed: number): Weights {
  const parameters = listParameters(spec);
  const total = parameters.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  if (total > MOST_PARAMETERS) {
    throw new UnsupportedError(
      `network "${spec.name}": ${total} parameters are ${(total / 2 ** 28).toFixed(0)} GiB, and no engine holds more than 4; use fewer units`,
    );
  }
  const weights = new Map<string, Float32Array>();
  spec.layers.forEach((layer, i) => {
    const own = parameters.filter((parameter) => parameter.layer === layer.name);
    const generator = rng(seed, STREAM.init, i);
    for (const parameter of own) weights.set(parameter.key, initialValues(parameter, layer, own[0]!.rows, generator));
  });
  return weights;
}
