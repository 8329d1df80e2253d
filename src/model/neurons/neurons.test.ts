import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decayCoefficients, neuronTraits, rawDecay } from '../coefficients.ts';
import type { NeuronSpec } from '../spec.ts';
import { checkNeuron } from './check.ts';
import { ifNeuron, integrator, lif, plif, recurrentLif, synaptic } from './index.ts';

const near = (got: ArrayLike<number>, expected: readonly number[]): void => {
  assert.equal(got.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(got[i]! - value) < 1e-15, `at ${i}: got ${got[i]}, expected ${value}`);
  });
};

test('defaults: threshold 1, fires at it, subtracts it at once, no gradient through the reset', () => {
  assert.deepEqual(lif(), {
    kind: 'lif',
    threshold: 1,
    tie: '>=',
    decay: { form: 'beta', beta: 0.9 },
    reset: { kind: 'subtract', value: 0, moment: 'same-step', dropsInput: false, gradient: 'detached' },
    surrogate: { kind: 'atan', slope: 2 },
    learn: { decay: false, threshold: false },
    initialMembrane: 0,
  });
  assert.deepEqual(ifNeuron().decay, { form: 'none' });
  assert.deepEqual(plif().decay, { form: 'tau', tau: 2, inputDecay: true, rest: 0 });
  assert.equal(plif({ beta: 0.7 }).learn.decay, true);
  assert.deepEqual(synaptic().synapse, { alpha: 0.8 });
  assert.deepEqual(recurrentLif().recurrent, { topology: 'all-to-all', bias: true });
  assert.deepEqual(recurrentLif({ topology: 'one-to-one' }).recurrent, { topology: 'one-to-one', bias: false });
  assert.deepEqual([integrator().threshold, integrator().reset.kind], [null, 'none']);
});

test('a neuron is frozen through and through', () => {
  const neuron = lif({ beta: [0.5, 0.6] });
  assert.ok(Object.isFrozen(neuron) && Object.isFrozen(neuron.reset) && Object.isFrozen(neuron.decay));
  assert.throws(() => Object.assign((neuron.decay as unknown as { beta: number[] }).beta, [0.9]), TypeError);
});

