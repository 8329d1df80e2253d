// An activation slot of an ANN: a ReLU, one of its relatives, or the identity, which costs nothing.

import type { ActivationForm } from '../engine/index.ts';
import type { ActivationSpec, SlotSpec } from '../model/index.ts';
import type { LoweredLayer, PlanBuilder, Signal } from './builder.ts';

export function lowerActivation(builder: PlanBuilder, layer: SlotSpec, x: Signal): LoweredLayer {
  const { name, ann } = layer;
  if (ann === 'identity') return { y: x, backward: (dy) => [dy] };
  return ann === 'relu' ? lowerRelu(builder, name, x) : lowerForm(builder, name, ann, x);
}

function lowerRelu(builder: PlanBuilder, name: string, x: Signal): LoweredLayer {
  const y = builder.tensor(`${name}@y`, x);
  builder.forward.push({ kernel: 'relu', layer: name, x: x.id, y });
  builder.probes.push({ kind: 'relu', layer: name, features: x.features, ...builder.count(name, { ...x, id: y }), y });
  return {
    y: { ...x, id: y },
    backward: (dy) => {
      if (!x.wanted) return [undefined];
      const dx = builder.gradient(x.id);
      builder.backward.push({ kernel: 'relu-backward', layer: name, y, dy, dx });
      return [dx];
    },
  };
}

function lowerForm(
  builder: PlanBuilder,
  name: string,
  ann: Exclude<ActivationSpec, 'relu' | 'identity'>,
  x: Signal,
): LoweredLayer {
  const form = formOf(builder, name, ann);
  const y = builder.tensor(`${name}@y`, x);
  builder.forward.push({ kernel: 'activation', layer: name, ...form, x: x.id, y });
  const counts = builder.count(name, { ...x, id: y });
  builder.probes.push({ kind: 'activation', layer: name, form: form.form, features: x.features, ...counts, y });
  const dVector = form.ceiling && builder.trained.get(form.ceiling);
  const wanted = x.wanted || dVector !== undefined;
  return {
    y: { ...x, id: y, wanted },
    backward: (dy) => {
      if (!wanted) return [undefined];
      const dx = builder.gradient(x.id);
      const dCeiling = dVector && ceilingGradient(builder, name, dVector);
      builder.backward.push({
        kernel: 'activation-backward',
        ...{ layer: name, ...form, x: x.id, dy, dx },
        ...(dCeiling && { dCeiling }),
      });
      return [x.wanted ? dx : undefined];
    },
  };
}

function formOf(builder: PlanBuilder, name: string, ann: Exclude<ActivationSpec, 'relu' | 'identity'>): ActivationForm {
  if (ann === 'relu6') return { form: ann };
  if (ann.kind === 'leaky-relu') return { form: ann.kind, slope: ann.slope };
  return { form: ann.kind, levels: ann.levels, ceiling: builder.weight(name, 'ceiling', 1, 1) };
}

/** One number a sample, summed over samples into the gradient of the ceiling. */
function ceilingGradient(builder: PlanBuilder, name: string, dVector: string): string {
  const dy = builder.keepForGradients(builder.tensor(`${name}@dCeiling`, { rows: 'sample', features: 1 }));
  builder.gradients.push({ kernel: 'sum-gradient', layer: name, dy, dVector });
  return dy;
}
