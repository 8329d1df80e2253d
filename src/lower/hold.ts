// A constant drive, repeated at every step: recurrent weights learn from the gradient of each step, which a drive of one row a
// sample does not have, and a join with a signal of every step gives it one gradient a step. A neuron that takes over its input (a = 0, b = 1) is exactly that, and its backward the sum over time.

import type { NeuronOpDynamics } from '../engine/index.ts';
import { channelsIn, type LoweredLayer, type PlanBuilder, type Signal } from './builder.ts';

export function hold(builder: PlanBuilder, name: string, x: Signal): LoweredLayer {
  const vector = (role: string, value: number): string =>
    builder.constant(name, `hold.${role}`, new Float64Array(channelsIn(x)).fill(value));
  const dynamics: NeuronOpDynamics = {
    a: vector('a', 0),
    b: vector('b', 1),
    c: vector('c', 0),
    tie: '>=',
    reset: 'none',
    resetValue: 0,
    moment: 'same-step',
    dropsInput: false,
    detachReset: true,
    surrogate: 'straight-through',
    slope: 1,
    initialMembrane: 0,
  };
  const y = builder.tensor(`${name}@held`, { ...x, rows: 'step' });
  const charge = builder.tensor(`${name}@held.charge`, { ...x, rows: 'step' });
  const op = { layer: name, dynamics, current: x.id, membrane: y, charge };
  builder.forward.push({ kernel: 'neuron', ...op });
  return {
    y: { ...x, id: y, rows: 'step' },
    backward: (dy) => {
      if (!x.wanted) return [undefined];
      const dCurrent = builder.gradient(x.id);
      builder.backward.push({ kernel: 'neuron-backward', ...op, dMembrane: dy, dCurrent });
      return [dCurrent];
    },
  };
}
