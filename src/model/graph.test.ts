import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  depthwise,
  dropout,
  flatten,
  globalPool,
  inferShapes,
  integrator,
  join,
  lif,
  maxPool,
  network,
  pool,
  slot,
  softmax,
  sourcesOf,
  spikingLayers,
  windowOf,
} from './index.ts';

const block = network(
  'block',
  [9, 7, 3],
  [
    conv('conv1', 4, 3, { padding: 'same' }),
    batchNorm('bn1'),
    slot('lif1', lif({ threshold: [1, 2, 3, 4] })),
    depthwise('conv2', 4, [3, 5], { stride: [2, 1], padding: [1, 2], multiplier: 2 }),
    slot('lif2', lif()),
    conv('short', 8, 1, { stride: [2, 1], bias: false, from: 'lif1' }),
    add('sum', 'lif2', 'short'),
    slot('lif3', lif()),
    maxPool('max', [2, 3], { stride: [2, 1], padding: [0, 1] }),
    pool('winner', 'winner', 2, { stride: 1 }),
    dropout('drop', 0.25),
    globalPool('mean'),
    flatten(),
    dense('fc', 5),
    softmax(),
  ],
);

test('shapes follow the graph', () => {
  assert.deepEqual(
    inferShapes(block).map(({ layer, from, inputs, output }) => [layer, from, inputs, output]),
    [
      ['conv1', ['input'], [[9, 7, 3]], [9, 7, 4]],
      ['bn1', ['conv1'], [[9, 7, 4]], [9, 7, 4]],
      ['lif1', ['bn1'], [[9, 7, 4]], [9, 7, 4]],
      ['conv2', ['lif1'], [[9, 7, 4]], [5, 7, 8]],
      ['lif2', ['conv2'], [[5, 7, 8]], [5, 7, 8]],
      ['short', ['lif1'], [[9, 7, 4]], [5, 7, 8]],
      [
        'sum',
        ['lif2', 'short'],
        [
          [5, 7, 8],
          [5, 7, 8],
        ],
        [5, 7, 8],
      ],
      ['lif3', ['sum'], [[5, 7, 8]], [5, 7, 8]],
      ['max', ['lif3'], [[5, 7, 8]], [2, 7, 8]],
      ['winner', ['max'], [[2, 7, 8]], [1, 6, 8]],
      ['drop', ['winner'], [[1, 6, 8]], [1, 6, 8]],
      ['mean', ['drop'], [[1, 6, 8]], [1, 1, 8]],
      ['flatten', ['mean'], [[1, 1, 8]], [8]],
      ['fc', ['flatten'], [[8]], [5]],
      ['softmax', ['fc'], [[5]], [5]],
    ],
  );
});

test('sources are the layer before, or those named', () => {
  assert.deepEqual(sourcesOf(block).slice(3, 8), [['lif1'], ['conv2'], ['lif1'], ['lif2', 'short'], ['sum']]);
});

test('spikes leave neurons that fire and what passes them on', () => {
  assert.deepEqual([...spikingLayers(block)], ['lif1', 'lif2', 'lif3', 'max', 'winner', 'drop']);
  const gated = network(
    'gated',
    [4],
    [
      dense('a', 3),
      slot('s1', lif()),
      dense('b', 3, { from: 'input' }),
      slot('s2', lif()),
      join('gate', 'iand', ['s1', 's2']),
      dense('c', 3),
      slot('out', integrator()),
    ],
  );
  assert.deepEqual([...spikingLayers(gated)], ['s1', 's2', 'gate']);
});

test('a window has its lengths by axis; output = floor((n + 2p - d (k - 1) - 1) / s) + 1', () => {
  assert.deepEqual(windowOf(conv('c', 2, [3, 2], { stride: [2, 3], padding: [1, 0], dilation: [2, 1] }), [9, 11, 4]), {
    input: [9, 11],
    output: [4, 4],
    kernel: [3, 2],
    stride: [2, 3],
    padding: [1, 0],
    dilation: [2, 1],
  });
  assert.deepEqual(windowOf(averagePool('p', 2, { padding: 1, stride: 3 }), [7, 6, 1]).output, [3, 3]);
  assert.deepEqual(windowOf(maxPool('p', [2, 3]), [7, 7, 1]), {
    input: [7, 7],
    output: [3, 2],
    kernel: [2, 3],
    stride: [2, 3],
    padding: [0, 0],
    dilation: [1, 1],
  });
  assert.deepEqual(windowOf(globalPool('p', 'max'), [5, 3, 2]), {
    input: [5, 3],
    output: [1, 1],
    kernel: [5, 3],
    stride: [5, 3],
    padding: [0, 0],
    dilation: [1, 1],
  });
});

