// The messages of an ONNX file that Spikewatt writes, with their field numbers.
// Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (IR version 8).

import { type Field, fields, float, integer, integers, message, raw, text } from './wire.ts';

/** A setting of a node. */
export type Attribute = number | { readonly float: number } | readonly number[];

/** One operation: `output = op(inputs)`. */
export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant of the graph; no dimensions: a scalar. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** A graph's input or output: float32, [N, ...dims]. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly number[];
  readonly about: string;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly input: OnnxValue;
  readonly output: OnnxValue;
}

export interface OnnxModel {
  readonly producer: string;
  readonly producerVersion: string;
  readonly about: string;
  readonly graph: OnnxGraph;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Operators of version 17 (ONNX 1.12, ONNX Runtime 1.12 and later), and the version of the file's format that came with it. */
export const OPSET = 17;
const IR_VERSION = 8;

/** The batch, whose size is left open. */
const BATCH = 'N';

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_TYPE = { float: 1, int: 2, ints: 7 } as const;

function attributeProto(name: string, value: Attribute): Field {
  const named = text(1, name);
  if (typeof value === 'number') return fields(named, integer(3, value), integer(20, ATTRIBUTE_TYPE.int));
  if ('float' in value) return fields(named, float(2, value.float), integer(20, ATTRIBUTE_TYPE.float));
  return fields(named, integers(8, value), integer(20, ATTRIBUTE_TYPE.ints));
}

function nodeProto({ op, name, inputs, output, attributes }: OnnxNode): Field {
  return fields(
    ...inputs.map((input) => text(1, input)),
    ...[text(2, output), text(3, name), text(4, op)],
    ...Object.entries(attributes).map(([key, value]) => message(5, attributeProto(key, value))),
  );
}

/** Little-endian, as the format has it. */
function bytesOf(values: OnnxTensor['values']): Uint8Array {
  if (isLittleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  values.forEach((value: number | bigint, k: number) => {
    if (typeof value === 'bigint') view.setBigInt64(8 * k, value, true);
    else view.setFloat32(4 * k, value, true);
  });
  return bytes;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const tensorProto = ({ name, dims, values }: OnnxTensor): Field =>
  fields(
    integers(1, dims),
    integer(2, values instanceof Float32Array ? FLOAT : INT64),
    text(8, name),
    raw(9, bytesOf(values)),
  );

function valueInfoProto({ name, dims, about }: OnnxValue): Field {
  const shape = [message(1, text(2, BATCH)), ...dims.map((length) => message(1, integer(1, length)))];
  const tensorType = message(1, integer(1, FLOAT), message(2, ...shape));
  return fields(text(1, name), message(2, tensorType), text(3, about));
}

const graphProto = ({ name, nodes, tensors, input, output }: OnnxGraph): Field =>
  fields(
    ...nodes.map((node) => message(1, nodeProto(node))),
    text(2, name),
    ...tensors.map((tensor) => message(5, tensorProto(tensor))),
    message(11, valueInfoProto(input)),
    message(12, valueInfoProto(output)),
  );

/** The whole file. */
export const modelProto = ({ producer, producerVersion, about, graph, metadata }: OnnxModel): Field =>
  fields(
    integer(1, IR_VERSION),
    text(2, producer),
    text(3, producerVersion),
    integer(5, 1),
    text(6, about),
    message(7, graphProto(graph)),
    message(8, text(1, ''), integer(2, OPSET)),
    ...Object.entries(metadata).map(([key, value]) => message(14, text(1, key), text(2, value))),
  );
