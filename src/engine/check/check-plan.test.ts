import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackwardOp, ForwardOp, NeuronOpDynamics, Plan, TensorSpec, UpdateOp } from '../index.ts';
import { checkPlan } from './index.ts';

const tensor = (id: string, features: number, more: Partial<TensorSpec> = {}): TensorSpec => ({
  ...{ id, rows: 'step', features, values: 'analog', keep: 'batch', ...more },
});
const parameter = (id: string, rows: number, columns: number) => ({ id, rows, columns, layer: 'l', role: id });
const DYNAMICS: NeuronOpDynamics = {
  ...{
    a: 'a',
    b: 'b',
    c: 'c',
    threshold: 'threshold',
    tie: '>',
    reset: 'subtract',
    resetValue: 0,
    moment: 'next-step',
  },
  ...{ dropsInput: false, detachReset: true, surrogate: 'atan', slope: 2, initialMembrane: 0 },
};
const LOAD: ForwardOp = { kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'x' };
const DENSE: ForwardOp = { kernel: 'dense', layer: 'fc', x: 'x', weight: 'w', bias: 'bias', y: 'y' };
const NEURON = { kernel: 'neuron', layer: 'lif', dynamics: DYNAMICS, current: 'y', spikes: 's', charge: 'u' } as const;
const LOSS: ForwardOp = {
  ...{
    kernel: 'loss',
    layer: 'out',
    loss: 'ce-rate',
    onTarget: 1,
    offTarget: 0,
    output: 's',
    dOutput: 'ds',
    losses: 'losses',
  },
};
const BACK: BackwardOp = {
  ...{
    kernel: 'neuron-backward',
    layer: 'lif',
    dynamics: DYNAMICS,
    current: 'y',
    charge: 'u',
    dSpikes: 'ds',
    dCurrent: 'dy',
  },
};

/** x [7] -> dense -> y [3] -> neuron -> loss, and back. */
const PLAN: Plan = {
  timesteps: 4,
  tensors: [
    ...[tensor('x', 7), tensor('y', 3), tensor('s', 3, { values: 'spikes' }), tensor('u', 3), tensor('ds', 3)],
    ...[
      tensor('dy', 3),
      tensor('dx', 7),
      tensor('losses', 1, { rows: 'sample' }),
      tensor('one', 3, { rows: 'sample' }),
    ],
  ],
  parameters: [
    ...[
      parameter('w', 7, 3),
      parameter('bias', 1, 3),
      parameter('dw', 7, 3),
      parameter('m', 7, 3),
      parameter('v', 7, 3),
    ],
    ...['a', 'b', 'c', 'threshold', 'alpha'].map((id) => parameter(id, 1, 3)),
    ...[parameter('raw', 1, 1), parameter('raw2', 1, 2)],
  ],
  forward: [LOAD, DENSE, NEURON, LOSS],
  backward: [BACK, { kernel: 'dense-backward', layer: 'fc', dy: 'dy', weight: 'w', dx: 'dx' }],
  gradients: [{ kernel: 'dense-gradient', layer: 'fc', x: 'x', dy: 'dy', dWeight: 'dw' }],
  update: [
    { kernel: 'clip', gradients: ['dw'] },
    { kernel: 'adam', parameter: 'w', gradient: 'dw', m: 'm', v: 'v', decoupled: false, decay: true },
  ],
};

const forward = (...ops: ForwardOp[]): Plan => ({ ...PLAN, forward: ops, backward: [], gradients: [], update: [] });
const backward = (op: BackwardOp): Plan => ({ ...PLAN, backward: [op], gradients: [], update: [] });
const update = (op: UpdateOp): Plan => ({ ...PLAN, update: [op] });
const DERIVE = { kernel: 'derive-decay', form: 'tau', inputDecay: true, rest: 1, raw: 'raw' } as const;
const DERIVE_BACK = { ...DERIVE, kernel: 'derive-decay-backward', dRaw: 'raw', dA: 'a' } as const;
const withDynamics = (more: Partial<NeuronOpDynamics>): Plan =>
  forward(LOAD, DENSE, { ...NEURON, dynamics: { ...DYNAMICS, ...more } });

test('a sound plan passes', () => {
  checkPlan(PLAN);
  checkPlan(update({ ...DERIVE, a: 'a', b: 'b', c: 'c' }));
  checkPlan(update({ ...DERIVE_BACK, dB: 'b', dC: 'c' }));
});

