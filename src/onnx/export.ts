// A trained ANN as an ONNX file, which other runtimes execute. https://onnx.ai

import { UnsupportedError, VERSION } from '../core/index.ts';
import type { Normalization } from '../data/index.ts';
import {
  checkWeights,
  INPUT_NAME,
  inferShapes,
  type LayerSpec,
  type NetworkSpec,
  sizeOf,
  type Weights,
} from '../model/index.ts';
import { GraphBuilder, type MapShape, type Signal } from './graph-builder.ts';
import { exportActivation } from './layers/activation.ts';
import { exportBatchNorm } from './layers/batch-norm.ts';
import { exportConv } from './layers/conv.ts';
import { exportDense } from './layers/dense.ts';
import { exportJoin } from './layers/join.ts';
import { exportPool } from './layers/pool.ts';
import { modelProto, type OnnxNode } from './messages.ts';
import { exportNormalization } from './normalize.ts';
import { assemble } from './wire.ts';

export interface OnnxOptions {
  /** How the input's maps lie: `nhwc` (default), [N, H, W, C] as everywhere in Spikewatt, or `nchw` as PyTorch has them. */
  readonly layout?: 'nhwc' | 'nchw';
  /** If given, the file takes pixels and normalises them itself; else its input is what the network was trained on. */
  readonly normalize?: Normalization;
  /** Names of the classes, for the file's metadata. */
  readonly classes?: readonly string[];
}

/** Protobuf's own bound: readers refuse a message of 2 GiB. */
const LONGEST = 2 ** 31 - 1;

/**
 * The network, read as an ANN, as an ONNX model (operator set 17): one input `input` [N, ...], one output [N, classes], `logits`, or
 * `probabilities` where the network ends in a softmax. N is open. Nodes are called as the layers, weights `layer/weight`.
 * Throws ShapeError for weights of another network, ConfigError for a normalisation that does not fit, UnsupportedError for a network
 * that ends in a map or is larger than 2 GiB.
 */
export function exportOnnx(spec: NetworkSpec, weights: Weights, options: OnnxOptions = {}): Uint8Array {
  checkWeights(spec, weights, 'ann');
  refuseMap(spec);
  const layout = options.layout ?? 'nhwc';
  const builder = new GraphBuilder();
  const first = inputSignal(spec.input, layout);
  const x = options.normalize === undefined ? first : exportNormalization(builder, first, options.normalize);
  const last = builder.natural(builder.flat(exportLayers(builder, spec, weights, x)));
  const output = outputName(spec);
  const model = modelProto({
    producer: 'spikewatt',
    producerVersion: VERSION,
    about: `ANN "${spec.name}"`,
    graph: {
      name: spec.name,
      nodes: named(builder.nodes, last.id, output),
      tensors: builder.tensors,
      input: { name: INPUT_NAME, dims: inputDims(spec.input, layout), about: inputWords(layout, spec.input, options) },
      output: { name: output, dims: [sizeOf(last.shape)], about: 'one value a class' },
    },
    metadata: metadataOf(spec, layout, options),
  });
  if (model.bytes > LONGEST)
    throw new UnsupportedError(
      `network "${spec.name}": its file would take ${(model.bytes / 2 ** 30).toFixed(1)} GiB, and an ONNX file holds less than 2; use fewer units`,
    );
  return assemble(model);
}

function refuseMap(spec: NetworkSpec): void {
  const { layer, output } = inferShapes(spec).at(-1)!;
  if (output.length === 1 || (output.length === 3 && output[0]! * output[1]! === 1)) return;
  throw new UnsupportedError(
    `layer "${layer}": the network "${spec.name}" ends in it with shape [${output.join(', ')}], expected one value a class; put a flatten, or a pool over the whole map, behind it`,
  );
}

const isMap = (shape: readonly number[]): shape is MapShape => shape.length === 3;

const inputSignal = (shape: readonly number[], layout: 'nhwc' | 'nchw'): Signal => ({
  ...{ id: INPUT_NAME, shape },
  ...(layout === 'nchw' && isMap(shape) ? { channelsFirst: shape } : {}),
});

/** Dimensions of the file's input, without the batch. */
export const inputDims = (shape: readonly number[], layout: 'nhwc' | 'nchw'): readonly number[] =>
  layout === 'nchw' && isMap(shape) ? [shape[2], shape[0], shape[1]] : shape;

/** What the file's output is called. */
export const outputName = (spec: NetworkSpec): 'logits' | 'probabilities' =>
  spec.layers.at(-1)!.kind === 'softmax' ? 'probabilities' : 'logits';

function exportLayers(builder: GraphBuilder, spec: NetworkSpec, weights: Weights, input: Signal): Signal {
  const signals = new Map([[INPUT_NAME, input]]);
  const shapes = inferShapes(spec);
  let last = input;
  spec.layers.forEach((layer, i) => {
    last = exportLayer(
      builder,
      layer,
      shapes[i]!.from.map((name) => signals.get(name)!),
      weights,
    );
    signals.set(layer.name, last);
  });
  return last;
}

function exportLayer(builder: GraphBuilder, layer: LayerSpec, inputs: readonly Signal[], weights: Weights): Signal {
  const x = inputs[0]!;
  switch (layer.kind) {
    case 'flatten':
      return builder.flat(x);
    case 'dense':
      return exportDense(builder, layer, x, weights);
    case 'conv':
      return exportConv(builder, layer, x, weights);
    case 'pool':
      return exportPool(builder, layer, x);
    case 'batch-norm':
      return exportBatchNorm(builder, layer, x, weights);
    case 'slot':
      return exportActivation(builder, layer, x, weights);
    case 'softmax':
      return { ...x, id: builder.node(layer.name, 'Softmax', [builder.natural(x).id], { axis: -1 }) };
    case 'join':
      return exportJoin(builder, layer, x, inputs[1]!);
    case 'dropout':
      return x;
    default:
      throw new UnsupportedError(`layer "${(layer as LayerSpec).name}": ONNX export knows no ${layer satisfies never}`);
  }
}

/** The nodes with the value `id` called `output`; a node of its own where that is the input. */
function named(nodes: readonly OnnxNode[], id: string, output: string): readonly OnnxNode[] {
  if (!nodes.some((node) => node.output === id))
    return [...nodes, { op: 'Identity', name: `@${output}`, inputs: [id], output, attributes: {} }];
  const rename = (value: string): string => (value === id ? output : value);
  return nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), output: rename(node.output) }));
}

const LAYOUT_WORDS = { nhwc: 'channels last', nchw: 'channels first' } as const;

function inputWords(layout: 'nhwc' | 'nchw', shape: readonly number[], { normalize }: OnnxOptions): string {
  const values = normalize === undefined ? 'values as the network was trained on' : 'pixels, normalised by the file';
  return isMap(shape) ? `${values}; ${LAYOUT_WORDS[layout]}` : values;
}

function metadataOf(
  spec: NetworkSpec,
  layout: 'nhwc' | 'nchw',
  { normalize, classes }: OnnxOptions,
): Readonly<Record<string, string>> {
  return {
    ...{ network: spec.name, layout },
    ...(classes && { classes: JSON.stringify(classes) }),
    ...(normalize && { normalize: JSON.stringify({ mean: normalize.mean, deviation: normalize.deviation }) }),
  };
}
