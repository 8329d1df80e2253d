// Arithmetic of products: fully connected layers, convolutions, and their gradients. What is done of it depends on how many inputs
// are zero, and on which way the kernel takes.

import type { BackwardOp, ForwardOp, GradientOp, TensorSpec } from '../engine/index.ts';
import { tapsInside } from '../simulate/index.ts';
import { type Arithmetic, NOTHING } from './work.ts';
import { channelsOf, rowsOf, tensorOf, valuesOf, type WorkContext } from './work-context.ts';

export interface DenseAndDone {
  readonly dense: Arithmetic;
  readonly done: Arithmetic;
}

export type Product = Extract<
  ForwardOp | BackwardOp | GradientOp,
  { kernel: 'dense' | 'conv' | 'dense-backward' | 'conv-backward' | 'dense-gradient' | 'conv-gradient' }
>;

const products = (multiplyAdds: number): Arithmetic => ({ multiplyAdds, additions: 0 });

/** `kernel`: the one that ran, where it is another than the plan's. */
export function productWork(op: Product, context: WorkContext, kernel: string = op.kernel): DenseAndDone {
  switch (op.kernel) {
    case 'dense':
      return skipping(op.x, outputs(context, op.y), context, 'dense', 'forward');
    case 'dense-gradient': {
      const work = skipping(op.x, outputs(context, op.dy), context, 'dense', 'gradient');
      return op.shift === 1 ? fedBack(op.x, outputs(context, op.dy), work, context) : work;
    }
    case 'dense-backward': {
      const dy = tensorOf(context, op.dy);
      return same(products(rowsOf(context, dy) * dy.features * tensorOf(context, op.dx).features));
    }
    case 'conv':
      return convWork(op, op.x, op.y, context, kernel, 'forward');
    case 'conv-gradient':
      return convWork(op, op.x, op.dy, context, kernel, 'gradient');
    case 'conv-backward':
      return convBackwardWork(op, context, kernel);
    default:
      throw op satisfies never;
  }
}

const outputs = (context: WorkContext, id: string): number => tensorOf(context, id).features;
const same = (work: Arithmetic): DenseAndDone => ({ dense: work, done: work });

/** An event adds a weight row if it is a spike, and multiplies and adds one if it is not. */
const events = ({ values }: TensorSpec, synapses: number): Arithmetic =>
  values === 'spikes' ? { multiplyAdds: 0, additions: synapses } : products(synapses);

/** Is the product taken as a dense one? The kernel asks for each chunk; here it is the batch's mean density that decides. */
function isDense(x: TensorSpec, context: WorkContext, family: 'dense' | 'conv', pass: 'forward' | 'gradient'): boolean {
  const found = context.nonzeros.get(x.id);
  if (found === undefined) return true;
  const kind = x.values === 'spikes' ? 'Spikes' : 'Analog';
  const share = context.denseAbove[family][`${pass}${kind}`];
  return found.values > share * valuesOf(context, x.id);
}

function skipping(
  id: string,
  columns: number,
  context: WorkContext,
  family: 'dense' | 'conv',
  pass: 'forward' | 'gradient',
): DenseAndDone {
  const x = tensorOf(context, id);
  const dense = products(valuesOf(context, id) * columns);
  if (isDense(x, context, family, pass)) return same(dense);
  return { dense, done: events(x, context.nonzeros.get(id)!.values * columns) };
}

/** Recurrent weights: the spikes of all steps but the last meet the next step's gradient, event by event always. */
function fedBack(id: string, columns: number, { dense }: DenseAndDone, context: WorkContext): DenseAndDone {
  const share = (context.plan.timesteps - 1) / context.plan.timesteps;
  const all = products(dense.multiplyAdds * share);
  const counted = context.nonzeros.get(id);
  return { dense: all, done: counted === undefined ? all : events(tensorOf(context, id), counted.fedBack * columns) };
}

function convWork(
  { window, groups }: Extract<Product, { groups: number }>,
  xId: string,
  yId: string,
  context: WorkContext,
  kernel: string,
  pass: 'forward' | 'gradient',
): DenseAndDone {
  const [x, y] = [tensorOf(context, xId), tensorOf(context, yId)];
  const perGroup = channelsOf(y) / groups;
  const dense = products(rowsOf(context, x) * tapsInside(window) * channelsOf(x) * perGroup);
  const reached = context.nonzeros.get(xId)?.reached;
  const lanes = kernel.startsWith('depthwise');
  if (reached === undefined || lanes || isDense(x, context, 'conv', pass)) return same(dense);
  return { dense, done: events(x, reached * perGroup) };
}

/** Winograd's F(2x2, 3x3): sixteen products for the four inputs of a tile; its transforms are not counted. */
function convBackwardWork(
  { window, groups, dy, dx }: Extract<Product, { kernel: 'conv-backward' }>,
  context: WorkContext,
  kernel: string,
): DenseAndDone {
  const [from, to] = [tensorOf(context, dy), tensorOf(context, dx)];
  const pairs = (rowsOf(context, from) * channelsOf(from) * channelsOf(to)) / groups;
  const dense = products(pairs * tapsInside(window));
  if (kernel !== 'winograd-backward') return same(dense);
  const tiles = Math.ceil(window.input[0] / 2) * Math.ceil(window.input[1] / 2);
  return { dense, done: products(pairs * tiles * 16) };
}

/**
 * The recurrent part of a neuron layer: weights [N, N] are added for every spike of the step before; backward, where gradients are
 * not sparse, multiplied.
 */
export function recurrentWork(
  { kernel, spikes }: { readonly kernel: 'neuron' | 'neuron-backward'; readonly spikes?: string },
  neurons: number,
  context: WorkContext,
): DenseAndDone {
  const dense = products(context.samples * (context.plan.timesteps - 1) * neurons * neurons);
  const counted = spikes === undefined || kernel !== 'neuron' ? undefined : context.nonzeros.get(spikes);
  return counted === undefined ? same(dense) : { dense, done: { ...NOTHING, additions: counted.fedBack * neurons } };
}
