// The update phase: gradients of neuron vectors back to their raw parameters, clipping, the optimiser, vectors anew, zero.

import { ConfigError } from '../core/index.ts';
import type { UpdateOp } from '../engine/index.ts';
import type { PlanBuilder } from './builder.ts';

const KINDS = ['sgd', 'adam', 'adamw'];

/** Throws ConfigError for an unknown optimiser. */
export function lowerUpdate(builder: PlanBuilder): UpdateOp[] {
  const { optimizer, clipNorm = 0 } = builder.options;
  if (!builder.training || optimizer === undefined) return [];
  if (!KINDS.includes(optimizer.kind))
    throw new ConfigError('optimizer.kind', `got "${optimizer.kind}", expected one of ${KINDS.join(', ')}`);
  const trained = [...builder.trained];
  const gradients = trained.map(([, gradient]) => gradient);
  return [
    ...builder.deriveBackward,
    ...(clipNorm > 0 ? [{ kernel: 'clip', gradients } as const] : []),
    ...trained.map(([parameter, gradient]) => lowerStep(builder, parameter, gradient)),
    ...builder.derive,
    { kernel: 'zero', parameters: [...gradients, ...builder.inner] },
  ];
}

function lowerStep(builder: PlanBuilder, parameter: string, gradient: string): UpdateOp {
  const { kind, momentum = 0, weightDecay = 0 } = builder.options.optimizer!;
  const decay = weightDecay !== 0;
  if (kind === 'sgd') {
    const velocity = momentum === 0 ? {} : { velocity: builder.shadow(parameter, '@velocity') };
    return { kernel: 'sgd', parameter, gradient, ...velocity, decay };
  }
  const [m, v] = [builder.shadow(parameter, '@m'), builder.shadow(parameter, '@v')];
  return { kernel: 'adam', parameter, gradient, m, v, decoupled: kind === 'adamw', decay };
}
