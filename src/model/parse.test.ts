import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  dense,
  dropout,
  flatten,
  ifNeuron,
  integrator,
  lif,
  mlp,
  type NetworkSpec,
  network,
  networkToJson,
  parseNetwork,
  plif,
  recurrentLif,
  slot,
  synaptic,
} from './index.ts';
import type { InitSpec, LayerSpec, NeuronSpec, PerNeuron, ResetSpec, SurrogateSpec } from './spec.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

const anyNeuron = (n: number): fc.Arbitrary<NeuronSpec> => {
  const each = (value: fc.Arbitrary<number>): fc.Arbitrary<PerNeuron> =>
    fc.oneof(value, fc.array(value, { minLength: n, maxLength: n }));
  const reset: fc.Arbitrary<ResetSpec> = fc.record({
    kind: fc.constantFrom('subtract', 'value', 'none'),
    value: finite,
    moment: fc.constantFrom('same-step', 'next-step', 'both-steps'),
    dropsInput: fc.boolean(),
    gradient: fc.constantFrom('through', 'detached'),
  });
  const surrogate: fc.Arbitrary<SurrogateSpec> = fc.record({
    kind: fc.constantFrom('atan', 'sigmoid', 'fast-sigmoid', 'triangular', 'straight-through'),
    slope: positive,
  });
  const tie = fc.constantFrom('>=' as const, '>' as const);
  const options = fc.record(
    { threshold: each(positive), tie, reset, surrogate, initialMembrane: finite },
    { requiredKeys: [] },
  );
  const leaky = fc.oneof(
    fc.record({ beta: each(share) }, { requiredKeys: [] }),
    fc.record({ tau: each(fc.double({ min: 1.01, max: 99, noNaN: true })), inputDecay: fc.boolean(), rest: finite }),
  );
  const learn = fc.record({ decay: fc.boolean(), threshold: fc.boolean() });
  return fc.oneof(
    options.map(ifNeuron),
    fc.tuple(options, leaky, learn).map(([o, l, learned]) => lif({ ...o, ...l, learn: learned })),
    fc.tuple(options, leaky).map(([o, l]) => plif({ ...o, ...l })),
    fc.tuple(options, leaky, each(share)).map(([o, l, alpha]) => synaptic({ ...o, ...l, alpha })),
    fc
      .tuple(options, leaky, fc.constantFrom('one-to-one' as const, 'all-to-all' as const))
      .map(([o, l, topology]) => recurrentLif({ ...o, ...l, topology })),
    leaky.map(integrator),
  );
};

const units = fc.integer({ min: 1, max: 6 });
const init: fc.Arbitrary<InitSpec['kind']> = fc.constantFrom(
  'pytorch',
  'kaiming-uniform',
  'kaiming-normal',
  'xavier-uniform',
  'xavier-normal',
);

/** A block of dense, slot and dropout. */
const block = units.chain((n) =>
  fc.record({
    n: fc.constant(n),
    bias: fc.boolean(),
    init,
    neuron: anyNeuron(n),
    ann: fc.constantFrom('relu' as const, 'identity' as const),
    rate: fc.double({ min: 0, max: 0.9, noNaN: true }),
  }),
);

const anyNetwork: fc.Arbitrary<NetworkSpec> = fc
  .tuple(
    fc.string({ minLength: 1 }).filter((name) => name.trim() !== ''),
    fc.array(units, { minLength: 1, maxLength: 3 }),
    fc.array(block, { minLength: 1, maxLength: 3 }),
  )
  .map(([name, input, blocks]) => {
    const layers: LayerSpec[] = [flatten()];
    blocks.forEach((b, i) => {
      layers.push(
        dense(`fc${i}`, b.n, { bias: b.bias, init: b.init }),
        slot(`slot${i}`, b.neuron, { ann: b.ann }),
        dropout(`drop${i}`, b.rate),
      );
    });
    return network(name, input, layers);
  });

test('a network to JSON and back is the same network, as text and as data', () => {
  fc.assert(
    fc.property(anyNetwork, (spec) => {
      assert.deepEqual(parseNetwork(networkToJson(spec)), spec);
      assert.deepEqual(parseNetwork(JSON.parse(networkToJson(spec))), spec);
    }),
    { numRuns: 200 },
  );
});

test('a parsed network is deeply frozen', () => {
  const spec = parseNetwork(networkToJson(mlp([4, 3, 2])));
  const slotLayer = spec.layers[1]!;
  assert.ok(
    Object.isFrozen(spec) &&
      Object.isFrozen(slotLayer) &&
      slotLayer.kind === 'slot' &&
      Object.isFrozen(slotLayer.neuron.reset),
  );
});

interface Mutable {
  [key: string]: unknown;
  layers: { [key: string]: unknown; neuron: { [key: string]: Record<string, unknown> } }[];
}

