// Single operations on maps, ready to be timed: convolutions at a given density, pools, batch norms, neurons.

import type { NeuronOpDynamics, PoolMode, TensorSpec, Window } from '../src/engine/index.ts';
import { encode, type InputKind, load, type Product, sparse, uniform } from './layer-ops.ts';
import { parameter, type RepeatedOp, tensor } from './repeated-op.ts';

export interface MapSize {
  /** Height and width. */
  readonly map: readonly [number, number];
  readonly channels: number;
  readonly timesteps: number;
  readonly samples: number;
}

export interface ConvSize extends MapSize {
  readonly filters: number;
  readonly kernel: readonly [number, number];
}

const valuesOf = ({ map: [height, width], channels }: MapSize): number => height * width * channels;

/** Rows of a batch times values of a row. */
export const valuesIn = (size: MapSize): number => valuesOf(size) * size.timesteps * size.samples;

/** Taps that read a map's pixels, of a window with stride 1 that keeps its size: those beyond the border are not there. */
function tapsOf({ map, kernel }: ConvSize): number {
  const [rows, columns] = [0, 1].map((axis) => {
    const half = (kernel[axis]! - 1) / 2;
    return kernel[axis]! * map[axis]! - half * (half + 1);
  }) as [number, number];
  return rows * columns;
}

/** Multiplications of the direct way, over all rows of a batch. */
export const macsOf = (size: ConvSize): number =>
  tapsOf(size) * size.channels * size.filters * size.timesteps * size.samples;

const onMap = (id: string, size: MapSize, keep: TensorSpec['keep'], values: TensorSpec['values'] = 'analog') => ({
  ...tensor(id, 'step', valuesOf(size), values, keep),
  channels: size.channels,
});

const sameSize = ({ map, kernel }: ConvSize): Window => ({
  ...{ input: map, output: map, kernel, stride: [1, 1], dilation: [1, 1] },
  padding: [(kernel[0] - 1) / 2, (kernel[1] - 1) / 2],
});

/** A convolution that keeps the map's size, its way back, or its weight gradient, of inputs of which a share is not zero. */
export function convOp(product: Product, kind: InputKind, density: number, size: ConvSize): RepeatedOp {
  const { channels, filters, kernel, timesteps, samples } = size;
  const spiking = kind === 'spikes';
  const keep = product === 'gradient' ? 'gradients' : 'chunk';
  const x = spiking ? 'spikes' : 'x';
  const outputs = { ...size, channels: filters };
  const rows = kernel[0] * kernel[1] * channels;
  const fields = { layer: 'conv', window: sameSize(size), groups: 1 } as const;
  const source = { ...onMap('x', size, spiking ? 'chunk' : keep), rows: spiking ? 'sample' : 'step' } as const;
  return {
    ...{ timesteps, samples },
    input: spiking
      ? new Float32Array(samples * valuesOf(size)).fill(density)
      : sparse(samples * timesteps * valuesOf(size), density),
    parameters: new Map([['w', uniform(rows * filters, 2 / Math.sqrt(rows))]]),
    base: {
      tensors: [source, ...(spiking ? [onMap('spikes', size, keep, 'spikes')] : []), onMap('dy', outputs, keep)],
      parameters: [parameter('w', rows, filters)],
      forward: [
        load('x'),
        ...(spiking ? [encode('x', 'spikes')] : []),
        { kernel: 'conv', ...fields, x, weight: 'w', y: 'dy' },
      ],
      backward: [],
    },
    copy: (k) => {
      const y = `y${k}`;
      if (product === 'forward')
        return {
          tensors: [onMap(y, outputs, 'chunk')],
          forward: [{ kernel: 'conv', ...fields, x, weight: 'w', y }],
        };
      if (product === 'backward')
        return {
          tensors: [onMap(y, size, 'chunk')],
          backward: [{ kernel: 'conv-backward', ...fields, dy: 'dy', weight: 'w', dx: y }],
        };
      return {
        parameters: [parameter(`dw${k}`, rows, filters)],
        gradients: [{ kernel: 'conv-gradient', ...fields, x, dy: 'dy', dWeight: `dw${k}` }],
      };
    },
  };
}

