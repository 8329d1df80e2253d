// The parameters of a network: their keys (`layer/role`), sizes, and which layer they belong to.

import { ShapeError, UnsupportedError } from '../core/index.ts';
import { rawDecay } from './coefficients.ts';
import { channelsOf, inferShapes } from './shapes.ts';
import type { LayerSpec, NetworkSpec, SlotSpec } from './spec.ts';

/** Parameter values by key `layer/role`; matrices row-major [in, out]. */
export type Weights = ReadonlyMap<string, Float32Array>;

export type ParameterRole =
  | 'weight'
  | 'bias'
  | 'scale'
  | 'shift'
  | 'mean'
  | 'variance'
  | 'ceiling'
  | 'beta'
  | 'threshold'
  | 'recurrent'
  | 'recurrentScale'
  | 'recurrentBias';

/** One parameter: a matrix [rows, columns], or a vector (rows = 1). A convolution's is [(ky, kx, channel of the group), filters]. */
export interface ParameterShape {
  /** `layer/role` */
  readonly key: string;
  readonly layer: string;
  readonly role: ParameterRole;
  readonly rows: number;
  readonly columns: number;
  /** By gradients. The running statistics of a batch norm are not: the forward pass of training moves them. */
  readonly trained: boolean;
  /** `ann`, `snn`: used only where the network is read as one. */
  readonly mode: 'both' | 'ann' | 'snn';
}

type Found = readonly (readonly [ParameterRole, rows: number, columns: number])[];

function slotParameters({ name, ann, neuron }: SlotSpec, input: readonly number[]): Found {
  const found: [ParameterRole, number, number][] = [];
  const n = channelsOf(input);
  if (typeof ann !== 'string' && ann.kind === 'quantized') found.push(['ceiling', 1, 1]);
  const decay = rawDecay(neuron).length;
  if (decay > 0) found.push(['beta', 1, decay]);
  if (neuron.learn.threshold) found.push(['threshold', 1, Array.isArray(neuron.threshold) ? n : 1]);
  if (neuron.recurrent !== undefined && input.length === 3) {
    throw new UnsupportedError(
      `slot "${name}": recurrent neurons on a map [${input.join(', ')}]; put a flatten before it, or use neurons without recurrence`,
    );
  }
  if (neuron.recurrent?.topology === 'all-to-all') found.push(['recurrent', n, n]);
  if (neuron.recurrent?.topology === 'one-to-one') found.push(['recurrentScale', 1, n]);
  if (neuron.recurrent?.bias) found.push(['recurrentBias', 1, n]);
  return found;
}

function matrix(rows: number, columns: number, bias: boolean): Found {
  const weight = ['weight', rows, columns] as const;
  return bias ? [weight, ['bias', 1, columns]] : [weight];
}

function layerParameters(layer: LayerSpec, input: readonly number[]): Found {
  switch (layer.kind) {
    case 'dense':
      return matrix(input[0]!, layer.units, layer.bias);
    case 'conv':
      return matrix((layer.kernel[0] * layer.kernel[1] * input[2]!) / layer.groups, layer.filters, layer.bias);
    case 'batch-norm':
      return (['scale', 'shift', 'mean', 'variance'] as const).map((role) => [role, 1, channelsOf(input)]);
    case 'slot':
      return slotParameters(layer, input);
    case 'flatten':
    case 'pool':
    case 'dropout':
    case 'softmax':
    case 'join':
      return [];
    default:
      throw new TypeError(`unknown layer ${layer satisfies never}`);
  }
}

const modeOf = (layer: LayerSpec, role: ParameterRole): ParameterShape['mode'] => {
  if (layer.kind !== 'slot') return 'both';
  return role === 'ceiling' ? 'ann' : 'snn';
};

/**
 * Every parameter of the network, in layer order, for both ways to read it. Neuron parameters are those that training may
 * change. Throws ShapeError, and UnsupportedError for recurrent neurons on a map.
 */
export function listParameters(spec: NetworkSpec): readonly ParameterShape[] {
  const shapes = inferShapes(spec);
  return spec.layers.flatMap((layer, i) =>
    layerParameters(layer, shapes[i]!.input).map(([role, rows, columns]) => ({
      key: `${layer.name}/${role}`,
      layer: layer.name,
      role,
      rows,
      columns,
      trained: role !== 'mean' && role !== 'variance',
      mode: modeOf(layer, role),
    })),
  );
}

/** Number of parameters that training changes; `ann` leaves out those of the neurons, `snn` those of the ANN's activations. */
export function countParameters(spec: NetworkSpec, mode: 'ann' | 'snn' = 'snn'): number {
  return listParameters(spec)
    .filter((parameter) => parameter.trained && isUsed(parameter, mode))
    .reduce((sum, { rows, columns }) => sum + rows * columns, 0);
}

const isUsed = (parameter: ParameterShape, mode: 'ann' | 'snn'): boolean =>
  parameter.mode === 'both' || parameter.mode === mode;

/**
 * Throws ShapeError unless `weights` holds every parameter that `spec` uses in this mode in its size, running statistics
 * included; further keys are left alone.
 */
export function checkWeights(spec: NetworkSpec, weights: Weights, mode: 'ann' | 'snn' = 'snn'): void {
  for (const parameter of listParameters(spec)) {
    const { key, rows, columns } = parameter;
    if (!isUsed(parameter, mode)) continue;
    const values = weights.get(key);
    if (values === undefined) {
      throw new ShapeError(
        `weights of network "${spec.name}": "${key}" is missing; got ${[...weights.keys()].join(', ') || 'none'}`,
      );
    }
    if (values.length === rows * columns) continue;
    throw new ShapeError(
      `weights of network "${spec.name}": "${key}" has ${values.length} values, expected ${rows * columns} ([${rows}, ${columns}]); ` +
        'they belong to another network',
    );
  }
}
