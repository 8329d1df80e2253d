// JSON of convolutional networks and graphs: there and back, refusals by their text, and damage of every kind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  batchNorm,
  conv,
  dense,
  flatten,
  globalPool,
  type LayerSpec,
  lif,
  listParameters,
  network,
  networkToJson,
  parseNetwork,
  pool,
  preset,
  recurrentLif,
  slot,
  softmax,
  windowOf,
} from './index.ts';

const small = network(
  'small',
  [8, 7, 3],
  [
    conv('conv1', 4, [3, 2], { stride: [1, 2], padding: 1, dilation: [2, 1], init: 'pytorch' }),
    batchNorm('bn1', { threshold: 0.5 }),
    slot('lif1', lif({ threshold: [1, 2, 3, 4] }), { ann: { kind: 'quantized', levels: 4, ceiling: 8 } }),
    conv('conv2', 4, 3, { padding: 'same', groups: 2, bias: false }),
    slot('lif2', lif(), { ann: { kind: 'leaky-relu', slope: 0.1 } }),
    add('sum', 'lif2', 'lif1'),
    slot('lif3', lif(), { ann: 'relu6' }),
    pool('pool1', 'winner', 2, { stride: 1, padding: [0, 1] }),
    globalPool('pool2', 'max'),
    flatten(),
    dense('fc1', 5),
    slot('rlif4', recurrentLif(), { ann: 'identity' }),
    softmax(),
  ],
);

const length = fc.integer({ min: 1, max: 4 });
const pair = fc.tuple(length, length);

const anyConv = fc
  .record({
    filters: length,
    kernel: pair,
    stride: pair,
    padding: fc.tuple(fc.nat(2), fc.nat(2)),
    dilation: pair,
    bias: fc.boolean(),
    init: fc.constantFrom('pytorch' as const, 'kaiming-normal' as const),
  })
  .map(({ filters, kernel, ...options }) => conv('conv', filters, kernel, options));

test('any convolution that fits: its size is that of the positions a window can take, and JSON keeps it', () => {
  let fitted = 0;
  fc.assert(
    fc.property(anyConv, fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })), (layer, size) => {
      const positions = ([0, 1] as const).map((axis) => {
        const span = layer.dilation[axis] * (layer.kernel[axis] - 1) + 1;
        let found = 0;
        const end = size[axis] + layer.padding[axis];
        for (let at = -layer.padding[axis]; at + span <= end; at += layer.stride[axis]) found++;
        return found;
      });
      const build = () => network('n', [...size, 2], [layer]);
      if (positions.includes(0)) {
        assert.throws(build, { name: 'ShapeError', message: /^conv "conv": kernel .* is larger than its input/ });
        return;
      }
      fitted++;
      assert.deepEqual(windowOf(layer, [...size, 2]).output, positions);
      assert.deepEqual(parseNetwork(networkToJson(build())), build());
    }),
    { numRuns: 300 },
  );
  assert.ok(fitted > 50, `${fitted} of 300 fitted`);
});

test('every layer and every choice of it to JSON and back', () => {
  assert.deepEqual(parseNetwork(networkToJson(small)), small);
  const frozen = parseNetwork(networkToJson(small)).layers[0]!;
  assert.ok(frozen.kind === 'conv' && Object.isFrozen(frozen.kernel));
});

type Data = { layers: Record<string, unknown>[] };

const edited = (layer: string, fields: Record<string, unknown>): unknown => {
  const data = JSON.parse(networkToJson(small)) as Data;
  Object.assign(data.layers.find(({ name }) => name === layer)!, fields);
  return data;
};

const CONV_KEYS = 'kind, name, filters, kernel, stride, padding, dilation, groups, bias, init, from';

