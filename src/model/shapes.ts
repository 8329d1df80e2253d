// Shape inference over the graph: what each layer receives and gives, without batch and time.

import { ShapeError } from '../core/index.ts';
import { sourcesOf } from './graph.ts';
import { perNeuronLengths } from './neurons/index.ts';
import { type ConvSpec, INPUT_NAME, type JoinSpec, type LayerSpec, type NetworkSpec, type SlotSpec } from './spec.ts';
import { mapSize, windowOf } from './window.ts';

type Shape = readonly number[];

/** One layer's shapes, channels last. */
export interface LayerShape {
  readonly layer: string;
  readonly kind: LayerSpec['kind'];
  /** What it reads: `input` or layers before it; two for a join. */
  readonly from: readonly string[];
  /** Shape of each of `from`. */
  readonly inputs: readonly Shape[];
  /** The first of `inputs` (those of a join are equal). */
  readonly input: Shape;
  readonly output: Shape;
}

/** Number of values in a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** What a layer has one parameter each for: the channels of a map [height, width, channels], the values of any other shape. */
export function channelsOf(shape: Shape): number {
  return shape.length === 3 ? shape[2]! : sizeOf(shape);
}

const show = (shape: Shape): string => `[${shape.join(', ')}]`;

function checkNeuronCount(layer: SlotSpec, input: Shape): void {
  const [each, expected] = input.length === 3 ? ['channel', input[2]!] : ['neuron', sizeOf(input)];
  for (const [field, length] of perNeuronLengths(layer.neuron)) {
    if (length === expected) continue;
    throw new ShapeError(
      `slot "${layer.name}": neuron.${field} lists ${length} values, its input ${show(input)} has ${expected} ${each}s; ` +
        `give one value for each ${each}, or a single number for all`,
    );
  }
}

function convOutput(layer: ConvSpec, input: Shape): Shape {
  mapSize(layer, input);
  const wrong = [
    ['input channels', input[2]!],
    ['filters', layer.filters],
  ] as const;
  for (const [what, count] of wrong) {
    if (count % layer.groups === 0) continue;
    throw new ShapeError(
      `conv "${layer.name}": ${layer.groups} groups do not divide its ${count} ${what} (input ${show(input)}, ` +
        `${layer.filters} filters); use a number of groups that divides both`,
    );
  }
  return [...windowOf(layer, input).output, layer.filters];
}

function joinOutput(layer: JoinSpec, [first, second]: readonly Shape[]): Shape {
  if (show(first!) === show(second!)) return first!;
  throw new ShapeError(
    `join "${layer.name}": "${layer.from[0]}" has shape ${show(first!)}, "${layer.from[1]}" ${show(second!)}; ` +
      'both must have one shape: where the main path changes it, put a 1x1 conv of that stride and that many filters on the other',
  );
}

function flat(layer: LayerSpec, input: Shape): void {
  if (input.length === 1) return;
  throw new ShapeError(
    `${layer.kind} "${layer.name}": got an input of shape ${show(input)}, expected one dimension such as [${sizeOf(input)}]; ` +
      'put a flatten before it',
  );
}

function outputOf(layer: LayerSpec, inputs: readonly Shape[]): Shape {
  const input = inputs[0]!;
  switch (layer.kind) {
    case 'flatten':
      return [sizeOf(input)];
    case 'dense':
      flat(layer, input);
      return [layer.units];
    case 'conv':
      return convOutput(layer, input);
    case 'pool':
      return [...windowOf(layer, input).output, input[2]!];
    case 'slot':
      checkNeuronCount(layer, input);
      return input;
    case 'softmax':
      flat(layer, input);
      return input;
    case 'batch-norm':
    case 'dropout':
      return input;
    case 'join':
      return joinOutput(layer, inputs);
    default:
      throw new TypeError(`unknown layer ${layer satisfies never}`);
  }
}

/** What each layer reads and gives, in order. Throws ShapeError, or ConfigError for a `from` that is no earlier layer. */
export function inferShapes(spec: Pick<NetworkSpec, 'input' | 'layers'>): readonly LayerShape[] {
  const sources = sourcesOf(spec);
  const known = new Map<string, Shape>([[INPUT_NAME, spec.input]]);
  return spec.layers.map((layer, i) => {
    const from = sources[i]!;
    const inputs = from.map((name) => known.get(name)!);
    const output = outputOf(layer, inputs);
    known.set(layer.name, output);
    return { layer: layer.name, kind: layer.kind, from, inputs, input: inputs[0]!, output };
  });
}

/** Shape of the network's output. Throws as `inferShapes`. */
export function outputShape(spec: Pick<NetworkSpec, 'input' | 'layers'>): Shape {
  return inferShapes(spec).at(-1)?.output ?? spec.input;
}
