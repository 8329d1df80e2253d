// The mean of spikes is no spike. An average pool whose readers have weights can be folded into them, so that what flows stays
// binary: pool k, stride s, padding p before a convolution K, S, P, D is one convolution of kernel (K - 1) D s + k, stride S s,
// padding P s + p; before flatten and dense, the dense rows of each window's pixels are copied. Exact, but for more weights.
// A pool that is not folded stays, and what leaves it is counted as the analog values it is.

import { type ConvSpec, channelsOf, type DenseSpec, type PoolSpec } from '../../model/index.ts';
import {
  type Draft,
  type DraftNode,
  dropLayer,
  nodeOf,
  readersOf,
  replaceLayer,
  signalShapes,
  withStep,
  withWeights,
} from '../draft.ts';
import { isSpiking } from '../spiking.ts';
import { axesOf, type PoolAxis } from './pool-axes.ts';

/**
 * Fold where the folded layer has at most this many times the synapses of the one it replaces. 5 folds pools of 2x2, which take 4
 * times the weights (4.84 where 11 pixels become 5) while each spike reaches as many outputs as a pooled value did; no global pool.
 */
export const FOLD_LIMIT = 5;

export function foldAveragePools(limit: number): (draft: Draft) => Draft {
  return (draft) => {
    let result = draft;
    for (const { layer } of draft.nodes) {
      if (layer.kind !== 'pool' || layer.mode !== 'average') continue;
      if (isSpiking(result, nodeOf(result, layer.name)!.reads[0]!)) result = foldPool(result, layer, limit);
    }
    return result;
  };
}

/** What reads the pool, each with the layers to fold into; undefined if one of them has no weights. */
function targetsOf(draft: Draft, name: string): readonly DraftNode[] | undefined {
  const targets: DraftNode[] = [];
  for (const reader of readersOf(draft, name)) {
    if (reader.layer.kind === 'conv') targets.push(reader);
    else if (reader.layer.kind === 'flatten') {
      const behind = readersOf(draft, reader.layer.name);
      if (!behind.every(({ layer }) => layer.kind === 'dense')) return undefined;
      targets.push(...behind);
    } else return undefined;
  }
  return targets.length === 0 ? undefined : targets;
}

function foldPool(draft: Draft, pool: PoolSpec, limit: number): Draft {
  const kept = (why: string): Draft =>
    withStep(draft, 'fold-average-pool', pool.name, `kept, and its output counted as analog: ${why}`);
  const shapes = signalShapes(draft);
  const input = shapes.get(nodeOf(draft, pool.name)!.reads[0]!)!;
  const axes = axesOf(pool, input);
  const targets = targetsOf(draft, pool.name);
  if (targets === undefined) return kept('a layer without weights reads it');
  const inexact = targets.find(
    ({ layer }) => layer.kind === 'conv' && !axes.every((axis, i) => isExact(axis, layer, i)),
  );
  if (inexact !== undefined) return kept(`its windows and the padding of "${inexact.layer.name}" overlap`);
  const growth = Math.max(...targets.map(({ layer }) => growthOf(layer as ConvSpec | DenseSpec, axes)));
  if (growth > limit) return kept(`folding takes ${growth.toFixed(1)} times the synapses, more than ${limit}`);
  const folded = targets.reduce(
    (result, { layer }) => foldInto(result, layer as ConvSpec | DenseSpec, axes, channelsOf(input)),
    draft,
  );
  const names = targets.map(({ layer }) => `"${layer.name}"`).join(', ');
  return withStep(
    dropLayer(folded, pool.name),
    'fold-average-pool',
    pool.name,
    `folded into ${names}, so that spikes flow`,
  );
}

/** Are the zeros that the convolution puts around the pooled map zeros too where it reads the unpooled one? */
function isExact({ size, stride, padding, length, pooled }: PoolAxis, conv: ConvSpec, i: number): boolean {
  if (conv.padding[i] === 0) return true;
  return size <= stride + padding && pooled * stride - padding >= length;
}

