// Two signals in one. The sum of spikes may be 2: it is analog; `and` and `iand` of spikes are spikes again.

import type { JoinSpec } from '../model/index.ts';
import type { LoweredLayer, PlanBuilder, Signal } from './builder.ts';
import { inputKind } from './dense.ts';
import { hold } from './hold.ts';

export function lowerJoin(
  builder: PlanBuilder,
  { name, mode }: JoinSpec,
  operands: readonly [Signal, Signal],
): LoweredLayer {
  const rows = operands.some((x) => x.rows === 'step') ? 'step' : 'sample';
  // each step of a held operand has its own gradient, which is then summed
  const held = (x: Signal): LoweredLayer =>
    x.wanted && x.rows !== rows ? hold(builder, name, x) : { y: x, backward: (dy) => [dy] };
  const [heldA, heldB] = [held(operands[0]), held(operands[1])];
  const [a, b] = [heldA.y, heldB.y];
  const both = a.values === 'spikes' && b.values === 'spikes';
  const values = mode !== 'add' && both ? 'spikes' : 'analog';
  const events = a.events && b.events;
  const y = builder.tensor(`${name}@y`, { ...a, rows }, values);
  builder.probes.push({
    kind: 'join',
    layer: name,
    mode,
    features: a.features,
    ...inputKind(builder, { rows, events }),
  });
  builder.forward.push({ kernel: 'join', layer: name, mode, a: a.id, b: b.id, y });
  return {
    y: {
      ...{ ...a, id: y, rows, values },
      events: values === 'spikes' || (mode === 'and' && events),
      wanted: a.wanted || b.wanted,
    },
    backward: (dy) => {
      const [da, db] =
        mode === 'add'
          ? [a.wanted ? dy : undefined, b.wanted ? dy : undefined]
          : productBackward(builder, name, mode, a, b, dy);
      return [da && heldA.backward!(da)[0], db && heldB.backward!(db)[0]];
    },
  };
}

function productBackward(
  builder: PlanBuilder,
  layer: string,
  mode: 'and' | 'iand',
  a: Signal,
  b: Signal,
  dy: string,
): readonly [string | undefined, string | undefined] {
  const da = a.wanted ? builder.gradient(a.id) : undefined;
  const db = b.wanted ? builder.gradient(b.id) : undefined;
  if (da !== undefined || db !== undefined)
    builder.backward.push({
      kernel: 'join-backward',
      ...{ layer, mode, a: a.id, b: b.id, dy },
      ...(da && { da }),
      ...(db && { db }),
    });
  return [da, db];
}
