// Start values of all parameters, a function of (spec, seed) alone: layer i draws from stream (seed, init, i).
// Kaiming: He et al. 2015, doi 10.1109/ICCV.2015.123 (fan-in, gain sqrt 2). Xavier: Glorot and Bengio 2010.
// pytorch: torch.nn.Linear's default, U(-1/sqrt(in), 1/sqrt(in)) for weight and bias.

import { type Rng, rng, STREAM, UnsupportedError } from '../core/index.ts';
import { rawDecay } from './coefficients.ts';
import { listParameters, type ParameterShape, type Weights } from './parameters.ts';
import type { InitSpec, LayerSpec, NetworkSpec } from './spec.ts';

function uniform(generator: Rng, n: number, bound: number): Float32Array {
  return Float32Array.from({ length: n }, () => (2 * generator.uniform() - 1) * bound);
}

function normal(generator: Rng, n: number, deviation: number): Float32Array {
  return Float32Array.from({ length: n }, () => generator.normal() * deviation);
}

/** Weight matrix [fanIn, fanOut] drawn by `kind`. */
export function drawWeights(kind: InitSpec['kind'], fanIn: number, fanOut: number, generator: Rng): Float32Array {
  const n = fanIn * fanOut;
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

/** Start values of one parameter; `fanIn` is the input count of its layer. */
function initialValues(parameter: ParameterShape, layer: LayerSpec, fanIn: number, generator: Rng): Float32Array {
  const { role, rows, columns } = parameter;
  if (layer.kind === 'dense') {
    if (role === 'weight') return drawWeights(layer.init.kind, rows, columns, generator);
    return layer.init.kind === 'pytorch'
      ? uniform(generator, columns, 1 / Math.sqrt(fanIn))
      : new Float32Array(columns);
  }
  if (layer.kind !== 'slot') throw new TypeError(`layer "${layer.name}" of kind ${layer.kind} has no parameters`);
  switch (role) {
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
      throw new TypeError(`a neuron has no parameter ${role}`);
  }
}

/** 4 GiB of float32: what a 32-bit WebAssembly memory can address. */
const MOST_PARAMETERS = 2 ** 30;

/**
 * Start values of every parameter. Throws UnsupportedError for more than 2^30 of them. Recurrent matrices and biases start like torch.nn.Linear's, one-to-one weights at 1,
 * learned decays and thresholds at what the spec says.
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
