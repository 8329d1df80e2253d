// Descriptors of pools, norms, joins, activations and reshapes, in the order their kernels document.

import { UnsupportedError } from '../../core/index.ts';
import type { ActivationForm, BackwardOp, ForwardOp, JoinMode } from '../plan.ts';
import type { TensorLayout } from './layout.ts';
import { normBackwardWords, normWords, runningNormBackwardWords } from './norm-words.ts';
import { flag, floatBits, type Places } from './places.ts';
import { poolBackwardWords, poolWords } from './pool-words.ts';

type MapForward = Extract<ForwardOp, { kernel: 'pool' | 'batch-norm' | 'activation' | 'softmax' | 'join' | 'reshape' }>;
type MapBackward = Extract<
  BackwardOp,
  {
    kernel:
      | 'pool-backward'
      | 'batch-norm-backward'
      | 'running-norm-backward'
      | 'activation-backward'
      | 'softmax-backward'
      | 'join-backward'
      | 'accumulate'
      | 'reshape-backward';
  }
>;

const FORMS: readonly ActivationForm['form'][] = ['relu6', 'leaky-relu', 'quantized'];
const JOINS: readonly JoinMode[] = ['add', 'and', 'iand'];
const spikes = ({ spec }: TensorLayout): number => flag(spec.values === 'spikes');

export function mapForwardWords(op: MapForward, at: Places): number[] {
  switch (op.kernel) {
    case 'pool':
      return poolWords(op, at);
    case 'batch-norm':
      return normWords(op, at);
    case 'activation': {
      const [x, y] = [at.tensor(op.x), at.tensor(op.y)];
      if (spikes(x))
        throw new UnsupportedError(
          `wasm backend: activation "${op.layer}" reads "${op.x}", which holds spikes; a ${op.form} needs analog values`,
        );
      const shape = [x.panels, x.rowsPerSample, x.panelBytes, y.panelBytes];
      return [...at.operand(op.x), ...at.operand(op.y), ...shape, ...formWords(op, at)];
    }
    case 'softmax': {
      const [x, y] = [at.tensor(op.x), at.tensor(op.y)];
      return [
        ...[...at.operand(op.x), ...at.operand(op.y)],
        ...[x.spec.features, x.rowsPerSample, x.panelBytes, y.panelBytes],
      ];
    }
    case 'join':
      return joinWords(op, at);
    case 'reshape':
      return reshapeWords(op.x, op.y, at);
    default:
      throw op satisfies never;
  }
}

function formWords({ form, slope, levels, ceiling }: ActivationForm, at: Places): number[] {
  return [FORMS.indexOf(form), floatBits((form === 'quantized' ? levels : slope) ?? 0), at.address(ceiling)];
}

function joinWords(op: ForwardOp & { kernel: 'join' }, at: Places): number[] {
  const [a, b, y] = [at.tensor(op.a), at.tensor(op.b), at.tensor(op.y)];
  const operands = [...at.operand(op.a), ...at.operand(op.b), ...at.operand(op.y), ...at.scratch];
  const shape = [JOINS.indexOf(op.mode), y.panels, y.rowsPerSample, a.panelBytes, b.panelBytes, y.panelBytes];
  const held = [a, b].map(({ rowsPerSample }) => flag(rowsPerSample < y.rowsPerSample));
  return [...operands, ...shape, ...[a, b, y].map(spikes), ...held];
}

/** Work space of a join: a panel of each operand as floats. */
export const joinScratch = (rows: number): number => 2 * rows * 128;

/** Nothing moves where both layouts have whole panels only, or the same channels. */
function reshapeWords(from: string, to: string, at: Places): number[] {
  const [x, y] = [at.tensor(from), at.tensor(to)];
  const same = x.channels === y.channels || (x.channels % 32 === 0 && y.channels % 32 === 0);
  const shape = [x.spec.features, x.rowsPerSample, x.panelBytes, y.panelBytes, spikes(x), x.channels, y.channels];
  return [...at.operand(from), ...at.operand(to), ...at.scratch, ...shape, same ? y.panels : 0];
}

export const reshapeScratch = (rows: number): number => rows * 256;

export function mapBackwardWords(op: MapBackward, at: Places): number[] {
  switch (op.kernel) {
    case 'pool-backward':
      return poolBackwardWords(op, at);
    case 'batch-norm-backward':
      return normBackwardWords(op, at);
    case 'running-norm-backward':
      return runningNormBackwardWords(op, at);
    case 'activation-backward': {
      const [x, dy, dx] = [at.tensor(op.x), at.tensor(op.dy), at.tensor(op.dx)];
      const operands = [...at.operand(op.x), ...at.operand(op.dy), ...at.operand(op.dx), ...at.operand(op.dCeiling)];
      const shape = [x.panels, x.rowsPerSample, x.panelBytes, dy.panelBytes, dx.panelBytes];
      return [...operands, ...shape, ...formWords(op, at), ...at.scratch];
    }
    case 'softmax-backward': {
      const [y, dy, dx] = [at.tensor(op.y), at.tensor(op.dy), at.tensor(op.dx)];
      const operands = [...at.operand(op.y), ...at.operand(op.dy), ...at.operand(op.dx)];
      return [...operands, y.panels, y.rowsPerSample, y.panelBytes, dy.panelBytes, dx.panelBytes];
    }
    case 'join-backward':
      return joinBackwardWords(op, at);
    case 'accumulate': {
      const [a, y] = [at.tensor(op.a), at.tensor(op.y)];
      const b = op.b === undefined ? undefined : at.tensor(op.b);
      const operands = [...at.operand(op.a), ...at.operand(op.b), ...at.operand(op.y)];
      const shape = [y.panels, y.rowsPerSample, a.panelBytes, b?.panelBytes ?? 0, y.panelBytes];
      return [...operands, ...shape, a.rowsPerSample / y.rowsPerSample, (b?.rowsPerSample ?? 0) / y.rowsPerSample];
    }
    case 'reshape-backward':
      return reshapeWords(op.dy, op.dx, at);
    default:
      throw op satisfies never;
  }
}

function joinBackwardWords(op: BackwardOp & { kernel: 'join-backward' }, at: Places): number[] {
  const [a, b, dy] = [at.tensor(op.a), at.tensor(op.b), at.tensor(op.dy)];
  const [da, db] = [op.da, op.db].map((id) => (id === undefined ? undefined : at.tensor(id)));
  const operands = [op.a, op.b, op.dy, op.da, op.db].flatMap((id) => [...at.operand(id)]);
  const shape = [JOINS.indexOf(op.mode), dy.panels, dy.rowsPerSample];
  const bytes = [a, b, dy, da, db].map((layout) => layout?.panelBytes ?? 0);
  const held = [a, b, da, db].map((layout) => flag(layout !== undefined && layout.rowsPerSample < dy.rowsPerSample));
  return [...operands, ...at.scratch, ...shape, ...bytes, spikes(a), spikes(b), ...held];
}