/** A pool of 2 by 2, of spikes a tenth of which are there or of analog values. */
export function poolOp(direction: 'forward' | 'backward', mode: PoolMode, kind: InputKind, size: MapSize): RepeatedOp {
  const { map, timesteps, samples } = size;
  const spiking = kind === 'spikes';
  const half = { ...size, map: [map[0] / 2, map[1] / 2] as const };
  const pairOf = (length: number) => [length, length] as const;
  const window: Window = {
    ...{ input: map, output: half.map, kernel: pairOf(2), stride: pairOf(2) },
    ...{ padding: pairOf(0), dilation: pairOf(1) },
  };
  const x = spiking ? 'spikes' : 'x';
  const values = spiking && mode !== 'average' ? 'spikes' : 'analog';
  const fields = { layer: 'pool', window, x } as const;
  return {
    ...{ timesteps, samples, copies: 16 },
    input: spiking
      ? new Float32Array(samples * valuesOf(size)).fill(0.1)
      : sparse(samples * timesteps * valuesOf(size), 0.5),
    base: {
      tensors: [
        { ...onMap('x', size, 'chunk'), rows: spiking ? 'sample' : 'step' },
        ...(spiking ? [onMap('spikes', size, 'chunk', 'spikes')] : []),
        onMap('dy', half, 'chunk'),
      ],
      parameters: [],
      forward: [
        load('x'),
        ...(spiking ? [encode('x', 'spikes')] : []),
        { kernel: 'pool', ...fields, mode: 'average', y: 'dy' },
      ],
      backward: [],
    },
    copy: (k) =>
      direction === 'forward'
        ? {
            tensors: [onMap(`y${k}`, half, 'chunk', values)],
            forward: [{ kernel: 'pool', ...fields, mode, y: `y${k}` }],
          }
        : {
            tensors: [onMap(`d${k}`, size, 'chunk')],
            backward: [
              { kernel: 'pool-backward', ...fields, mode: mode === 'average' ? mode : 'max', dy: 'dy', dx: `d${k}` },
            ],
          },
  };
}

/** A batch norm by running statistics or by those of the batch, or its way back from the latter. */
export function normOp(what: 'running' | 'batch' | 'backward', size: MapSize): RepeatedOp {
  const { channels, timesteps, samples } = size;
  const vectors = ['gamma', 'beta', 'mean', 'variance', 'batchMean', 'batchDeviation', 'dGamma', 'dBeta'];
  const keep = what === 'running' ? 'chunk' : 'gradients';
  const fields = (k: string) =>
    ({
      ...{ layer: 'bn', x: 'x', gamma: 'gamma', factor: 1, epsilon: 1e-5, repeats: 1 },
      ...{ batchMean: `batchMean${k}`, batchDeviation: `batchDeviation${k}` },
    }) as const;
  const forward = (k: string, y: string) =>
    ({
      ...fields(k),
      ...{ beta: 'beta', mean: 'mean', variance: 'variance', momentum: 0.1, y },
      kernel: 'batch-norm',
      statistics: what === 'running' ? 'running' : 'batch',
    }) as const;
  const own = (k: number) => ['batchMean', 'batchDeviation'].map((id) => parameter(`${id}-${k}`, 1, channels));
  return {
    ...{ timesteps, samples },
    input: sparse(samples * timesteps * valuesOf(size), 0.8),
    parameters: new Map(['gamma', 'variance'].map((id) => [id, new Float32Array(channels).fill(1)])),
    base: {
      tensors: [onMap('x', size, keep), onMap('y', size, keep)],
      parameters: vectors.map((id) => parameter(id, 1, channels)),
      forward: [load('x'), forward('', 'y')],
      backward: [],
    },
    copy: (k) =>
      what === 'backward'
        ? {
            tensors: [onMap(`d${k}`, size, keep)],
            backward: [
              {
                ...{ ...fields(''), dy: 'x', dx: `d${k}`, dGamma: 'dGamma', dBeta: 'dBeta' },
                kernel: 'batch-norm-backward',
              },
            ],
          }
        : { tensors: [onMap(`y${k}`, size, keep)], parameters: own(k), forward: [forward(`-${k}`, `y${k}`)] },
  };
}

/** Neurons of a map through all time steps, or in reverse, with what training keeps: spikes and the charge. */
export function mapNeuronOp(direction: 'forward' | 'backward', dynamics: NeuronOpDynamics, size: MapSize): RepeatedOp {
  const { channels, timesteps, samples } = size;
  const run = (k: string) => ({ layer: 'n', dynamics, current: 'x', spikes: `s${k}`, charge: `u${k}` }) as const;
  const outputs = (k: string) => [onMap(`s${k}`, size, 'chunk', 'spikes'), onMap(`u${k}`, size, 'chunk')];
  return {
    ...{ timesteps, samples },
    input: Float32Array.from(uniform(samples * timesteps * valuesOf(size)), (value) => value + 0.3),
    base: {
      tensors: [onMap('x', size, 'chunk'), ...outputs('')],
      parameters: ['a', 'b', 'c', 'threshold'].map((id) => parameter(id, 1, channels)),
      forward: [load('x'), { kernel: 'neuron', ...run('') }],
      backward: [],
    },
    parameters: new Map(
      Object.entries({ a: 0.9, b: 1, c: 0, threshold: 1 }).map(([id, v]) => [id, Array(channels).fill(v)]),
    ),
    copy: (k) =>
      direction === 'forward'
        ? { tensors: outputs(`-${k}`), forward: [{ kernel: 'neuron', ...run(`-${k}`) }] }
        : {
            tensors: [onMap(`d${k}`, size, 'chunk')],
            backward: [{ kernel: 'neuron-backward', ...run(''), dSpikes: 'x', dCurrent: `d${k}` }],
          },
  };
}