test('"same" keeps the size, at stride s ceil(n / s)', () => {
  for (const [kernel, stride, dilation] of [
    [3, 1, 1],
    [5, 2, 1],
    [3, 3, 2],
  ] as const) {
    const { output } = windowOf(conv('c', 1, kernel, { padding: 'same', stride, dilation }), [13, 12, 1]);
    assert.deepEqual(output, [Math.ceil(13 / stride), Math.ceil(12 / stride)]);
  }
  assert.throws(() => conv('c', 1, [3, 4], { padding: 'same' }), {
    name: 'ConfigError',
    message:
      /^conv "c": padding: got "same", but a window of 3 by 4 has no equal padding on both sides.*use an odd kernel/,
  });
});

const map = [6, 5, 4];
const misfits: readonly [string, () => unknown, string | RegExp][] = [
  [
    'a kernel larger than its input',
    () => network('x', map, [conv('c', 2, [7, 3])]),
    'conv "c": kernel [7, 3] is larger than its input [6, 5, 4] with padding [0, 0] (7 > 6 in height); use a smaller kernel, more padding, or fewer pools and strides before it',
  ],
  [
    'a dilated kernel larger than its padded input',
    () => network('x', map, [conv('c', 2, 3, { dilation: [1, 4], padding: [0, 1] })]),
    /^conv "c": kernel \[3, 3\], spread by dilation \[1, 4\], is larger than its input .* \(9 > 7 in width\)/,
  ],
  [
    'a pool larger than its input',
    () => network('x', map, [maxPool('p', 6)]),
    /^pool "p": kernel \[6, 6\] is larger than its input \[6, 5, 4\] with padding \[0, 0\] \(6 > 5 in width\)/,
  ],
  [
    'groups that do not divide the channels',
    () => network('x', map, [conv('c', 6, 3, { groups: 3 })]),
    'conv "c": 3 groups do not divide its 4 input channels (input [6, 5, 4], 6 filters); use a number of groups that divides both',
  ],
  [
    'groups that do not divide the filters',
    () => network('x', map, [conv('c', 6, 3, { groups: 4 })]),
    /^conv "c": 4 groups do not divide its 6 filters/,
  ],
  [
    'a convolution of a flat signal',
    () => network('x', map, [flatten(), conv('c', 6, 3)]),
    'conv "c": got an input of shape [120], expected a map [height, width, channels]; put it before the flatten, or give the network an input with three dimensions',
  ],
  [
    'a pool of an image without channels',
    () => network('x', [6, 5], [globalPool('p')]),
    'pool "p": got an input of shape [6, 5], expected a map [height, width, channels]; give the network an input such as [28, 28, 1]',
  ],
  [
    'a dense layer on a map',
    () => network('x', map, [conv('c', 2, 3), dense('fc', 3)]),
    'dense "fc": got an input of shape [4, 3, 2], expected one dimension such as [24]; put a flatten before it',
  ],
  ['a softmax on a map', () => network('x', map, [softmax('s')]), /^softmax "s": got an input of shape \[6, 5, 4\]/],
  [
    'a join of two shapes',
    () => network('x', map, [conv('c', 2, 3), add('sum', 'c', 'input')]),
    'join "sum": "c" has shape [4, 3, 2], "input" [6, 5, 4]; both must have one shape: where the main path changes it, put a 1x1 conv of that stride and that many filters on the other',
  ],
  [
    'a list that is not by channel',
    () => network('x', map, [slot('lif', lif({ threshold: [1, 2, 3] }))]),
    'slot "lif": neuron.threshold lists 3 values, its input [6, 5, 4] has 4 channels; give one value for each channel, or a single number for all',
  ],
];

for (const [name, make, message] of misfits) {
  test(`${name}: refused`, () => {
    assert.throws(make, { name: 'ShapeError', message });
  });
}

