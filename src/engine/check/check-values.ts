// What operations that go value by value ask of their operands: activations, dropout, softmax, joins, reshapes.

import type { ActivationForm, BackwardOp, ForwardOp } from '../plan.ts';
import { channelsOf, type Expected, type Operands, shapeOf } from './operands.ts';

const ANALOG = { values: ['analog'] } as const;
const EITHER = { values: ['analog', 'spikes'] } as const;

type Forward<K extends ForwardOp['kernel']> = Extract<ForwardOp, { kernel: K }>;
type Backward<K extends BackwardOp['kernel']> = Extract<BackwardOp, { kernel: K }>;

/** One tensor read, one of the same shape and layout written, analog. */
export function checkSameShape(read: readonly [string, string], written: readonly [string, string], use: Operands) {
  const x = use.reads(...read, EITHER);
  use.writes(...written, { ...ANALOG, ...shapeOf(x) });
}

export function checkDropout(rate: number, use: Operands): void {
  if (!(rate >= 0 && rate < 1)) use.refuse(`rate is ${rate}, expected at least 0 and below 1`);
}

function checkForm({ form, slope, levels, ceiling }: ActivationForm, use: Operands): void {
  if (form === 'leaky-relu' && !Number.isFinite(slope))
    use.refuse(`slope is ${slope}, a leaky-relu needs a finite number`);
  if (form !== 'quantized') return;
  if (!Number.isInteger(levels) || levels! < 1)
    use.refuse(`levels is ${levels}, a quantized activation needs a whole number of at least 1`);
  if (ceiling === undefined) use.refuse('a quantized activation needs a ceiling, a parameter [1]');
  use.parameterIf('ceiling', ceiling, 1, 1);
}

export function checkActivation(op: Forward<'activation'>, use: Operands): void {
  checkForm(op, use);
  checkSameShape(['x', op.x], ['y', op.y], use);
}

export function checkActivationBackward(op: Backward<'activation-backward'>, use: Operands): void {
  checkForm(op, use);
  const x = use.reads('x', op.x, ANALOG);
  use.reads('dy', op.dy, { ...ANALOG, ...shapeOf(x) });
  use.writes('dx', op.dx, { ...ANALOG, ...shapeOf(x) });
  if (op.dCeiling !== undefined && op.form !== 'quantized')
    use.refuse(`dCeiling is asked for, and a ${op.form} has no ceiling`);
  use.writesIf('dCeiling', op.dCeiling, { ...ANALOG, rows: 'sample', features: 1 });
}

export function checkSoftmax(op: Forward<'softmax'>, use: Operands): void {
  const { rows, features } = use.reads('x', op.x, ANALOG);
  const flat = { ...ANALOG, rows, features, channels: features };
  use.reads('x', op.x, flat);
  use.writes('y', op.y, flat);
}

export function checkSoftmaxBackward(op: Backward<'softmax-backward'>, use: Operands): void {
  const { rows, features } = use.reads('y', op.y, ANALOG);
  const flat = { ...ANALOG, rows, features, channels: features };
  use.reads('y', op.y, flat);
  use.reads('dy', op.dy, flat);
  use.writes('dx', op.dx, flat);
}

export function checkJoin(op: Forward<'join'>, use: Operands): void {
  const a = use.reads('a', op.a, EITHER);
  const b = use.reads('b', op.b, { ...EITHER, features: a.features, channels: channelsOf(a) });
  const spikes = op.mode !== 'add' && a.values === 'spikes' && b.values === 'spikes';
  const rows = a.rows === 'step' ? 'step' : b.rows;
  use.writes('y', op.y, { ...shapeOf(a), rows, values: [spikes ? 'spikes' : 'analog'] });
}

export function checkJoinBackward(op: Backward<'join-backward'>, use: Operands): void {
  const a = use.reads('a', op.a, EITHER);
  const b = use.reads('b', op.b, { ...EITHER, features: a.features, channels: channelsOf(a) });
  const rows = a.rows === 'step' ? 'step' : b.rows;
  use.reads('dy', op.dy, { ...ANALOG, ...shapeOf(a), rows });
  if (op.da === undefined && op.db === undefined) use.refuse('neither da nor db is given; give at least one');
  use.writesIf('da', op.da, { ...ANALOG, ...shapeOf(a) });
  use.writesIf('db', op.db, { ...ANALOG, ...shapeOf(b) });
}

export function checkAccumulate(op: Backward<'accumulate'>, use: Operands): void {
  const a = use.reads('a', op.a, ANALOG);
  const like: Expected = { ...ANALOG, features: a.features, channels: channelsOf(a) };
  const b = op.b === undefined ? undefined : use.reads('b', op.b, like);
  const y = use.writes('y', op.y, like);
  for (const [role, { id, rows }] of [['a', a] as const, ...(b === undefined ? [] : [['b', b] as const])])
    if (y.rows === 'step' && rows === 'sample')
      use.refuse(`${role} "${id}" has one row a sample, expected one row a step as in y "${y.id}"`);
}

/** Between layouts: rows, features and kind of value stay. */
export function checkReshape(read: readonly [string, string], written: readonly [string, string], use: Operands) {
  const { rows, features, values } = use.reads(...read, EITHER);
  use.writes(...written, { rows, features, values: [values] });
}
