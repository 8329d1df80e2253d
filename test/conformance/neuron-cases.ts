// Cases about neurons: every reset, its moment, its gradient, ties; each with a synaptic filter, recurrence, a constant drive,
// per-neuron parameters and their gradients. The loss on spikes and the loss on membranes give the upstream gradients.

import type { NeuronOpDynamics, Plan } from '../../src/engine/index.ts';
import {
  batchOf,
  type ConformanceCase,
  dyadic,
  EMPTY,
  parameterOf,
  random,
  sparse,
  tensorOf,
  withMargin,
} from './cases.ts';

type Choices = Pick<
  NeuronOpDynamics,
  'tie' | 'reset' | 'resetValue' | 'moment' | 'dropsInput' | 'detachReset' | 'surrogate' | 'slope' | 'initialMembrane'
>;
interface Layer {
  readonly choices: Choices;
  readonly fires: boolean;
  readonly synapse: boolean;
  readonly recurrent: 'none' | 'weight' | 'scale';
  readonly constant: boolean;
  readonly samples: number;
  readonly timesteps: number;
  readonly N: number;
}

const ROLES = ['dA', 'dB', 'dC', 'dThreshold', 'dAlpha'] as const;

function planOf({ choices, fires, synapse, recurrent, constant, timesteps, N }: Layer): Plan {
  const rows = constant ? 'sample' : 'step';
  const roles = ROLES.filter((role) => (role !== 'dThreshold' || fires) && (role !== 'dAlpha' || synapse));
  const dynamics: NeuronOpDynamics = {
    ...{ ...choices, a: 'a', b: 'b', c: 'c' },
    ...(fires && { threshold: 'threshold' }),
    ...(synapse && { alpha: 'alpha' }),
    ...(recurrent !== 'none' && { recurrent: { [recurrent]: recurrent, bias: 'bias' } }),
  };
  const outputs = {
    ...{ layer: 'n', dynamics, current: 'current', spikes: 'spikes', charge: 'charge', membrane: 'membrane' },
    ...((synapse || recurrent !== 'none') && { synapse: 'synapse' }),
  };
  const loss = { kernel: 'loss', layer: 'loss', onTarget: 1, offTarget: 0 } as const;
  const recurrentGradients: Plan['gradients'] = [
    { kernel: 'dense-gradient', layer: 'n', x: 'spikes', dy: 'dCurrent', dWeight: 'weight@grad', shift: 1 },
    { kernel: 'scale-gradient', layer: 'n', spikes: 'spikes', dy: 'dCurrent', dScale: 'scale@grad' },
    { kernel: 'sum-gradient', layer: 'n', dy: 'dCurrent', dVector: 'bias@grad' },
  ];
  return {
    ...EMPTY,
    timesteps,
    tensors: [
      ...[tensorOf('current', rows, N), tensorOf('spikes', 'step', N, 'spikes')],
      ...['charge', 'membrane', 'synapse', 'dSpikes', 'dMembrane'].map((id) => tensorOf(id, 'step', N)),
      ...[tensorOf('dCurrent', rows, N), tensorOf('losses', 'sample', 1), tensorOf('losses2', 'sample', 1)],
      ...roles.map((role) => tensorOf(role, 'sample', N)),
    ],
    parameters: [
      ...['a', 'b', 'c', 'threshold', 'alpha', 'scale', 'bias', 'scale@grad', 'bias@grad'].map((id) =>
        parameterOf(id, 1, N),
      ),
      ...roles.map((role) => parameterOf(`${role}@`, 1, N)),
      ...[parameterOf('weight', N, N), parameterOf('weight@grad', N, N)],
    ],
    forward: [
      { kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'current' },
      { kernel: 'neuron', ...outputs },
      { ...loss, loss: 'ce-rate', output: 'spikes', dOutput: 'dSpikes', losses: 'losses' },
      { ...loss, loss: 'ce-membrane', output: 'membrane', dOutput: 'dMembrane', losses: 'losses2' },
    ],
    backward: [
      {
        ...{ kernel: 'neuron-backward', ...outputs, dSpikes: 'dSpikes', dMembrane: 'dMembrane', dCurrent: 'dCurrent' },
        ...Object.fromEntries(roles.map((role) => [role, role])),
      },
    ],
    gradients: [
      ...roles.map((dy) => ({ kernel: 'sum-gradient', layer: 'n', dy, dVector: `${dy}@` }) as const),
      ...(recurrent !== 'none' && !constant ? recurrentGradients : []),
    ],
  };
}

function caseOf(layer: Layer, seed: number): ConformanceCase {
  const { samples, timesteps, N, constant, choices } = layer;
  const from = random(seed);
  const between = (low: number, high: number): Float32Array =>
    Float32Array.from({ length: N }, () => low + (high - low) * from.uniform());
  const { reset, resetValue, moment, dropsInput, detachReset, surrogate } = choices;
  const value = reset === 'value' ? ` ${resetValue}${dropsInput ? ' drops' : ''}` : '';
  return {
    name: `neuron ${reset}${value} ${moment} ${detachReset ? 'detached' : 'through'} ${choices.tie} ${surrogate}${layer.synapse ? ' synapse' : ''} ${layer.recurrent}${constant ? ' constant' : ''}${layer.fires ? '' : ' integrator'} [${samples} x ${timesteps}, ${N}]`,
    kernels: ['neuron', 'neuron-backward', 'sum-gradient'],
    plan: planOf(layer),
    // overwritten by the recurrence
    ...(layer.recurrent !== 'none' && { ignore: ['dSpikes'] }),
    parameters: new Map([
      ...([
        ['a', between(0.5, 1)],
        ['b', between(0.5, 1.1)],
        ['c', between(-0.1, 0.1)],
      ] as const),
      ...([
        ['threshold', between(0.6, 1.2)],
        ['alpha', between(0.2, 0.8)],
        ['scale', between(-0.5, 0.5)],
      ] as const),
      ...([
        ['bias', between(-0.1, 0.1)],
        ['weight', sparse(from, N * N, 1, 0.4 / Math.sqrt(N))],
      ] as const),
    ]),
    batches: [
      batchOf(samples, sparse(from, samples * N * (constant ? 1 : timesteps), 0.9, 0.8), {
        labels: Uint8Array.from({ length: samples }, (_, n) => (5 * n + 2) % N),
      }),
    ],
  };
}

