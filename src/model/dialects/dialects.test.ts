import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decayCoefficients } from '../coefficients.ts';
import type { NeuronSpec } from '../spec.ts';
import { dialects } from './index.ts';

const { snntorch, spikingjelly, snntoolbox, norse } = dialects;

interface Run {
  readonly spikes: string;
  /** The state as it is returned after each step. */
  readonly membranes: readonly number[];
}

/** One neuron through time, straight from the equations of spec.ts, with nothing but the spec's fields to go by. */
function run(neuron: NeuronSpec, inputs: readonly number[]): Run {
  const { a, b, c, threshold, alpha } = decayCoefficients(neuron, 1);
  const theta = threshold?.[0] ?? Number.POSITIVE_INFINITY;
  const fires = (u: number): number => Number(neuron.tie === '>=' ? u >= theta : u > theta);
  const { kind, value, moment, dropsInput } = neuron.reset;
  let [m, i] = [neuron.initialMembrane, 0];
  let spikes = '';
  const membranes: number[] = [];
  for (const x of inputs) {
    i = (alpha?.[0] ?? 0) * i + x;
    const r = moment === 'same-step' ? 0 : fires(m);
    const charge = (from: number): number => a[0]! * from + b[0]! * i + c[0]!;
    let u = charge(kind === 'value' && r ? value : m);
    if (kind === 'subtract') u -= r * theta;
    if (kind === 'value' && r && dropsInput) u = value;
    const s = fires(u);
    const d = moment === 'next-step' ? 0 : s - r;
    m = kind === 'subtract' ? u - d * theta : kind === 'value' ? u - d * (u - value) : u;
    spikes += s;
    membranes.push(m);
  }
  return { spikes, membranes };
}

const constant = (value: number, steps: number): number[] => new Array<number>(steps).fill(value);

const near = (got: readonly number[], expected: readonly number[]): void => {
  expected.forEach((value, i) => {
    assert.ok(Math.abs(got[i]! - value) < 6e-7, `step ${i}: got ${got[i]}, expected ${value}`);
  });
};

// Constant input; rows worked out from each library's source (snnTorch 0.9.4, SpikingJelly 2.0.0.dev, SNN Toolbox 0255f75).
const vectors: readonly [string, NeuronSpec, number, string, readonly number[]][] = [
  [
    'Leaky subtract',
    snntorch.leaky({ beta: 0.9 }),
    0.6,
    '01010101',
    [0.6, 1.14, 0.626, 1.1634, 0.64706, 1.182354, 0.664119, 1.197707],
  ],
  [
    'Leaky subtract at once',
    snntorch.leaky({ beta: 0.9, resetDelay: false }),
    0.6,
    '01010101',
    [0.6, 0.14, 0.726, 0.2534, 0.82806, 0.345254, 0.910729, 0.419656],
  ],
  ['Leaky zero', snntorch.leaky({ beta: 0.9, resetMechanism: 'zero' }), 0.6, '01010101', [0.6, 1.14, 0.6, 1.14]],
  [
    'Leaky zero at once',
    snntorch.leaky({ beta: 0.9, resetMechanism: 'zero', resetDelay: false }),
    0.6,
    '01010101',
    [0.6, 0, 0.6, 0],
  ],
  [
    'Leaky none',
    snntorch.leaky({ beta: 0.9, resetMechanism: 'none' }),
    0.6,
    '01111111',
    [0.6, 1.14, 1.626, 2.0634, 2.45706, 2.811354, 3.130219, 3.417197],
  ],
  ['Leaky beyond beta 1', snntorch.leaky({ beta: 1.7 }), 0.25, '000010001', []],
  ['IFNode soft at the threshold', spikingjelly.ifNode({ vReset: null }), 0.25, '000100010', []],
  ['IFNode soft', spikingjelly.ifNode({ vReset: null }), 0.3, '00010010', [0.3, 0.6, 0.9, 0.2, 0.5, 0.8, 0.1, 0.4]],
  ['LIFNode hard', spikingjelly.lifNode(), 1.5, '010101', [0.75, 0]],
  [
    'LIFNode soft',
    spikingjelly.lifNode({ vReset: null }),
    1.5,
    '010101',
    [0.75, 0.125, 0.8125, 0.15625, 0.828125, 0.1640625],
  ],
  ['LIFNode without input decay', spikingjelly.lifNode({ decayInput: false }), 0.6, '001001', []],
  ['INIsim', snntoolbox.inisim(), 1.3, '1111', [0.3, 0.6, 0.9, 1.2]],
];

for (const [name, neuron, input, spikes, membranes] of vectors) {
  test(`${name} spikes and charges as the library does`, () => {
    const result = run(neuron, constant(input, spikes.length));
    assert.equal(result.spikes, spikes);
    near(result.membranes, membranes);
  });
}

test('snnTorch: cells other than Leaky lose the input of a step in which they are zeroed', () => {
  const zero = { resetMechanism: 'zero' } as const;
  assert.equal(snntorch.leaky({ beta: 0.9, ...zero }).reset.dropsInput, false);
  for (const cell of [
    snntorch.synaptic({ alpha: 0.5, beta: 0.9, ...zero }),
    snntorch.rleaky({ beta: 0.9, ...zero }),
    snntorch.lapicque({ beta: 0.9, ...zero }),
  ]) {
    assert.equal(cell.reset.dropsInput, true);
  }
  assert.equal(snntorch.synaptic({ alpha: 0.5, beta: 0.9 }).reset.dropsInput, false, 'a subtraction drops nothing');
});

