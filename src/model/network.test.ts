import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dense, dropout, flatten, lif, mlp, network, preset, slot } from './index.ts';
import { inferShapes, outputShape, sizeOf } from './shapes.ts';

const small = network(
  'small',
  [3, 2, 1],
  [flatten(), dense('fc1', 5), slot('lif1', lif()), dropout('drop1', 0.25), dense('fc2', 4)],
);

test('shapes follow from layer to layer', () => {
  assert.deepEqual(
    inferShapes(small).map(({ layer, input, output }) => [layer, input, output]),
    [
      ['flatten', [3, 2, 1], [6]],
      ['fc1', [6], [5]],
      ['lif1', [5], [5]],
      ['drop1', [5], [5]],
      ['fc2', [5], [4]],
    ],
  );
  assert.deepEqual(outputShape(small), [4]);
  assert.deepEqual(outputShape({ input: [7], layers: [] }), [7]);
  assert.equal(sizeOf([3, 2, 4]), 24);
});

test('a dense layer on an image says to put a flatten before it', () => {
  assert.throws(() => network('x', [28, 28, 1], [dense('fc1', 10)]), {
    name: 'ShapeError',
    message:
      'dense "fc1": got an input of shape [28, 28, 1], expected one dimension such as [784]; put a flatten before it',
  });
});

test('per-neuron lists must have one value for each neuron', () => {
  assert.throws(() => network('x', [4], [dense('fc1', 3), slot('lif1', lif({ beta: [0.1, 0.2] }))]), {
    name: 'ShapeError',
    message:
      'slot "lif1": neuron.decay.beta lists 2 values, its input [3] has 3 neurons; give one value for each neuron, or a single number for all',
  });
});

test('the builder gives a frozen spec with every choice written out', () => {
  assert.deepEqual(small.layers[1], {
    kind: 'dense',
    name: 'fc1',
    units: 5,
    bias: true,
    init: { kind: 'kaiming-uniform' },
  });
  assert.equal((small.layers[2] as { ann: string }).ann, 'relu');
  assert.ok(
    Object.isFrozen(small) &&
      Object.isFrozen(small.layers) &&
      Object.isFrozen(small.layers[1]) &&
      Object.isFrozen(small.input),
  );
});

const refused: readonly [string, () => unknown, string | RegExp][] = [
  ['no layers', () => network('x', [4], []), 'network "x": layers: got none, expected at least one layer'],
  [
    'no input',
    () => network('x', [], [dense('a', 1)]),
    'network "x": input: got [], expected a shape such as [784] or [28, 28, 1]',
  ],
  [
    'an input of 0',
    () => network('x', [4, 0], [flatten()]),
    'network "x": input[1]: got 0, expected a whole number from 1 to 268435456',
  ],
  ['no name', () => network(' ', [4], [flatten()]), /name: got an empty name, expected some text/],
  [
    'a name that is no key',
    () => network('x', [4], [dense('a/b', 1)]),
    'network "x": layers[0].name: got "a/b", expected letters, digits, "_", "-" or "."',
  ],
  [
    'two of one name',
    () => network('x', [4], [dense('a', 1), dense('a', 2)]),
    'network "x": layers[1].name: got "a", which layers[0] has already; names must differ',
  ],
  ['half a unit', () => network('x', [4], [dense('a', 1.5)]), /layers\[0\]\.units: got 1\.5, expected a whole number/],
  [
    'units beyond memory',
    () => network('x', [4], [dense('a', 2 ** 31)]),
    /layers\[0\]\.units: got 2147483648, expected a whole number from 1 to/,
  ],
  [
    'dropping everything',
    () => network('x', [4], [dropout('a', 1)]),
    'network "x": layers[0].rate: got 1, expected a share from 0 to less than 1',
  ],
  ['one size', () => mlp([784]), 'sizes: got [784], expected at least an input and an output size'],
  [
    'an unknown preset',
    () => preset('mnist-mpl'),
    /^network: got "mnist-mpl", expected one of mnist-mlp, mnist-wide, mnist-two-hidden/,
  ],
];

for (const [name, make, message] of refused) {
  test(`${name}: refused`, () => {
    assert.throws(make, { name: 'ConfigError', message });
  });
}

test('an MLP ends in an identity slot with a spiking neuron', () => {
  const spec = mlp([784, 256, 10], { dropout: 0.2, outputNeuron: lif({ beta: 0.5 }) });
  assert.equal(spec.name, 'mlp-784-256-10');
  assert.deepEqual(
    spec.layers.map(({ name }) => name),
    ['fc1', 'lif1', 'drop1', 'fc2', 'lif2'],
  );
  const last = spec.layers.at(-1)!;
  assert.ok(last.kind === 'slot' && last.ann === 'identity' && last.neuron.threshold === 1);
  assert.deepEqual(last.neuron.decay, { form: 'beta', beta: 0.5 });
});
