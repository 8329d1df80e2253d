// What operations that slide a window over a map ask: conv, pool, count with reach. Windows are [height, width] pairs.

import type { BackwardOp, ForwardOp, GradientOp, TensorSpec, Window } from '../plan.ts';
import { channelsOf, type Operands, shapeOf } from './operands.ts';

const ANALOG = { values: ['analog'] } as const;
const SPIKES = { values: ['spikes'] } as const;
const EITHER = { values: ['analog', 'spikes'] } as const;

type Conv = Extract<ForwardOp, { kernel: 'conv' }>;
type ConvBackward = Extract<BackwardOp, { kernel: 'conv-backward' }>;
type ConvGradient = Extract<GradientOp, { kernel: 'conv-gradient' }>;
type Pool = Extract<ForwardOp, { kernel: 'pool' }>;
type PoolBackward = Extract<BackwardOp, { kernel: 'pool-backward' }>;

const shown = (pair: readonly [number, number]): string => `[${pair[0]}, ${pair[1]}]`;

/** Sizes are whole, and every output of the window starts within its padded input; taps may hang over the far edge. */
export function checkWindow(window: Window, use: Operands): void {
  const { input, output, kernel, stride, padding, dilation } = window;
  for (const [role, pair] of Object.entries({ input, output, kernel, stride, dilation }))
    if (!pair.every((size) => Number.isInteger(size) && size >= 1))
      use.refuse(`window ${role} is ${shown(pair)}, expected whole numbers of at least 1`);
  if (!padding.every((size) => Number.isInteger(size) && size >= 0))
    use.refuse(`window padding is ${shown(padding)}, expected whole numbers of at least 0`);
  for (const axis of [0, 1] as const) {
    const last = (output[axis] - 1) * stride[axis] - padding[axis];
    const end = input[axis] + padding[axis];
    if (last >= end)
      use.refuse(
        `output ${output[axis] - 1} of the window's ${axis === 0 ? 'rows' : 'columns'} starts at ${last}, past its padded input, which ends at ${end} (input ${shown(input)}, output ${shown(output)}, stride ${shown(stride)}, padding ${shown(padding)})`,
      );
  }
}

/** Every output needs a value to take the maximum of: a tap within the input. */
function checkTaps({ input, output, kernel, stride, padding, dilation }: Window, use: Operands): void {
  for (const axis of [0, 1] as const) {
    for (let o = 0; o < output[axis]; o++) {
      const first = o * stride[axis] - padding[axis];
      const ahead = Math.max(0, Math.ceil(-first / dilation[axis]));
      if (ahead < kernel[axis] && first + ahead * dilation[axis] < input[axis]) continue;
      use.refuse(
        `window ${o} of the ${axis === 0 ? 'rows' : 'columns'} sees padding only (kernel ${shown(kernel)}, padding ${shown(padding)}, input ${shown(input)}); pad less`,
      );
    }
  }
}

/** A tensor must be a map of as many pixels as the window says; gives its channels. */
function channelsOfMap(role: string, spec: TensorSpec, size: readonly [number, number], use: Operands): number {
  const channels = channelsOf(spec);
  const pixels = spec.features / channels;
  if (pixels !== size[0] * size[1])
    use.refuse(
      `${role} "${spec.id}" has ${pixels} pixels of ${channels} channels, the window's ${role === 'y' || role === 'dy' ? 'output' : 'input'} is ${shown(size)}`,
    );
  return channels;
}

function checkGroups(groups: number, inputs: number, filters: number, use: Operands): void {
  if (!Number.isInteger(groups) || groups < 1) use.refuse(`groups is ${groups}, expected a whole number of at least 1`);
  for (const [what, count] of [
    ['input channels', inputs],
    ['filters', filters],
  ] as const)
    if (count % groups !== 0) use.refuse(`${groups} groups do not divide ${count} ${what}`);
}

/** The weight [kh kw (inputs / groups), filters] between two maps. */
function checkWeight(
  op: Conv | ConvBackward | ConvGradient,
  role: 'weight' | 'dWeight',
  id: string,
  maps: { readonly x: readonly [role: string, TensorSpec]; readonly y: readonly [role: string, TensorSpec] },
  use: Operands,
): void {
  const { window, groups } = op;
  checkWindow(window, use);
  const inputs = channelsOfMap(...maps.x, window.input, use);
  const filters = channelsOfMap(...maps.y, window.output, use);
  checkGroups(groups, inputs, filters, use);
  use.parameter(role, id, (window.kernel[0] * window.kernel[1] * inputs) / groups, filters);
}

export function checkConv(op: Conv, use: Operands): void {
  const x = use.reads('x', op.x, EITHER);
  const y = use.writes('y', op.y, { ...ANALOG, rows: x.rows });
  checkWeight(op, 'weight', op.weight, { x: ['x', x], y: ['y', y] }, use);
  use.parameterIf('bias', op.bias, 1, channelsOf(y));
}

export function checkConvBackward(op: ConvBackward, use: Operands): void {
  const dy = use.reads('dy', op.dy, ANALOG);
  const dx = use.writes('dx', op.dx, { ...ANALOG, rows: dy.rows });
  checkWeight(op, 'weight', op.weight, { x: ['dx', dx], y: ['dy', dy] }, use);
}

export function checkConvGradient(op: ConvGradient, use: Operands): void {
  const x = use.reads('x', op.x, { ...EITHER, keep: 'gradients' });
  const dy = use.reads('dy', op.dy, { ...ANALOG, keep: 'gradients', rows: x.rows });
  checkWeight(op, 'dWeight', op.dWeight, { x: ['x', x], y: ['dy', dy] }, use);
}

/** Of a pool, y given x: as many channels, the output's pixels. */
function pooled(x: TensorSpec, window: Window, use: Operands) {
  checkWindow(window, use);
  checkTaps(window, use);
  const channels = channelsOfMap('x', x, window.input, use);
  return { rows: x.rows, features: window.output[0] * window.output[1] * channels, channels } as const;
}

export function checkPool(op: Pool, use: Operands): void {
  const x = use.reads('x', op.x, op.mode === 'winner' ? { ...SPIKES, rows: 'step' } : EITHER);
  const values = op.mode !== 'average' && x.values === 'spikes' ? SPIKES : ANALOG;
  use.writes('y', op.y, { ...values, ...pooled(x, op.window, use) });
}

export function checkPoolBackward(op: PoolBackward, use: Operands): void {
  const x = use.reads('x', op.x, EITHER);
  use.reads('dy', op.dy, { ...ANALOG, ...pooled(x, op.window, use) });
  use.writes('dx', op.dx, { ...ANALOG, ...shapeOf(x) });
}

export function checkCount(op: Extract<ForwardOp, { kernel: 'count' }>, use: Operands): void {
  const x = use.reads('x', op.x, EITHER);
  if (op.reach !== undefined) {
    checkWindow(op.reach, use);
    channelsOfMap('x', x, op.reach.input, use);
  }
  use.writes('counts', op.counts, { values: ['count'], rows: x.rows, features: 1 });
}
