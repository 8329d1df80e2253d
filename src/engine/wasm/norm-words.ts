// The operations a batch norm is made of: partial sums of a chunk, their combination, and what is applied; see kernels/norm.ts.

import type { BackwardOp, ForwardOp } from '../plan.ts';
import type { TensorLayout } from './layout.ts';
import { floatBits, type Places } from './places.ts';
import { OPCODE } from './words.ts';

export type Norm = ForwardOp & { kernel: 'batch-norm' };
export type NormBackward = BackwardOp & { kernel: 'batch-norm-backward' };

/** Room for a norm's sums: a chunk's, in float64, and the batch's means, in float32; both two values a channel. */
export const normChunkBytes = ({ channelPanels }: TensorLayout): number => channelPanels * 512;
export const normMeansBytes = ({ channelPanels }: TensorLayout): number => channelPanels * 256;
/** Work space of a norm's kernels: a shift and two sums of a panel. */
export const NORM_SCRATCH = 384;

interface PhaseWords {
  readonly opcode: number;
  readonly words: number[];
  readonly items: number;
}

const shapeOf = ({ pixels, channelPanels, rowsPerSample }: TensorLayout): number[] => [
  ...[pixels, channelPanels, rowsPerSample],
];

/** Sums of one chunk; runs once its input has been written. */
export function normPartial(op: Norm | NormBackward, at: Places): PhaseWords {
  const x = at.tensor(op.x);
  const sums = [at.normSums(op).sums, normChunkBytes(x), 0];
  if (op.kernel === 'batch-norm') {
    const words = [...at.operand(op.x), ...sums, ...at.scratch, ...shapeOf(x), x.panelBytes];
    return { opcode: OPCODE['norm-partial'], words, items: 0 };
  }
  const operands = [...at.operand(op.x), ...at.operand(op.dy), ...sums, ...at.scratch];
  const words = [...operands, ...shapeOf(x), x.panelBytes, at.tensor(op.dy).panelBytes, at.address(op.batchMean)];
  return { opcode: OPCODE['norm-backward-partial'], words, items: 0 };
}

/** From the sums of all chunks to those of the batch; an item is a panel of channels. */
export function normCombine(op: Norm | NormBackward, at: Places): PhaseWords {
  const x = at.tensor(op.x);
  const { sums, means } = at.normSums(op);
  const head = [sums, normChunkBytes(x), x.rowsPerSample * x.pixels, x.channels];
  const items = x.channelPanels;
  if (op.kernel === 'batch-norm') {
    const ids = [op.batchMean, op.batchDeviation, op.mean, op.variance].map((id) => at.address(id));
    const words = [...head, ...ids, floatBits(op.epsilon), floatBits(op.momentum), op.repeats];
    return { opcode: OPCODE['norm-combine'], words, items };
  }
  const ids = [op.batchDeviation, op.dGamma, op.dBeta].map((id) => at.address(id));
  return { opcode: OPCODE['norm-backward-combine'], words: [...head, ...ids, floatBits(op.factor), means], items };
}

export function normWords(op: Norm, at: Places): number[] {
  const [x, y] = [at.tensor(op.x), at.tensor(op.y)];
  const running = op.statistics === 'running';
  const head = [...at.operand(op.x), ...at.operand(op.y), ...at.scratch, ...shapeOf(x), x.panelBytes, y.panelBytes];
  const [mean, spread] = running ? [op.mean, op.variance] : [op.batchMean, op.batchDeviation];
  const statistics = [at.address(mean), at.address(spread), running ? 1 : 0];
  const affine = [at.address(op.gamma), at.address(op.beta), floatBits(op.factor), floatBits(op.epsilon)];
  return [...head, ...statistics, ...affine];
}

/** Empty without dx: the combination has done all there is to do. */
export function normBackwardWords(op: NormBackward, at: Places): number[] {
  if (op.dx === undefined) return [];
  const [x, dy, dx] = [at.tensor(op.x), at.tensor(op.dy), at.tensor(op.dx)];
  const operands = [...at.operand(op.x), ...at.operand(op.dy), ...at.operand(op.dx), ...at.scratch];
  const vectors = [op.batchMean, op.batchDeviation, op.gamma].map((id) => at.address(id));
  const bytes = [x.panelBytes, dy.panelBytes, dx.panelBytes];
  return [...operands, ...shapeOf(x), ...bytes, ...vectors, floatBits(op.factor), at.normSums(op).means];
}

/** The forward kernel on dy, with zeros for mean and shift. */
export function runningNormBackwardWords(op: BackwardOp & { kernel: 'running-norm-backward' }, at: Places): number[] {
  const [dy, dx] = [at.tensor(op.dy), at.tensor(op.dx)];
  const head = [
    ...at.operand(op.dy),
    ...at.operand(op.dx),
    ...at.scratch,
    ...shapeOf(dy),
    dy.panelBytes,
    dx.panelBytes,
  ];
  return [...head, 0, at.address(op.variance), 1, at.address(op.gamma), 0, floatBits(op.factor), floatBits(op.epsilon)];
}
