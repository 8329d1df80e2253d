// Descriptors of pools and of counting, in the order kernels/pool.ts and kernels/activation.ts document.

import type { BackwardOp, ForwardOp, PoolMode, Window } from '../plan.ts';
import type { TensorLayout } from './layout.ts';
import { flag, floatBits, type Places } from './places.ts';

type Pool = ForwardOp & { kernel: 'pool' };
type PoolBackward = BackwardOp & { kernel: 'pool-backward' };

const MODES: readonly PoolMode[] = ['max', 'average', 'winner'];
const spikes = ({ spec }: TensorLayout): number => flag(spec.values === 'spikes');

/** Twelve words; see kernels/taps.ts. */
export function windowWords({ input, output, kernel, stride, padding, dilation }: Window): number[] {
  return [...input, ...output, ...kernel, ...stride, ...padding, ...dilation];
}

/** Values a window averages over, and the reciprocal where that is exact. */
function divisor({ kernel }: Window): number[] {
  const size = kernel[0] * kernel[1];
  return [floatBits(size), floatBits(Number.isInteger(Math.log2(size)) ? 1 / size : 0)];
}

export function poolWords(op: Pool, at: Places): number[] {
  const [x, y] = [at.tensor(op.x), at.tensor(op.y)];
  const head = [...at.operand(op.x), ...at.operand(op.y), ...at.scratch, MODES.indexOf(op.mode), x.rowsPerSample];
  const shape = [x.channelPanels, x.panelBytes, y.panelBytes, spikes(x)];
  return [...head, ...shape, ...divisor(op.window), ...windowWords(op.window)];
}

export function poolBackwardWords(op: PoolBackward, at: Places): number[] {
  const [x, dy, dx] = [at.tensor(op.x), at.tensor(op.dy), at.tensor(op.dx)];
  const head = [...at.operand(op.x), ...at.operand(op.dy), ...at.operand(op.dx), ...at.scratch];
  const shape = [flag(op.mode === 'average'), x.rowsPerSample, x.channelPanels];
  const bytes = [x.panelBytes, dy.panelBytes, dx.panelBytes];
  const readers = ([0, 1] as const).map((axis) => readersOf(op.window, axis));
  const overlap = readers.some((counts) => counts.some((n) => n > 1));
  const gaps = readers.some((counts) => counts.some((n) => n === 0));
  const way = [spikes(x), flag(overlap), flag(gaps), dx.chunkBytes];
  return [...head, ...shape, ...bytes, ...way, ...divisor(op.window), ...windowWords(op.window)];
}

/** How many outputs read each place along an axis. */
function readersOf({ input, output, kernel, stride, padding, dilation }: Window, axis: 0 | 1): number[] {
  const counts = new Array<number>(input[axis]).fill(0);
  for (let o = 0; o < output[axis]; o++)
    for (let k = 0; k < kernel[axis]; k++) {
      const i = o * stride[axis] - padding[axis] + k * dilation[axis];
      if (i >= 0 && i < input[axis]) counts[i]!++;
    }
  return counts;
}

/** Work space of a pool: its taps' addresses, twice, and counts of each for `winner`. */
export const poolScratch = ({ kernel }: Window): number => kernel[0] * kernel[1] * (128 + 8);

const ONE_PIXEL: Window = {
  ...{ input: [1, 1], output: [1, 1], kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1] },
};

export function countWords(op: ForwardOp & { kernel: 'count' }, at: Places): number[] {
  const x = at.tensor(op.x);
  const [height, width] = op.reach?.input ?? [x.pixels, 1];
  const shape = [x.rowsPerSample, x.panelBytes, spikes(x), height, width, x.channelPanels];
  const reach = [flag(op.reach !== undefined), ...windowWords(op.reach ?? ONE_PIXEL)];
  return [...at.operand(op.x), ...at.operand(op.counts), ...shape, ...at.scratch, ...reach];
}
