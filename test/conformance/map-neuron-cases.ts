// Neurons on maps: parameters are one value a channel, and their gradients sums over the pixels too. The current and the membranes
// stand in for the upstream gradients.

import type { NeuronOpDynamics, TensorSpec } from '../../src/engine/index.ts';
import { batchOf, type ConformanceCase, EMPTY, load, mapOf, parameterOf, random, sparse, withMargin } from './cases.ts';

const ROLES = ['dA', 'dB', 'dC', 'dThreshold', 'dAlpha'] as const;

/** [height, width, channels], samples, T */
const SHAPES = [
  [[5, 7, 3], 3, 3],
  [[3, 5, 12], 1, 5],
  [[3, 3, 33], 5, 1],
  [[2, 3, 40], 2, 4],
  [[1, 1, 65], 3, 3],
] as const;

const DYNAMICS: readonly NeuronOpDynamics[] = (
  [
    ['subtract', 'same-step', false],
    ['value', 'next-step', true],
    ['subtract', 'both-steps', false],
  ] as const
).map(([reset, moment, dropsInput]) => ({
  ...{ a: 'a', b: 'b', c: 'c', threshold: 'threshold', alpha: 'alpha', tie: '>=', reset, resetValue: -0.125, moment },
  ...{ dropsInput, detachReset: reset === 'value', surrogate: 'atan', slope: 2, initialMembrane: 0.1 },
}));

function caseOf(k: number, constant: boolean, seed: number): ConformanceCase {
  const [[height, width, channels], samples, timesteps] = SHAPES[k]!;
  const from = random(seed);
  const map = (id: string, rows: TensorSpec['rows'], values: TensorSpec['values'] = 'analog'): TensorSpec =>
    mapOf(id, rows, [height, width], channels, values);
  const rows = constant ? 'sample' : 'step';
  const fields = {
    ...{ layer: 'n', dynamics: DYNAMICS[k % 3]!, current: 'current', spikes: 's', charge: 'charge' },
    ...{ membrane: 'membrane', synapse: 'synapse' },
  };
  const between = (low: number, high: number): Float32Array =>
    Float32Array.from({ length: channels }, () => low + (high - low) * from.uniform());
  return {
    name: `neuron on a map, ${fields.dynamics.moment}${constant ? ', constant' : ''} [${samples} x ${timesteps}, ${height} ${width} ${channels}]`,
    kernels: ['neuron', 'neuron-backward', 'sum-gradient'],
    plan: {
      ...EMPTY,
      timesteps,
      tensors: [
        ...[map('current', rows), map('dCurrent', rows), map('s', 'step', 'spikes')],
        ...['charge', 'membrane', 'synapse'].map((id) => map(id, 'step')),
        ...ROLES.map((id) => map(id, 'sample')),
      ],
      parameters: ['a', 'b', 'c', 'threshold', 'alpha', ...ROLES.map((role) => `${role}@`)].map((id) =>
        parameterOf(id, 1, channels),
      ),
      forward: [load('current'), { kernel: 'neuron', ...fields }],
      backward: [
        {
          ...{ kernel: 'neuron-backward', ...fields, dSpikes: 'synapse', dMembrane: 'membrane', dCurrent: 'dCurrent' },
          ...Object.fromEntries(ROLES.map((role) => [role, role])),
        },
      ],
      gradients: ROLES.map((dy) => ({ kernel: 'sum-gradient', layer: 'n', dy, dVector: `${dy}@` })),
    },
    parameters: new Map([
      ...([
        ['a', between(0.5, 1)],
        ['b', between(0.5, 1.1)],
        ['c', between(-0.1, 0.1)],
      ] as const),
      ...([
        ['threshold', between(0.6, 1.2)],
        ['alpha', between(0.2, 0.8)],
      ] as const),
    ]),
    batches: [
      batchOf(samples, sparse(from, samples * (constant ? 1 : timesteps) * height * width * channels, 0.9, 0.8)),
    ],
  };
}

const near = [['charge', 'threshold'] as const, ['membrane', 'threshold'] as const];

export const MAP_NEURONS: readonly ConformanceCase[] = SHAPES.flatMap((_, k) =>
  [false, true].map((constant) => withMargin((seed) => caseOf(k, constant, 3000 + 1000 * k + seed), near)),
);
