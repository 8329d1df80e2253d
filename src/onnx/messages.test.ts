// Exported files read by another's protobuf reader: what is in them, field by field.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { ONNX_NETWORKS } from '../../test/fixtures/onnx-networks.ts';
import { randomWeights } from '../../test/fixtures/random-networks.ts';
import { ConfigError, ShapeError, UnsupportedError, VERSION } from '../core/index.ts';
import type { Normalization } from '../data/index.ts';
import { conv, dense, flatten, globalPool, lif, mlp, network, slot } from '../model/index.ts';
import { exportOnnx } from './export.ts';
import { assemble, fields, float, integer, integers, message, text } from './wire.ts';

/** The part of onnx.proto that files of ours use. */
const { root } = protobuf.parse(
  `
  syntax = "proto2"; package onnx;
  message ModelProto { optional int64 ir_version = 1; optional string producer_name = 2; optional string producer_version = 3;
    optional int64 model_version = 5; optional string doc_string = 6; optional GraphProto graph = 7;
    repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14; }
  message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
  message StringStringEntryProto { optional string key = 1; optional string value = 2; }
  message GraphProto { repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
    repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
  message NodeProto { repeated string input = 1; repeated string output = 2; optional string name = 3; optional string op_type = 4;
    repeated AttributeProto attribute = 5; }
  message AttributeProto { optional string name = 1; optional float f = 2; optional int64 i = 3; repeated int64 ints = 8;
    optional int32 type = 20; }
  message TensorProto { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9; }
  message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; optional string doc_string = 3; }
  message TypeProto { optional Tensor tensor_type = 1;
    message Tensor { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; } }
  message TensorShapeProto { repeated Dimension dim = 1;
    message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; } }
  message Numbers { optional int64 whole = 1; repeated int64 list = 700; optional float real = 3; optional Numbers inner = 4;
    optional string words = 5; }
`,
  { keepCase: true },
);

interface Decoded {
  readonly producer_name: string;
  readonly producer_version: string;
  readonly doc_string: string;
  readonly opset_import: readonly { readonly version: number }[];
  readonly metadata_props: readonly { readonly key: string; readonly value: string }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly {
      readonly op_type: string;
      readonly name: string;
      readonly input: readonly string[];
      readonly output: readonly string[];
      readonly attribute: readonly { readonly name: string; readonly ints?: readonly number[]; readonly i?: number }[];
    }[];
    readonly initializer: readonly {
      readonly name: string;
      readonly dims: readonly number[];
      readonly raw_data: Uint8Array;
    }[];
    readonly input: readonly Value[];
    readonly output: readonly Value[];
  };
}

interface Value {
  readonly name: string;
  readonly doc_string: string;
  readonly type: {
    readonly tensor_type: { readonly elem_type: number; readonly shape: { readonly dim: readonly object[] } };
  };
}

function decode(bytes: Uint8Array): Decoded {
  const type = root.lookupType('onnx.ModelProto');
  const decoded = type.decode(bytes);
  // every byte is in a field that the definitions above know: written again, the file has the same length
  assert.equal(type.encode(decoded).finish().length, bytes.length);
  return type.toObject(decoded, { longs: Number }) as Decoded;
}

const spec = network(
  'tiny',
  [3, 4, 2],
  [...[conv('c1', 5, 2, { stride: [1, 2], padding: [1, 0] }), slot('s1', lif()), flatten(), dense('fc', 3)]],
);

test('a file says what it is, what it takes and what it gives', () => {
  const weights = randomWeights(spec, 1);
  const options = { layout: 'nchw', classes: ['a', 'b', 'é'], normalize: { mean: [0.5], deviation: [0.25] } } as const;
  const model = decode(exportOnnx(spec, weights, options));
  assert.deepEqual(
    [model.producer_name, model.producer_version, model.doc_string],
    ['spikewatt', VERSION, 'ANN "tiny"'],
  );
  assert.deepEqual(model.opset_import[0]!.version, 17);
  assert.deepEqual(Object.fromEntries(model.metadata_props.map(({ key, value }) => [key, value])), {
    ...{ network: 'tiny', layout: 'nchw', classes: '["a","b","é"]', normalize: '{"mean":[0.5],"deviation":[0.25]}' },
  });
  const shapeOf = ({ name, type }: Value) => [name, type.tensor_type.elem_type, type.tensor_type.shape.dim];
  assert.deepEqual(model.graph.input.map(shapeOf), [
    ['input', 1, [{ dim_param: 'N' }, { dim_value: 2 }, { dim_value: 3 }, { dim_value: 4 }]],
  ]);
  assert.match(model.graph.input[0]!.doc_string, /^pixels, normalised by the file; channels first$/);
  assert.deepEqual(model.graph.output.map(shapeOf), [['logits', 1, [{ dim_param: 'N' }, { dim_value: 3 }]]]);
});