const foldedKernel = ({ size, stride }: PoolAxis, conv: ConvSpec, i: number): number =>
  (conv.kernel[i]! - 1) * conv.dilation[i]! * stride + size;

function growthOf(layer: ConvSpec | DenseSpec, axes: readonly PoolAxis[]): number {
  return axes.reduce(
    (product, axis, i) =>
      product * (layer.kind === 'conv' ? foldedKernel(axis, layer, i) / layer.kernel[i]! : axis.length / axis.pooled),
    1,
  );
}

function foldInto(draft: Draft, layer: ConvSpec | DenseSpec, axes: readonly PoolAxis[], channels: number): Draft {
  const key = `${layer.name}/weight`;
  const weight = draft.weights.get(key)!;
  if (layer.kind === 'dense') return withWeights(draft, { [key]: spreadRows(weight, axes, channels, layer.units) });
  const [y, x] = axes as [PoolAxis, PoolAxis];
  const pair = (of: (axis: PoolAxis, i: number) => number): [number, number] => [of(y, 0), of(x, 1)];
  const conv: ConvSpec = {
    ...layer,
    kernel: pair((axis, i) => foldedKernel(axis, layer, i)),
    stride: pair((axis, i) => layer.stride[i]! * axis.stride),
    padding: pair((axis, i) => layer.padding[i]! * axis.stride + axis.padding),
    dilation: [1, 1],
  };
  return withWeights(replaceLayer(draft, layer.name, conv), { [key]: spreadKernel(weight, layer, conv, axes) });
}

/** Each tap of `layer` onto the window of unpooled pixels it averages. */
function spreadKernel(weight: Float32Array, layer: ConvSpec, conv: ConvSpec, axes: readonly PoolAxis[]): Float32Array {
  const row = weight.length / (layer.kernel[0] * layer.kernel[1]);
  const [y, x] = axes as [PoolAxis, PoolAxis];
  const sums = new Float64Array(row * conv.kernel[0] * conv.kernel[1]);
  const share = 1 / (y.size * x.size);
  forEachOf([...layer.kernel, y.size, x.size], ([ky, kx, j, i]) => {
    const ty = ky! * layer.dilation[0] * y.stride + j!;
    const tx = kx! * layer.dilation[1] * x.stride + i!;
    const [from, to] = [(ky! * layer.kernel[1] + kx!) * row, (ty * conv.kernel[1] + tx) * row];
    for (let k = 0; k < row; k++) sums[to + k]! += weight[from + k]! * share;
  });
  return Float32Array.from(sums);
}

/** Each row of a dense layer that reads pooled pixels onto the pixels of its window; those in the padding are zeros. */
function spreadRows(weight: Float32Array, axes: readonly PoolAxis[], channels: number, units: number): Float32Array {
  const [y, x] = axes as [PoolAxis, PoolAxis];
  const row = channels * units;
  const sums = new Float64Array(y.length * x.length * row);
  const share = 1 / (y.size * x.size);
  forEachOf([y.pooled, x.pooled, y.size, x.size], ([qy, qx, j, i]) => {
    const [py, px] = [qy! * y.stride - y.padding + j!, qx! * x.stride - x.padding + i!];
    if (py < 0 || px < 0 || py >= y.length || px >= x.length) return;
    const [from, to] = [(qy! * x.pooled + qx!) * row, (py * x.length + px) * row];
    for (let k = 0; k < row; k++) sums[to + k]! += weight[from + k]! * share;
  });
  return Float32Array.from(sums);
}

function forEachOf(lengths: readonly number[], visit: (index: readonly number[]) => void, index: number[] = []): void {
  if (index.length === lengths.length) {
    visit(index);
    return;
  }
  for (let k = 0; k < lengths[index.length]!; k++) forEachOf(lengths, visit, [...index, k]);
}
