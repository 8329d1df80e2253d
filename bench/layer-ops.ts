// Single operations of a layer, ready to be timed: products at a given density, neurons, the rate encoder.

import { rng, STREAM } from '../src/core/index.ts';
import type { ForwardOp, NeuronOpDynamics } from '../src/engine/index.ts';
import { parameter, type RepeatedOp, tensor } from './repeated-op.ts';

export interface LayerSize {
  readonly inputs: number;
  readonly outputs: number;
  readonly timesteps: number;
  readonly samples: number;
}

export type InputKind = 'spikes' | 'analog';
export type Product = 'forward' | 'backward' | 'gradient';

export const load = (x: string): ForwardOp => ({ kernel: 'load', layer: 'input', source: 'floats', scale: 1, x });
export const encode = (x: string, spikes: string): ForwardOp => ({
  ...{ kernel: 'encode-rate', layer: 'encoder', gain: 1, offset: 0, x, spikes },
});

export const uniform = (length: number, scale = 1): Float32Array => {
  const from = rng(1, STREAM.noise);
  return Float32Array.from({ length }, () => scale * (from.uniform() - 0.5));
};

/** Values of which a share `density` is not zero. */
export function sparse(length: number, density: number): Float32Array {
  const from = rng(2, STREAM.noise);
  return Float32Array.from({ length }, () => (from.uniform() < density ? 0.1 + from.uniform() : 0));
}

/** x W, dy W^T or x^T dy of one layer, over all time steps of a batch, with inputs of which a share is not zero. */
export function productOp(product: Product, kind: InputKind, density: number, size: LayerSize): RepeatedOp {
  const { inputs, outputs, timesteps, samples } = size;
  const spiking = kind === 'spikes';
  const keep = product === 'gradient' ? 'gradients' : 'chunk';
  const x = spiking ? 'spikes' : 'x';
  const base = {
    tensors: [
      tensor('x', spiking ? 'sample' : 'step', inputs, 'analog', spiking ? 'chunk' : keep),
      ...(spiking ? [tensor('spikes', 'step', inputs, 'spikes', keep)] : []),
      tensor('dy', 'step', outputs, 'analog', keep),
    ],
    parameters: [parameter('w', inputs, outputs)],
    forward: [
      load('x'),
      ...(spiking ? [encode('x', 'spikes')] : []),
      { kernel: 'dense', layer: 'fc', x, weight: 'w', y: 'dy' } as const,
    ],
    backward: [],
  };
  return {
    ...{ timesteps, samples, base },
    input: spiking ? new Float32Array(samples * inputs).fill(density) : sparse(samples * timesteps * inputs, density),
    parameters: new Map([['w', uniform(inputs * outputs, 2 / Math.sqrt(inputs))]]),
    copy: (k) => {
      const y = `y${k}`;
      if (product === 'forward')
        return {
          tensors: [tensor(y, 'step', outputs)],
          forward: [{ kernel: 'dense', layer: 'fc', x, weight: 'w', y }],
        };
      if (product === 'backward')
        return {
          tensors: [tensor(y, 'step', inputs)],
          backward: [{ kernel: 'dense-backward', layer: 'fc', dy: 'dy', weight: 'w', dx: y }],
        };
      return {
        parameters: [parameter(`dw${k}`, inputs, outputs)],
        gradients: [{ kernel: 'dense-gradient', layer: 'fc', x, dy: 'dy', dWeight: `dw${k}` }],
      };
    },
  };
}

/** A layer of neurons through all time steps, forward (with what training keeps) or in reverse. */
export function neuronOp(direction: 'forward' | 'backward', dynamics: NeuronOpDynamics, size: LayerSize): RepeatedOp {
  const { inputs: n, timesteps, samples } = size;
  const run = (k: string) => ({
    ...{ layer: 'n', dynamics, current: 'x', spikes: `s${k}`, charge: `u${k}`, membrane: `m${k}` },
    ...(dynamics.alpha !== undefined && { synapse: `i${k}` }),
  });
  const outputs = (k: string) => [
    tensor(`s${k}`, 'step', n, 'spikes'),
    ...['u', 'm', ...(dynamics.alpha !== undefined ? ['i'] : [])].map((id) => tensor(id + k, 'step', n)),
  ];
  return {
    ...{ timesteps, samples },
    input: Float32Array.from(uniform(samples * timesteps * n, 1), (value) => value + 0.3),
    base: {
      tensors: [tensor('x', 'step', n), ...outputs('')],
      parameters: ['a', 'b', 'c', 'threshold', 'alpha'].map((id) => parameter(id, 1, n)),
      forward: [load('x'), { kernel: 'neuron', ...run('') }],
      backward: [],
    },
    parameters: new Map(
      Object.entries({ a: 0.9, b: 1, c: 0, threshold: 1, alpha: 0.8 }).map(([id, v]) => [id, Array(n).fill(v)]),
    ),
    copy: (k) =>
      direction === 'forward'
        ? { tensors: outputs(`-${k}`), forward: [{ kernel: 'neuron', ...run(`-${k}`) }] }
        : {
            tensors: [tensor(`d${k}`, 'step', n)],
            backward: [{ kernel: 'neuron-backward', ...run(''), dSpikes: 'x', dCurrent: `d${k}` }],
          },
  };
}

/** Bernoulli spikes of every feature and time step, with the same probability everywhere. */
export function encoderOp(probability: number, { inputs, timesteps, samples }: LayerSize): RepeatedOp {
  return {
    ...{ timesteps, samples },
    input: new Float32Array(samples * inputs).fill(probability),
    base: { tensors: [tensor('x', 'sample', inputs)], parameters: [], forward: [load('x')], backward: [] },
    copy: (k) => ({
      tensors: [tensor(`s${k}`, 'step', inputs, 'spikes')],
      forward: [encode('x', `s${k}`)],
    }),
  };
}
