// What the update operations ask of their parameters.

import type { UpdateOp } from '../plan.ts';
import type { Operands } from './operands.ts';

export function checkUpdate(op: UpdateOp, use: Operands): void {
  switch (op.kernel) {
    case 'clip':
      for (const id of op.gradients) use.parameter('gradient', id);
      return;
    case 'zero':
      for (const id of op.parameters) use.parameter('parameter', id);
      return;
    case 'sgd':
    case 'adam': {
      const { rows, columns } = use.parameter('parameter', op.parameter);
      use.parameter('gradient', op.gradient, rows, columns);
      const state = op.kernel === 'adam' ? { m: op.m, v: op.v } : { velocity: op.velocity };
      for (const [role, id] of Object.entries(state)) use.parameterIf(role, id, rows, columns);
      return;
    }
    case 'derive-decay': {
      const { columns } = use.parameter('a', op.a, 1);
      use.parameter('b', op.b, 1, columns);
      use.parameter('c', op.c, 1, columns);
      oneOrAll('raw', op.raw, columns, use);
      return;
    }
    case 'derive-decay-backward': {
      const { columns } = use.parameter('dA', op.dA, 1);
      use.parameterIf('dB', op.dB, 1, columns);
      use.parameterIf('dC', op.dC, 1, columns);
      oneOrAll('raw', op.raw, columns, use);
      use.parameter('dRaw', op.dRaw, 1, use.parameter('raw', op.raw).columns);
      if (op.form === 'tau' && op.inputDecay && op.dB === undefined)
        use.refuse('a tau with input decay changes b too: dB is needed');
      if (op.form === 'tau' && op.rest !== 0 && op.dC === undefined)
        use.refuse(`a tau with rest ${op.rest} changes c too: dC is needed`);
      return;
    }
    case 'spread':
      use.parameter('vector', op.vector, 1);
      use.parameter('raw', op.raw, 1, 1);
      return;
    case 'spread-backward':
      use.parameter('dVector', op.dVector, 1);
      use.parameter('dRaw', op.dRaw, 1, 1);
      return;
    default:
      throw op satisfies never;
  }
}

function oneOrAll(role: string, id: string, columns: number, use: Operands): void {
  const raw = use.parameter(role, id, 1);
  if (raw.columns !== 1 && raw.columns !== columns)
    use.refuse(`${role} "${id}" has ${raw.columns} columns, expected 1 or ${columns}`);
}
