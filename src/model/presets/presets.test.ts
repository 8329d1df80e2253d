import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countParameters,
  describePreset,
  ifNeuron,
  inferShapes,
  lif,
  type NetworkSpec,
  networkToJson,
  outputShape,
  PRESET_LIST,
  PRESETS,
  parseNetwork,
  preset,
  sizeOf,
  spikingLayers,
} from '../index.ts';

/** Multiply-accumulates of one image through the convolutions and dense layers, biases left out. */
function macsOf(spec: NetworkSpec): number {
  const shapes = inferShapes(spec);
  return spec.layers.reduce((sum, layer, i) => {
    const { input, output } = shapes[i]!;
    if (layer.kind === 'dense') return sum + input[0]! * layer.units;
    if (layer.kind !== 'conv') return sum;
    return sum + (sizeOf(output) * layer.kernel[0] * layer.kernel[1] * input[2]!) / layer.groups;
  }, 0);
}

const shapeOf = (spec: NetworkSpec, layer: string): readonly number[] =>
  inferShapes(spec).find((shape) => shape.layer === layer)!.output;

test('every preset is a valid network of its described input and classes, and survives JSON', () => {
  assert.equal(new Set(PRESETS).size, PRESETS.length);
  for (const { name, input, classes, title, source, notes } of PRESET_LIST) {
    const spec = preset(name);
    assert.deepEqual([spec.name, spec.input, outputShape(spec)], [name, input, [classes]]);
    assert.deepEqual(parseNetwork(networkToJson(spec)), spec);
    const last = spec.layers.at(-1)!;
    assert.ok(last.kind === 'slot' && last.ann === 'identity', `${name} ends in an identity slot`);
    for (const text of [title, source, ...notes]) assert.match(text, /\S.*\S/);
  }
});

test('presets take the options they describe, and no others', () => {
  for (const { name, options, input } of PRESET_LIST) {
    const neuron = ifNeuron({ threshold: 2 });
    const spec = preset(name, { neuron, outputNeuron: lif(), classes: 7, init: 'pytorch', input });
    assert.deepEqual(outputShape(spec), [7]);
    const slots = spec.layers.filter((layer) => layer.kind === 'slot');
    assert.deepEqual(slots.at(-1)!.neuron, lif());
    for (const slot of slots.slice(0, -1)) assert.deepEqual(slot.neuron, neuron);
    for (const layer of spec.layers) if ('init' in layer) assert.equal(layer.init.kind, 'pytorch', name);
    if (options.includes('dropout')) {
      assert.ok(preset(name, { dropout: 0 }).layers.every(({ kind }) => kind !== 'dropout'));
      const rates = preset(name, { dropout: 0.375 }).layers.flatMap((layer) => ('rate' in layer ? [layer.rate] : []));
      assert.deepEqual(new Set(rates), new Set([0.375]), name);
    }
    if (options.includes('batchNorm')) {
      const kinds = preset(name, { batchNorm: true }).layers.map(({ kind }) => kind);
      const count = (kind: string): number => kinds.filter((other) => other === kind).length;
      assert.ok(count('batch-norm') > 0 && count('batch-norm') === count('conv'), name);
      assert.ok(preset(name, { batchNorm: false }).layers.every(({ kind }) => kind !== 'batch-norm'));
    }
  }
  assert.throws(() => preset('resnet18', { batchNorm: false }), {
    name: 'ConfigError',
    message: 'preset "resnet18": batchNorm: got false, but it takes neuron, outputNeuron, init, input, classes only',
  });
  assert.throws(() => describePreset('resnet19'), {
    name: 'ConfigError',
    message: /^network: got "resnet19", expected/,
  });
  assert.throws(() => preset('vgg16', { input: [28, 28, 1] }), {
    name: 'ShapeError',
    message: /^pool "pool5": kernel \[2, 2\] is larger than its input \[1, 1, 512\]/,
  });
});