test('snnTorch: surrogate, tie, learning and the gradient of the reset', () => {
  const cell = snntorch.leaky({ beta: [0.2, 0.9], threshold: 1.5, learnBeta: true, learnThreshold: true });
  assert.deepEqual([cell.tie, cell.threshold, cell.surrogate], ['>', 1.5, { kind: 'atan', slope: 2 }]);
  assert.deepEqual(cell.learn, { decay: true, threshold: true });
  assert.equal(cell.reset.gradient, 'detached');
  assert.equal(snntorch.leaky({ beta: 0.9, resetDelay: false }).reset.gradient, 'through');
  assert.deepEqual(snntorch.rleaky({ beta: 0.9 }).recurrent, { topology: 'all-to-all', bias: true });
  assert.deepEqual(snntorch.rleaky({ beta: 0.9, allToAll: false }).recurrent, { topology: 'one-to-one', bias: false });
});

test('Lapicque is an RC circuit; what is missing of R and C comes from beta', () => {
  const of = (options: Parameters<typeof snntorch.lapicque>[0]): number[] => {
    const { decay } = snntorch.lapicque(options);
    assert.ok(decay.form === 'linear');
    return [decay.a as number, decay.b as number];
  };
  near(of({ beta: 0.9 }), [1 - 1 / 9.491218, 1 / 9.491218]);
  near(of({ R: 2, C: 3, timeStep: 0.5 }), [1 - 0.5 / 6, 0.5 / 3]);
  near(of({ beta: 0.8, R: 2 }), [1 - 1 / (2 * 2.24071), 1 / 2.24071]);
  near(of({ beta: 0.8, C: 3 }), [1 - 1 / (1.4938068 * 3), 1 / 3]);
  assert.throws(() => snntorch.lapicque({ R: 2 }), {
    message: 'lapicque: got neither beta nor both R and C; give beta, or R and C',
  });
  assert.throws(() => snntorch.lapicque({ R: -2, C: 1 }), {
    message: 'lapicque.R: got -2, expected a positive number',
  });
  assert.throws(() => snntorch.lapicque({ beta: 1 }), {
    message: 'lapicque.beta: got 1, expected more than 0 and less than 1',
  });
});

test('SpikingJelly: the membrane rests, resets and starts at v_reset; gradient through the reset by default', () => {
  const hard = spikingjelly.lifNode({ tau: 4, vReset: -0.2 });
  assert.deepEqual(hard.decay, { form: 'tau', tau: 4, inputDecay: true, rest: -0.2 });
  assert.deepEqual(
    [hard.reset.kind, hard.reset.value, hard.reset.gradient, hard.initialMembrane],
    ['value', -0.2, 'through', -0.2],
  );
  assert.deepEqual(hard.surrogate, { kind: 'sigmoid', slope: 4 });
  const soft = spikingjelly.ifNode({ vReset: null, detachReset: true });
  assert.deepEqual(
    [soft.reset.kind, soft.reset.gradient, soft.initialMembrane, soft.tie],
    ['subtract', 'detached', 0, '>='],
  );
  const learned = spikingjelly.parametricLifNode({ initTau: 3 });
  assert.deepEqual([learned.kind, learned.learn.decay], ['plif', true]);
  assert.throws(() => spikingjelly.lifNode({ tau: 1 }), {
    message: /^lif\.decay\.tau: got 1, expected a time constant of more than 1 step/,
  });
});

test('SNN Toolbox: reset to zero discards what is above the threshold', () => {
  near(run(snntoolbox.inisim({ reset: 'zero' }), constant(0.6, 4)).membranes, [0.6, 0, 0.6, 0]);
});

test('Norse: equal, step by step, to its Euler update written out', () => {
  const inputs = Array.from({ length: 40 }, (_, t) => (t % 7 === 0 ? 9 : t % 3));
  let [v, i] = [0, 0];
  let spikes = '';
  const membranes = inputs.map((x) => {
    i += x;
    v += 0.001 * 100 * (0 - v + i);
    i -= 0.001 * 200 * i;
    spikes += Number(v > 1);
    if (v > 1) v = 0;
    return v;
  });
  const result = run(norse.lif(), inputs);
  assert.equal(result.spikes, spikes);
  assert.ok(spikes.includes('1') && spikes.includes('0'));
  near(result.membranes, membranes);
});

test('Norse: rest, tie, surrogate and gradients', () => {
  const cell = norse.lif({ vLeak: 0.1, vReset: -0.3 });
  assert.deepEqual(
    [cell.tie, cell.initialMembrane, cell.reset.value, cell.reset.gradient],
    ['>', 0.1, -0.3, 'through'],
  );
  assert.deepEqual(cell.surrogate, { kind: 'fast-sigmoid', slope: 100 });
  assert.equal(norse.lifRecurrent().reset.gradient, 'detached');
  assert.deepEqual(norse.lifRecurrent().recurrent, { topology: 'all-to-all', bias: false });
  assert.deepEqual(
    [norse.lifBox({ resetMethod: 'subtract' }).reset.kind, norse.lifBox().synapse],
    ['subtract', undefined],
  );
  assert.throws(() => norse.lif({ tauSynInv: 1500 }), {
    message:
      'norse.tauSynInv: got a decay of 1.5 per step (dt 0.001 s x 1500 /s), expected more than 0 and less than 1',
  });
});