const edited = (edit: (data: Mutable) => void): unknown => {
  const data = JSON.parse(networkToJson(mlp([4, 3, 2]))) as Mutable;
  edit(data);
  return data;
};

const refused: readonly [string, unknown, string | RegExp][] = [
  ['text that is no JSON', '{"format": ', /^n\.json: not valid JSON \(.*\); a network file holds one JSON object$/],
  ['a list', [], 'n.json: got [], expected a value of type object'],
  [
    'another format',
    edited((data) => {
      data.format = 'other';
    }),
    'n.json: format: got "other", expected "spikewatt-network"',
  ],
  [
    'another version',
    edited((data) => {
      data.version = 2;
    }),
    'n.json: version: got 2, expected 1',
  ],
  [
    'an unknown key',
    edited((data) => {
      data.colour = 'red';
    }),
    'n.json: colour: unknown key (value "red"); allowed here: format, version, name, input, layers',
  ],
  [
    'an unknown key of a layer',
    edited((data) => {
      data.layers[0]!.unit = 3;
    }),
    'n.json: layers[0].unit: unknown key (value 3); allowed here: kind, name, units, bias, init, from',
  ],
  [
    'an unknown key of a slot',
    edited((data) => {
      data.layers[1]!.bias = true;
    }),
    'n.json: layers[1].bias: unknown key (value true); allowed here: kind, name, ann, neuron, from',
  ],
  [
    'an unknown key of a neuron',
    edited((data) => {
      (data.layers[1]!.neuron as Record<string, unknown>).leak = 1;
    }),
    /layers\[1\]\.neuron\.leak: unknown key \(value 1\); allowed here: kind, threshold, tie/,
  ],
  [
    'an unknown key of a reset',
    edited((data) => {
      data.layers[1]!.neuron.reset!.delay = 1;
    }),
    /layers\[1\]\.neuron\.reset\.delay: unknown key \(value 1\); allowed here: kind, value, moment/,
  ],
  [
    'an unknown layer',
    edited((data) => {
      data.layers[0]!.kind = 'convolution';
    }),
    'n.json: layers[0].kind: got "convolution", expected one of "flatten", "dense", "conv", "pool", "batch-norm", "dropout", "slot", "softmax", "join"',
  ],
  [
    'an unknown reset',
    edited((data) => {
      data.layers[1]!.neuron.reset!.kind = 'zero';
    }),
    'n.json: layers[1].neuron.reset.kind: got "zero", expected one of "subtract", "value", "none"',
  ],
  [
    'an unknown decay',
    edited((data) => {
      data.layers[1]!.neuron.decay = { form: 'half-life' };
    }),
    'n.json: layers[1].neuron.decay.form: got "half-life", expected one of "none", "beta", "tau", "linear"',
  ],
  [
    'a missing key',
    edited((data) => {
      delete data.layers[0]!.units;
    }),
    'n.json: layers[0].units: got nothing, expected a value of type number',
  ],
  [
    'a beta in words',
    edited((data) => {
      data.layers[1]!.neuron.decay!.beta = 'high';
    }),
    'n.json: layers[1].neuron.decay.beta: got "high", expected a number, or a list with one number for each neuron',
  ],
  [
    'a threshold in words',
    edited((data) => {
      Object.assign(data.layers[1]!.neuron, { threshold: '1' });
    }),
    /layers\[1\]\.neuron\.threshold: got "1", expected a number, a list with one number for each neuron, or null/,
  ],
  [
    'a negative threshold',
    edited((data) => {
      Object.assign(data.layers[1]!.neuron, { threshold: -1 });
    }),
    /^n\.json: layers\[1\]\.neuron\.threshold: got -1, expected a positive number/,
  ],
];

for (const [name, data, message] of refused) {
  test(`${name}: refused`, () => {
    assert.throws(() => parseNetwork(data, 'n.json'), { name: 'ConfigError', message });
  });
}

test('shapes that do not fit are a ShapeError', () => {
  assert.throws(
    () =>
      parseNetwork(
        edited((data) => {
          data.input = [2, 2];
        }),
      ),
    { name: 'ShapeError', message: /dense "fc1": got an input of shape \[2, 2\]/ },
  );
});

test('damaged network files give a SpikewattError, never another error', () => {
  const text = networkToJson(mlp([4, 3, 2], { neuron: lif({ beta: [0.1, 0.2, 0.3] }), outputNeuron: lif() }));
  fc.assert(
    fc.property(fc.nat(), fc.string({ maxLength: 4 }), fc.nat({ max: 6 }), (at, inserted, removed) => {
      const from = at % text.length;
      try {
        parseNetwork(text.slice(0, from) + inserted + text.slice(from + removed));
      } catch (error) {
        assert.ok(['ConfigError', 'ShapeError'].includes((error as Error).name), String(error));
      }
    }),
    { numRuns: 400 },
  );
});