/** Parameters and millions of multiply-accumulates as published (torchvision's models, and the table of the study). */
const published: readonly [string, number, number, { batchNorm?: boolean; classes?: number }?][] = [
  ['vgg11', 132_863_336, 7609],
  ['vgg11', 132_868_840, 7609, { batchNorm: true }],
  ['vgg16', 138_357_544, 15_470],
  ['vgg16', 138_365_992, 15_470, { batchNorm: true }],
  ['vgg19', 143_667_240, 19_632],
  ['vgg19', 143_678_248, 19_632, { batchNorm: true }],
  ['resnet18', 11_689_512, 1814],
  ['sew-resnet18', 11_689_512, 1814],
  ['mobilenetv2', 3_504_872, 301],
  ['niederlechner-mnist-small', 347_146, 0.541],
  ['niederlechner-mnist-medium', 356_394, 6.803],
  ['niederlechner-mnist-large', 68_282, 3.616],
  ['niederlechner-mnist-deep', 70_410, 3.618],
  ['niederlechner-cifar-small', 3_691_018, 5.244],
  ['niederlechner-cifar-medium', 3_727_946, 38.636],
  ['niederlechner-cifar-large', 1_250_858, 20.741],
  ['niederlechner-cifar-deep', 1_411_242, 20.901],
  ['reddi-mnist-ann', 28 * 1000 + 1000 + 1000 * 1000 + 1000 + 28_000 * 10 + 10, 29.064],
  ['reddi-mnist-snn', 784 * 1000 + 1000 + 10_000 + 10, 0.794],
  ['cassetta-mnist-small', 203_264 + 266, 0.203],
  ['cassetta-mnist-medium', 549_504 + 842, 0.55],
  ['cassetta-mnist-large', 2_601_184 + 2590, 2.601],
  ['mnist-two-hidden', 269_322, 0.269],
];

for (const [name, parameters, megamacs, options = {}] of published) {
  test(`${name} ${JSON.stringify(options)}: parameters and multiplications as published`, () => {
    const spec = preset(name, options);
    assert.equal(countParameters(spec, 'ann'), parameters);
    const digits = megamacs < 100 ? 3 : 0;
    assert.equal((macsOf(spec) / 1e6).toFixed(digits), megamacs.toFixed(digits));
  });
}

test('ResNet-20 has 0.27 million parameters and 41 million multiplications', () => {
  // 269,722 with the parameter-free shortcuts of its publication (option A), and two 1x1 convolutions with norms.
  assert.equal(countParameters(preset('resnet20'), 'ann'), 269_722 + (16 * 32 + 2 * 32) + (32 * 64 + 2 * 64));
  assert.equal((macsOf(preset('resnet20')) / 1e6).toFixed(0), '41');
  assert.equal(preset('resnet20').layers.filter(({ kind }) => kind === 'conv').length, 19 + 2);
});

test('maps shrink as published', () => {
  assert.deepEqual(shapeOf(preset('vgg16'), 'pool5'), [7, 7, 512]);
  assert.deepEqual(shapeOf(preset('vgg16-cifar'), 'pool5'), [1, 1, 512]);
  assert.deepEqual(shapeOf(preset('resnet18'), 'maxpool'), [56, 56, 64]);
  assert.deepEqual(shapeOf(preset('resnet18'), 'layer4.1.slot2'), [7, 7, 512]);
  assert.deepEqual(shapeOf(preset('resnet18-cifar'), 'layer4.1.slot2'), [4, 4, 512]);
  assert.deepEqual(shapeOf(preset('resnet20'), 'layer3.2.slot2'), [8, 8, 64]);
  assert.deepEqual(shapeOf(preset('mobilenetv2'), 'head.slot'), [7, 7, 1280]);
  assert.deepEqual(shapeOf(preset('mobilenetv2-cifar'), 'head.slot'), [4, 4, 1280]);
  assert.deepEqual(shapeOf(preset('reddi-mnist-cnn'), 'flatten'), [490]);
  assert.deepEqual(shapeOf(preset('reddi-mnist-ann'), 'flatten'), [28_000]);
  assert.deepEqual(shapeOf(preset('advancements-nmnist-cnn'), 'flatten'), [800]);
  assert.deepEqual(shapeOf(preset('advancements-mnist-cnn'), 'flatten'), [800]);
  assert.deepEqual(shapeOf(preset('advancements-cifar-cnn'), 'flatten'), [512]);
  assert.deepEqual(shapeOf(preset('cassetta-cifar-small'), 'flatten'), [32]);
  assert.deepEqual(shapeOf(preset('cassetta-cifar-small-four'), 'flatten'), [128]);
  assert.deepEqual(shapeOf(preset('cassetta-cifar-medium'), 'flatten'), [256]);
  assert.deepEqual(shapeOf(preset('cassetta-flowers-vgg19'), 'flatten'), [25_088]);
  assert.deepEqual(shapeOf(preset('cassetta-flowers-mobilenetv2'), 'flatten'), [1280]);
  assert.deepEqual(shapeOf(preset('cifar-five-layer'), 'flatten'), [2048]);
  assert.equal(countParameters(preset('cifar-five-layer'), 'ann'), 159_914);
});