const RESETS: readonly Pick<Choices, 'reset' | 'resetValue' | 'moment' | 'dropsInput'>[] = [
  ...(['same-step', 'next-step', 'both-steps'] as const).flatMap((moment) => [
    { reset: 'subtract', resetValue: 0, moment, dropsInput: false } as const,
    ...[0, -0.25].flatMap((resetValue) => [
      { reset: 'value', resetValue, moment, dropsInput: false } as const,
      ...(moment === 'same-step' ? [] : [{ reset: 'value', resetValue, moment, dropsInput: true } as const]),
    ]),
  ]),
  { reset: 'none', resetValue: 0, moment: 'next-step', dropsInput: false },
];
const SURROGATES = [
  ...[
    { surrogate: 'atan', slope: 2 },
    { surrogate: 'sigmoid', slope: 4 },
    { surrogate: 'fast-sigmoid', slope: 25 },
  ],
  ...[
    { surrogate: 'triangular', slope: 0.7 },
    { surrogate: 'straight-through', slope: 1 },
  ],
] as const;
const VARIANTS = [
  { synapse: false, recurrent: 'none', constant: false },
  { synapse: true, recurrent: 'none', constant: true },
  { synapse: false, recurrent: 'weight', constant: false },
  { synapse: true, recurrent: 'scale', constant: false },
  { synapse: false, recurrent: 'none', constant: true },
  { synapse: true, recurrent: 'weight', constant: true },
] as const;

function marginCases(): ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  for (const reset of RESETS) {
    for (const detachReset of [false, true]) {
      for (const variant of VARIANTS) {
        const k = cases.length;
        const layer: Layer = {
          choices: {
            ...{ ...reset, ...SURROGATES[k % 5]!, detachReset, tie: k % 3 === 0 ? '>' : '>=' },
            initialMembrane: [0, 0.3, -0.25, 1.5][k % 4]!,
          },
          ...{ ...variant, fires: true },
          ...{ samples: [1, 3, 5, 9][k % 4]!, timesteps: [7, 4, 1][k % 3]!, N: [7, 33, 1, 17, 65][k % 5]! },
        };
        const near = [['charge', 'threshold'] as const, ['membrane', 'threshold'] as const];
        cases.push(
          withMargin((seed) => caseOf(layer, 1000 * k + seed), near.slice(0, reset.moment === 'both-steps' ? 2 : 1)),
        );
      }
    }
  }
  return cases;
}

function integratorCases(): ConformanceCase[] {
  return VARIANTS.slice(0, 2).map((variant, k) => {
    const choices: Choices = {
      ...{ ...RESETS[0]!, ...SURROGATES[0]!, detachReset: true, tie: '>=', initialMembrane: 0.5 },
    };
    return caseOf({ choices, ...variant, fires: false, samples: 5, timesteps: 7, N: 33 }, 77 + k);
  });
}

/** Membranes exactly at threshold: every number is a small multiple of a power of two, so nothing is rounded. */
function tieCases(): ConformanceCase[] {
  return RESETS.flatMap((reset, k) =>
    (['>', '>='] as const).map((tie): ConformanceCase => {
      const [N, samples, timesteps] = [33, 9, 7];
      const choices: Choices = {
        ...{ ...reset, ...SURROGATES[0]!, detachReset: false, tie, initialMembrane: [0, 1, 0.5][k % 3]! },
      };
      const layer: Layer = {
        ...{ choices, fires: true, synapse: k % 2 === 1, recurrent: 'none', constant: false, samples, timesteps, N },
      };
      const all = (value: number): Float32Array => new Float32Array(N).fill(value);
      const from = random(40 + k);
      const { plan, name } = caseOf(layer, 1);
      const { backward: _, gradients: __, ...forward } = plan;
      return {
        name: `ties: ${name}`,
        kernels: ['neuron'],
        plan: {
          ...{ ...forward, backward: [], gradients: [] },
          forward: plan.forward.filter((op) => op.kernel !== 'loss'),
        },
        parameters: new Map([
          ...([
            ['a', all(k % 4 === 0 ? 1 : 0.5)],
            ['b', all(1)],
            ['c', all(0)],
            ['threshold', all(1)],
          ] as const),
          ['alpha', all(0.5)] as const,
        ]),
        batches: [batchOf(samples, dyadic(from, samples * timesteps * N, 0.25, 1.5))],
        exact: true,
      };
    }),
  );
}

export const NEURONS: readonly ConformanceCase[] = [...marginCases(), ...integratorCases(), ...tieCases()];