test('coefficients follow from the decay', () => {
  const all = (neuron: NeuronSpec, n = 2): number[][] => {
    const { a, b, c } = decayCoefficients(neuron, n);
    return [a, b, c].map((values) => Array.from(values));
  };
  assert.deepEqual(all(ifNeuron()), [
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  assert.deepEqual(all(lif({ beta: [0.5, 0.25] })), [
    [0.5, 0.25],
    [1, 1],
    [0, 0],
  ]);
  assert.deepEqual(all(lif({ tau: 4, rest: -2 })), [
    [0.75, 0.75],
    [0.25, 0.25],
    [-0.5, -0.5],
  ]);
  assert.deepEqual(all(lif({ tau: [4, 2], inputDecay: false })), [
    [0.75, 0.5],
    [1, 1],
    [0, 0],
  ]);
  const both = decayCoefficients(synaptic({ alpha: [0.3, 0.4], threshold: [2, 3] }), 2);
  assert.deepEqual(
    [Array.from(both.alpha!), Array.from(both.threshold!)],
    [
      [0.3, 0.4],
      [2, 3],
    ],
  );
  assert.equal(decayCoefficients(integrator(), 1).threshold, undefined);
  assert.throws(() => decayCoefficients(lif({ beta: [0.5, 0.6, 0.7] }), 2), {
    message: 'expected 2 per-neuron values, got 3',
  });
});

test('a learned decay starts so that it gives the decay asked for', () => {
  assert.deepEqual(rawDecay(lif({ beta: 0.9 })), []);
  assert.deepEqual(rawDecay(plif({ beta: [0.5, 0.8] })), [0.5, 0.8]);
  assert.deepEqual(rawDecay(plif({ tau: 2 })), [0]);
  const [w] = rawDecay(plif({ tau: 1.3 }));
  near([1 / (1 + Math.exp(-w!))], [1 / 1.3]);
});

test('traits say what one update costs', () => {
  assert.deepEqual(neuronTraits(ifNeuron()), { leaky: false, currentBased: false, inputScaled: false, fires: true });
  assert.deepEqual(neuronTraits(lif({ tau: 3 })), { leaky: true, currentBased: false, inputScaled: true, fires: true });
  assert.deepEqual(neuronTraits(synaptic({ beta: [0.9, 1] })), {
    leaky: true,
    currentBased: true,
    inputScaled: false,
    fires: true,
  });
  assert.deepEqual(neuronTraits(lif({ beta: 1 })), {
    leaky: false,
    currentBased: false,
    inputScaled: false,
    fires: true,
  });
  assert.deepEqual(neuronTraits(plif({ beta: 1 })), {
    leaky: true,
    currentBased: false,
    inputScaled: false,
    fires: true,
  });
  assert.equal(neuronTraits(integrator()).fires, false);
});

const refused: readonly [string, () => unknown, RegExp][] = [
  ['negative threshold', () => lif({ threshold: -1 }), /^lif\.threshold: got -1, expected a positive number/],
  ['no threshold at all', () => lif({ threshold: 0 }), /^lif\.threshold: got 0/],
  ['threshold NaN', () => ifNeuron({ threshold: Number.NaN }), /^if\.threshold: got NaN/],
  ['infinite threshold', () => lif({ threshold: Number.POSITIVE_INFINITY }), /^lif\.threshold: got Infinity/],
  ['one bad threshold of many', () => lif({ threshold: [1, 2, -3] }), /^lif\.threshold\[2\]: got -3/],
  [
    'an empty list',
    () => lif({ beta: [] }),
    /^lif\.decay\.beta: got an empty list, expected one number for each neuron/,
  ],
  ['beta above 1', () => lif({ beta: 1.01 }), /^lif\.decay\.beta: got 1\.01, expected a decay per step from 0 to 1/],
  ['beta below 0', () => lif({ beta: -0.1 }), /^lif\.decay\.beta: got -0\.1/],
  ['tau of 1', () => lif({ tau: 1 }), /^lif\.decay\.tau: got 1, expected a time constant of more than 1 step/],
  ['infinite tau', () => plif({ tau: Number.POSITIVE_INFINITY }), /^plif\.decay\.tau: got Infinity/],
  ['rest NaN', () => lif({ tau: 2, rest: Number.NaN }), /^lif\.decay\.rest: got NaN, expected a finite membrane value/],
  ['alpha above 1', () => synaptic({ alpha: 2 }), /^synaptic\.synapse\.alpha: got 2/],
  ['slope 0', () => lif({ surrogate: { slope: 0 } }), /^lif\.surrogate\.slope: got 0, expected a positive number/],
  ['reset to NaN', () => lif({ reset: { kind: 'value', value: Number.NaN } }), /^lif\.reset\.value: got NaN/],
  ['infinite start', () => lif({ initialMembrane: Number.NEGATIVE_INFINITY }), /^lif\.initialMembrane: got -Infinity/],
  [
    'learning no decay',
    () => ifNeuron({ learn: { decay: true } }),
    /^if\.learn\.decay: got true, expected false: decay form "none" has nothing to learn; use "beta" or "tau"/,
  ],
  [
    'learning no threshold',
    () => integrator({ learn: { threshold: true } }),
    /^integrator\.learn\.threshold: got true, expected false/,
  ],
  [
    'no threshold but firing',
    () => checkNeuron({ ...lif(), threshold: null }, 'x'),
    /^x\.threshold: got null, expected a positive number; only an integrator has no threshold, this is "lif"/,
  ],
  [
    'an integrator that resets',
    () => checkNeuron({ ...integrator(), reset: lif().reset }, 'x'),
    /^x\.reset\.kind: got "subtract", expected "none"/,
  ],
  [
    'a linear decay of NaN',
    () => checkNeuron({ ...lif(), decay: { form: 'linear', a: 1, b: Number.NaN, c: 0 } }, 'x'),
    /^x\.decay\.b: got NaN, expected a finite number/,
  ],
];

for (const [name, make, message] of refused) {
  test(`${name}: refused`, () => {
    assert.throws(make, { name: 'ConfigError', message });
  });
}
