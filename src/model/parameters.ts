// The parameters of a network: their keys (`layer/role`), sizes, and which layer they belong to.

import { ShapeError } from '../core/index.ts';
import { rawDecay } from './coefficients.ts';
import { inferShapes, sizeOf } from './shapes.ts';
import type { LayerSpec, NetworkSpec, NeuronSpec } from './spec.ts';

/** Parameter values by key `layer/role`; matrices row-major [in, out]. */
export type Weights = ReadonlyMap<string, Float32Array>;

export type ParameterRole = 'weight' | 'bias' | 'beta' | 'threshold' | 'recurrent' | 'recurrentScale' | 'recurrentBias';

/** One parameter: a matrix [rows, columns], or a vector (rows = 1). */
export interface ParameterShape {
  /** `layer/role` */
  readonly key: string;
  readonly layer: string;
  readonly role: ParameterRole;
  readonly rows: number;
  readonly columns: number;
}

function neuronParameters(neuron: NeuronSpec, n: number): readonly (readonly [ParameterRole, number, number])[] {
  const found: [ParameterRole, number, number][] = [];
  const decay = rawDecay(neuron).length;
  if (decay > 0) found.push(['beta', 1, decay]);
  if (neuron.learn.threshold) found.push(['threshold', 1, Array.isArray(neuron.threshold) ? n : 1]);
  if (neuron.recurrent?.topology === 'all-to-all') found.push(['recurrent', n, n]);
  if (neuron.recurrent?.topology === 'one-to-one') found.push(['recurrentScale', 1, n]);
  if (neuron.recurrent?.bias) found.push(['recurrentBias', 1, n]);
  return found;
}

function layerParameters(layer: LayerSpec, inputs: number): readonly (readonly [ParameterRole, number, number])[] {
  if (layer.kind === 'slot') return neuronParameters(layer.neuron, inputs);
  if (layer.kind !== 'dense') return [];
  const weight = ['weight', inputs, layer.units] as const;
  return layer.bias ? [weight, ['bias', 1, layer.units]] : [weight];
}

/** Every parameter of the network, in layer order. Neuron parameters are those that training may change. Throws ShapeError. */
export function listParameters(spec: NetworkSpec): readonly ParameterShape[] {
  const shapes = inferShapes(spec);
  return spec.layers.flatMap((layer, i) =>
    layerParameters(layer, sizeOf(shapes[i]!.input)).map(([role, rows, columns]) => ({
      key: `${layer.name}/${role}`,
      layer: layer.name,
      role,
      rows,
      columns,
    })),
  );
}

/** Number of parameters that training changes; `mode: 'ann'` leaves out those of the neurons. */
export function countParameters(spec: NetworkSpec, mode: 'ann' | 'snn' = 'snn'): number {
  return listParameters(spec)
    .filter(({ role }) => mode === 'snn' || role === 'weight' || role === 'bias')
    .reduce((sum, { rows, columns }) => sum + rows * columns, 0);
}

/** Throws ShapeError unless `weights` holds every parameter of `spec` in its size; further keys are left alone. */
export function checkWeights(spec: NetworkSpec, weights: Weights, mode: 'ann' | 'snn' = 'snn'): void {
  for (const { key, role, rows, columns } of listParameters(spec)) {
    if (mode === 'ann' && role !== 'weight' && role !== 'bias') continue;
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