test('multiplications that notes give are those of the networks', () => {
  const counts = [
    ['cassetta-cifar-small', '1.0'],
    ['cassetta-cifar-small-four', '2.1'],
    ['cassetta-cifar-medium', '11.7'],
    ['reddi-mnist-ann', '29.1'],
  ] as const;
  for (const [name, millions] of counts) {
    assert.equal((macsOf(preset(name)) / 1e6).toFixed(1), millions);
    assert.ok(
      describePreset(name).notes.some((note) => note.includes(millions)),
      name,
    );
  }
  assert.ok(macsOf(preset('reddi-mnist-ann')) > macsOf(preset('reddi-mnist-cnn')), 'the note says so');
});

test('dropout stands where its study has it', () => {
  const drops = (name: string) =>
    preset(name).layers.flatMap((layer, i, all) => (layer.kind === 'dropout' ? [[all[i - 1]!.name, layer.rate]] : []));
  assert.deepEqual(drops('niederlechner-cifar-deep'), [
    ['pool1', 0.25],
    ['pool2', 0.25],
    ['if7', 0.35],
  ]);
  assert.deepEqual(drops('niederlechner-mnist-small'), [
    ['pool1', 0.25],
    ['if2', 0.5],
  ]);
  assert.deepEqual(drops('cassetta-mnist-medium'), [
    ['lif1', 0.5],
    ['lif2', 0.5],
    ['lif3', 0.5],
  ]);
});

test('SEW blocks join spikes; AND and IAND keep them spikes, ADD does not', () => {
  const joins = (mode?: 'and' | 'iand') => {
    const spec = preset('sew-resnet18-cifar', mode === undefined ? {} : { join: mode });
    const spiking = spikingLayers(spec);
    return spec.layers.flatMap((layer) => (layer.kind === 'join' ? [[layer.mode, spiking.has(layer.name)]] : []));
  };
  assert.deepEqual(joins().slice(0, 2), [
    ['add', false],
    ['add', false],
  ]);
  assert.equal(joins().length, 8);
  assert.ok(joins('and').every(([mode, spikes]) => mode === 'and' && spikes));
  assert.ok(joins('iand').every(([mode, spikes]) => mode === 'iand' && spikes));
  const first = preset('sew-resnet18-cifar').layers.find(({ name }) => name === 'layer1.0.join')!;
  assert.deepEqual(first.from, ['layer1.0.slot2', 'slot1']);
});

test('a residual block reads its input twice', () => {
  const spec = preset('resnet18');
  const at = (name: string) => spec.layers.find((layer) => layer.name === name)!;
  assert.deepEqual(at('layer1.0.add').from, ['layer1.0.bn2', 'maxpool']);
  assert.equal(at('layer2.0.downsample.conv').from, 'layer1.1.slot2');
  assert.deepEqual(at('layer2.0.add').from, ['layer2.0.bn2', 'layer2.0.downsample.bn']);
});

test('MobileNetV2: ReLU6 everywhere, ten blocks with a shortcut, depthwise groups', () => {
  const spec = preset('mobilenetv2');
  const slots = spec.layers.filter((layer) => layer.kind === 'slot').slice(0, -1);
  assert.ok(slots.every(({ ann }) => ann === 'relu6'));
  assert.equal(spec.layers.filter(({ kind }) => kind === 'join').length, 10);
  const grouped = spec.layers.filter((layer) => layer.kind === 'conv' && layer.groups > 1);
  assert.ok(grouped.length === 17 && grouped.every((layer) => layer.kind === 'conv' && layer.groups === layer.filters));
});