test('nodes are called as the layers, and nothing is turned that need not be', () => {
  const { graph } = decode(exportOnnx(spec, randomWeights(spec, 1)));
  assert.deepEqual(
    graph.node.map(({ op_type, name, input, output }) => [op_type, name, input, output]),
    [
      ['Transpose', 'input@nchw', ['input'], ['input@nchw']],
      ['Conv', 'c1', ['input@nchw', 'c1/weight', 'c1/bias'], ['c1']],
      ['Relu', 's1', ['c1'], ['s1']],
      ['Reshape', 's1@flat', ['s1', '@shape-40'], ['s1@flat']],
      ['Gemm', 'fc', ['s1@flat', 'fc/weight', 'fc/bias'], ['logits']],
    ],
  );
  const settings = Object.fromEntries(graph.node[1]!.attribute.map(({ name, ints, i }) => [name, i ?? ints]));
  assert.deepEqual(settings, {
    kernel_shape: [2, 2],
    strides: [1, 2],
    pads: [1, 0, 1, 0],
    dilations: [1, 1],
    group: 1,
  });
});

test('weights are float32, filters and channels first', () => {
  const weights = randomWeights(spec, 1);
  const { graph } = decode(exportOnnx(spec, weights));
  const tensor = graph.initializer.find(({ name }) => name === 'c1/weight')!;
  assert.deepEqual(tensor.dims, [5, 2, 2, 2]);
  const view = new DataView(Uint8Array.from(tensor.raw_data).buffer);
  const ours = weights.get('c1/weight')!;
  for (const [filter, channel, ky, kx] of [
    [0, 0, 0, 0],
    [3, 1, 0, 1],
    [4, 0, 1, 0],
  ] as const) {
    const theirs = view.getFloat32(4 * (((filter * 2 + channel) * 2 + ky) * 2 + kx), true);
    assert.equal(theirs, ours[((ky * 2 + kx) * 2 + channel) * 5 + filter]);
  }
});

test('every network gives a file that holds each name once', () => {
  for (const each of ONNX_NETWORKS) {
    const { graph } = decode(exportOnnx(each, randomWeights(each, 2)));
    const names = [
      ...graph.node.flatMap(({ output }) => output),
      ...graph.initializer.map(({ name }) => name),
      'input',
    ];
    assert.equal(new Set(names).size, names.length, each.name);
    const known = new Set(names);
    for (const { input } of graph.node) for (const id of input) assert.ok(known.has(id), `${each.name}: ${id}`);
  }
});

test('any number, negative ones included, is read back', () => {
  const type = root.lookupType('onnx.Numbers');
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      fc.array(fc.maxSafeInteger()),
      fc.float({ noNaN: true }),
      fc.string({ unit: 'grapheme' }),
      (whole, list, real, words) => {
        const inner = [integer(1, whole), integers(700, list), float(3, real)];
        const bytes = assemble(fields(message(4, ...inner), text(5, words)));
        const object = type.toObject(type.decode(bytes), { longs: Number, arrays: true, defaults: true });
        assert.equal(object.words, words);
        assert.deepEqual([object.inner.whole, object.inner.list], [whole, list]);
        assert.ok(Object.is(object.inner.real, real) || object.inner.real === real);
      },
    ),
  );
});

test('what cannot be exported is refused with the reason', () => {
  const ends = network('ends', [4, 4, 1], [conv('c1', 3, 2)]);
  assert.throws(() => exportOnnx(ends, randomWeights(ends, 1)), {
    name: UnsupportedError.name,
    message:
      'layer "c1": the network "ends" ends in it with shape [3, 3, 3], expected one value a class; put a flatten, or a pool over the whole map, behind it',
  });
  const whole = network('whole', [4, 4, 1], [conv('c1', 3, 2), globalPool('g')]);
  assert.ok(exportOnnx(whole, randomWeights(whole, 1)).length > 0);
  assert.throws(() => exportOnnx(mlp([3, 2]), randomWeights(mlp([4, 2]), 1)), {
    name: ShapeError.name,
    message: /"fc1\/weight" has 8 values, expected 6/,
  });
  const wrong: readonly (readonly [Normalization, RegExp])[] = [
    [
      { mean: [1, 2, 3], deviation: [1] },
      /^normalize\.mean: got 3 values, expected 1 or one for each channel of the input \[3, 4, 2\]$/,
    ],
    [{ mean: [1], deviation: [] }, /^normalize\.deviation: got 0 values, expected 1 or one for each/],
  ];
  for (const [normalize, pattern] of wrong)
    assert.throws(() => exportOnnx(spec, randomWeights(spec, 1), { normalize }), {
      name: ConfigError.name,
      message: pattern,
    });
});