const refused: readonly [string, () => unknown, string | RegExp][] = [
  [
    'an unknown source',
    () => network('x', [4], [dense('a', 3), dense('b', 3, { from: 'c' })]),
    'network "x": layers[1].from: got "c", which no layer is called; expected one of input, a',
  ],
  [
    'a source that comes later',
    () => network('x', [4], [dense('a', 3), add('j', 'a', 'b'), dense('b', 3)]),
    'network "x": layers[1].from[1]: got "b", which comes later (layers[2]); a layer reads layers before it, so move "b" up',
  ],
  [
    'a layer that reads itself',
    () => network('x', [4], [dense('a', 3, { from: 'a' })]),
    'network "x": layers[0].from: got "a", the layer itself; a layer reads layers before it',
  ],
  [
    'a layer that nothing reads',
    () => network('x', [4], [dense('a', 3), dense('b', 3, { from: 'input' })]),
    'network "x": layers[0]: nothing reads "a", and it is not the last layer; name it in a `from`, or remove it',
  ],
  [
    'a layer called input',
    () => network('x', [4], [dense('input', 3)]),
    'network "x": layers[0].name: got "input", which means the network\'s input; choose another name',
  ],
  [
    'a softmax in the middle',
    () => network('x', [4], [softmax('s'), dense('a', 3)]),
    'network "x": layers[0]: softmax "s" is not the last layer; move it to the end',
  ],
  [
    'a winner of currents',
    () => network('x', map, [conv('c', 2, 3), pool('p', 'winner', 2)]),
    'network "x": layers[1].mode: got "winner", which passes on the spikes of neurons, but "c" gives no spikes; put it right after a slot that fires, or use "max"',
  ],
  [
    'no filters',
    () => network('x', map, [conv('c', 0, 3)]),
    /layers\[0\]\.filters: got 0, expected a whole number from 1/,
  ],
  [
    'half a stride',
    () => network('x', map, [conv('c', 2, 3, { stride: [1, 0.5] })]),
    /layers\[0\]\.stride\[1\]: got 0\.5/,
  ],
  [
    'a negative padding',
    () => network('x', map, [conv('c', 2, 3, { padding: -1 })]),
    /layers\[0\]\.padding\[0\]: got -1, expected a whole number from 0/,
  ],
  ['no dilation', () => network('x', map, [conv('c', 2, 3, { dilation: 0 })]), /layers\[0\]\.dilation\[0\]: got 0/],
  ['no groups', () => network('x', map, [conv('c', 2, 3, { groups: 0 })]), /layers\[0\]\.groups: got 0/],
  ['an empty window', () => network('x', map, [maxPool('p', [0, 1])]), /layers\[0\]\.size\[0\]: got 0/],
  [
    'a window within the padding',
    () => network('x', map, [maxPool('p', [3, 2], { padding: 2 })]),
    'network "x": layers[0].padding[1]: got 2, expected less than the window\'s 2: a window must not lie in the padding alone',
  ],
  [
    'a stride of the whole map',
    () => network('x', map, [pool('p', 'max', undefined, { stride: 2 })]),
    'network "x": layers[0].stride: got [2,2], expected none: a pool without `size` covers the whole map; add `size`',
  ],
  [
    'a padding of the whole map',
    () => network('x', map, [pool('p', 'max', undefined, { padding: 1 })]),
    /layers\[0\]\.padding: got \[1,1\], expected none/,
  ],
  [
    'an epsilon of 0',
    () => network('x', map, [batchNorm('bn', { epsilon: 0 })]),
    'network "x": layers[0].epsilon: got 0, expected a positive number such as 1e-5',
  ],
  [
    'a momentum of 0',
    () => network('x', map, [batchNorm('bn', { momentum: 0 })]),
    /layers\[0\]\.momentum: got 0, expected a share above 0, at most 1/,
  ],
  [
    'a norm without threshold',
    () => network('x', map, [batchNorm('bn', { threshold: 0 })]),
    /layers\[0\]\.threshold: got 0, expected a positive number: 1, or alpha times/,
  ],
  [
    'a slope beyond numbers',
    () => network('x', [4], [slot('s', lif(), { ann: { kind: 'leaky-relu', slope: Number.POSITIVE_INFINITY } })]),
    'network "x": layers[0].ann.slope: got Infinity, expected a finite number such as 0.01',
  ],
  [
    'half a level',
    () => network('x', [4], [slot('s', lif(), { ann: { kind: 'quantized', levels: 1.5, ceiling: 1 } })]),
    /layers\[0\]\.ann\.levels: got 1\.5, expected a whole number/,
  ],
  [
    'a ceiling of 0',
    () => network('x', [4], [slot('s', lif(), { ann: { kind: 'quantized', levels: 4, ceiling: 0 } })]),
    /layers\[0\]\.ann\.ceiling: got 0, expected a positive number such as 8/,
  ],
];

for (const [name, make, message] of refused) {
  test(`${name}: refused`, () => {
    assert.throws(make, { name: 'ConfigError', message });
  });
}