const refused: readonly [string, unknown, string | RegExp][] = [
  [
    'an unknown key of a convolution',
    edited('conv1', { strides: 2 }),
    `n.json: layers[0].strides: unknown key (value 2); allowed here: ${CONV_KEYS}`,
  ],
  [
    'an unknown key of a pool',
    edited('pool1', { kernel: 2 }),
    'n.json: layers[7].kernel: unknown key (value 2); allowed here: kind, name, mode, size, stride, padding, from',
  ],
  [
    'an unknown key of a norm',
    edited('bn1', { eps: 1 }),
    'n.json: layers[1].eps: unknown key (value 1); allowed here: kind, name, epsilon, momentum, threshold, from',
  ],
  [
    'an unknown key of a join',
    edited('sum', { scale: 1 }),
    'n.json: layers[5].scale: unknown key (value 1); allowed here: kind, name, mode, from',
  ],
  [
    'an unknown key of a quantized activation',
    edited('lif1', { ann: { kind: 'quantized', levels: 4, ceiling: 8, bits: 2 } }),
    'n.json: layers[2].ann.bits: unknown key (value 2); allowed here: kind, levels, ceiling',
  ],
  [
    'an unknown key of a leaky ReLU',
    edited('lif2', { ann: { kind: 'leaky-relu', slope: 0.1, alpha: 1 } }),
    'n.json: layers[4].ann.alpha: unknown key (value 1); allowed here: kind, slope',
  ],
  [
    'one number for two lengths',
    edited('conv1', { kernel: 3 }),
    'n.json: layers[0].kernel: got 3, expected two numbers, [height, width]',
  ],
  [
    'three lengths',
    edited('pool1', { size: [2, 2, 2] }),
    'n.json: layers[7].size: got [2,2,2], expected two numbers, [height, width]',
  ],
  [
    'an unknown pool',
    edited('pool1', { mode: 'mean' }),
    'n.json: layers[7].mode: got "mean", expected one of "max", "average", "winner"',
  ],
  [
    'an unknown join',
    edited('sum', { mode: 'or' }),
    'n.json: layers[5].mode: got "or", expected one of "add", "and", "iand"',
  ],
  ['a join of one', edited('sum', { from: 'lif1' }), /^n\.json: layers\[5\]\.from: got "lif1", expected/],
  [
    'an unknown activation',
    edited('lif1', { ann: 'gelu' }),
    'n.json: layers[2].ann: got "gelu", expected "relu", "identity", "relu6", {"kind": "leaky-relu", "slope"} or {"kind": "quantized", "levels", "ceiling"}',
  ],
  [
    'an unknown source',
    edited('conv2', { from: 'conv9' }),
    'n.json: layers[3].from: got "conv9", which no layer is called; expected one of input, conv1, bn1, lif1',
  ],
  [
    'a source that is a number',
    edited('conv2', { from: 1 }),
    'n.json: layers[3].from: got 1, expected a value of type string',
  ],
];

for (const [name, data, message] of refused) {
  test(`${name}: refused`, () => {
    assert.throws(() => parseNetwork(data, 'n.json'), { name: 'ConfigError', message });
  });
}

/** Every object and list inside `value`, itself included. */
function containers(value: unknown): (Record<string, unknown> | unknown[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(containers)];
}

const replacement = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    1,
    2,
    3,
    16,
    -1,
    0.5,
    1e300,
    2 ** 31,
    null,
    true,
    '',
    'input',
    'conv1',
    'lif1',
    [],
    [1, 2],
    {},
  ),
  fc.double(),
  fc.string({ maxLength: 3 }),
);

test('networks with changed, missing, moved and repeated parts give a ConfigError or a ShapeError, or are networks', () => {
  const texts = [small, preset('resnet20'), preset('sew-resnet18-cifar', { join: 'iand' })].map(networkToJson);
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.nat(texts.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(3), replacement), { minLength: 1, maxLength: 3 }),
      (which, changes) => {
        const data = JSON.parse(texts[which]!) as Record<string, unknown>;
        for (const [at, field, how, value] of changes) {
          const all = containers(data);
          const target = all[at % all.length]! as Record<string, unknown>;
          const keys = Object.keys(target);
          if (keys.length === 0) continue;
          const key = keys[field % keys.length]!;
          const other = all[field % all.length]!;
          if (Array.isArray(target) && how < 2)
            target.splice(Number(key), how, structuredClone(target[(field * 7) % target.length]));
          else if (how === 2) delete target[key];
          else if (how === 3) target[key] = value;
          else target[key] = structuredClone(other);
        }
        try {
          const spec = parseNetwork(data);
          accepted++;
          assert.deepEqual(parseNetwork(networkToJson(spec)), spec);
          listParameters(spec);
        } catch (error) {
          assert.ok(['ConfigError', 'ShapeError'].includes((error as Error).name), (error as Error).stack);
        }
      },
    ),
    { numRuns: 1000 },
  );
  assert.ok(accepted > 20, `${accepted} of 1000 changed networks are still networks`);
});

test('a chain of many layers is checked in a moment', () => {
  const layers: LayerSpec[] = [];
  for (let i = 0; i < 1000; i++) layers.push(conv(`conv${i}`, 2, 3, { padding: 'same' }), slot(`lif${i}`, lif()));
  assert.equal(network('deep', [8, 8, 2], layers).layers.length, 2000);
});