const REFUSED: readonly (readonly [what: string, plan: Plan, message: RegExp])[] = [
  ['no steps', { ...PLAN, timesteps: 0 }, /plan: timesteps is 0, expected a whole number of at least 1/],
  ['empty tensor', { ...PLAN, tensors: [tensor('x', 0)] }, /tensor "x" has 0 features, expected at least 1/],
  [
    'empty parameter',
    { ...PLAN, parameters: [parameter('w', 0, 3)] },
    /parameter "w" is \[0, 3\], expected at least \[1, 1\]/,
  ],
  ['same id twice', { ...PLAN, tensors: [...PLAN.tensors, tensor('x', 7)] }, /plan: two tensors are called "x"/],
  [
    'unknown tensor',
    forward({ ...LOAD, x: 'z' } as ForwardOp),
    /load "input": x is the tensor "z", which the plan does not declare/,
  ],
  [
    'unknown parameter',
    forward(LOAD, { ...DENSE, weight: 'q' } as ForwardOp),
    /dense "fc": weight is the parameter "q", which the plan does not/,
  ],
  [
    'weight of other size',
    forward(LOAD, { ...DENSE, weight: 'bias' } as ForwardOp),
    /dense "fc": weight "bias" is \[1, 3\], expected \[7, any\]/,
  ],
  [
    'bias of other size',
    forward(LOAD, { ...DENSE, bias: 'raw2' } as ForwardOp),
    /dense "fc": bias "raw2" is \[1, 2\], expected \[1, 3\]/,
  ],
  [
    'output of other size',
    forward(LOAD, { ...DENSE, y: 'dx' } as ForwardOp),
    /dense "fc": y "dx" has 7 features, expected 3/,
  ],
  [
    'output of other rows',
    forward(LOAD, { ...DENSE, y: 'one' } as ForwardOp),
    /y "one" has one row a sample, expected one row a step/,
  ],
  ['spikes for analog', forward(LOAD, { ...DENSE, y: 's' } as ForwardOp), /y "s" holds spikes, expected analog/],
  [
    'read before written',
    forward(DENSE),
    /dense "fc": x "x" is read before any operation has written it; reorder the plan/,
  ],
  [
    'dropout of everything',
    forward(LOAD, { kernel: 'dropout', layer: 'd', rate: 1, index: 0, x: 'x', y: 'dx' }),
    /dropout "d": rate is 1, expected at least 0 and below 1/,
  ],
  [
    'recurrence of both kinds',
    withDynamics({ recurrent: {} }),
    /neuron "lif": a recurrent layer needs either a weight \[N, N\] or a scale/,
  ],
  [
    'recurrent weight of other size',
    withDynamics({ recurrent: { weight: 'w' } }),
    /recurrent weight "w" is \[7, 3\], expected \[3, 3\]/,
  ],
  [
    'no upstream',
    backward({ ...BACK, dSpikes: undefined } as unknown as BackwardOp),
    /neither dSpikes nor dMembrane is given/,
  ],
  ['dAlpha without alpha', backward({ ...BACK, dAlpha: 'one' } as BackwardOp), /dAlpha is asked for without an alpha/],
  [
    'dThreshold without threshold',
    backward({ ...BACK, dThreshold: 'one', dynamics: { ...DYNAMICS, threshold: undefined } } as unknown as BackwardOp),
    /dThreshold is asked for without a threshold/,
  ],
  [
    'dB of a recurrence without its current',
    backward({ ...BACK, dB: 'one', dynamics: { ...DYNAMICS, recurrent: { scale: 'a' } } } as BackwardOp),
    /dB of a recurrent layer needs synapse/,
  ],
  [
    'a shift of static rows',
    {
      ...forward({ ...LOAD, x: 'one' } as ForwardOp),
      parameters: [parameter('w3', 3, 3)],
      gradients: [{ kernel: 'dense-gradient', layer: 'r', x: 'one', dy: 'one', dWeight: 'w3', shift: 1 }],
    },
    /dense-gradient "r": shift 1 needs one row a step, "one" has one a sample/,
  ],
  [
    'a gradient of what is gone',
    { ...PLAN, tensors: PLAN.tensors.map((spec) => (spec.id === 'dy' ? { ...spec, keep: 'chunk' as const } : spec)) },
    /dense-gradient "fc": dy "dy" is gone after its chunk, and gradients are taken of the whole batch; keep it for the gradients/,
  ],
  [
    'loss of static spikes',
    forward({ ...LOAD, x: 'one' } as ForwardOp, { ...LOSS, output: 'one' } as ForwardOp),
    /loss "out": output "one" has one row a sample/,
  ],
  [
    'state of other size',
    update({ ...PLAN.update[1]!, m: 'bias' } as UpdateOp),
    /adam "w": m "bias" is \[1, 3\], expected \[7, 3\]/,
  ],
  [
    'raw of a wrong number',
    update({ ...DERIVE, raw: 'raw2', a: 'a', b: 'b', c: 'c' }),
    /derive-decay "raw2": raw "raw2" has 2 columns, expected 1 or 3/,
  ],
  ['tau without dB', update({ ...DERIVE_BACK, dC: 'c' }), /a tau with input decay changes b too: dB is needed/],
  ['tau without dC', update({ ...DERIVE_BACK, dB: 'b' }), /a tau with rest 1 changes c too: dC is needed/],
  [
    'spread of several',
    update({ kernel: 'spread', raw: 'raw2', vector: 'a' }),
    /spread "raw2": raw "raw2" is \[1, 2\], expected \[1, 1\]/,
  ],
];

for (const [what, plan, message] of REFUSED)
  test(`refused: ${what}`, () => assert.throws(() => checkPlan(plan), { name: 'ShapeError', message }));
