// A network on its way to spikes: layers with the names of what they read, and their weights. Passes turn one draft into
// another and change nothing in place; a layer's own `from` is ignored here and written anew at the end.

import {
  INPUT_NAME,
  inferShapes,
  type JoinSpec,
  type LayerSpec,
  type NetworkSpec,
  network,
  sourcesOf,
  type Weights,
} from '../model/index.ts';

/** One layer and the names of the layers it reads; `input` is the network's. */
export interface DraftNode {
  readonly layer: LayerSpec;
  readonly reads: readonly string[];
}

/** What one pass did to one layer, for people. */
export interface ConversionStep {
  readonly pass: string;
  readonly layer: string;
  readonly effect: string;
}

export interface Draft {
  readonly name: string;
  readonly input: readonly number[];
  /** Each after those it reads; the last is the output. */
  readonly nodes: readonly DraftNode[];
  readonly weights: Weights;
  readonly steps: readonly ConversionStep[];
}

/** A pass over a network. Throws UnsupportedError naming the layer it cannot handle. */
export type Pass = (draft: Draft) => Draft;

export function draftOf(spec: NetworkSpec, weights: Weights): Draft {
  const sources = sourcesOf(spec);
  const nodes = spec.layers.map((layer, i) => ({ layer, reads: sources[i]! }));
  return { name: spec.name, input: spec.input, nodes, weights, steps: [] };
}

function layerOf({ layer, reads }: DraftNode, before: string): LayerSpec {
  if (layer.kind === 'join') return { ...layer, from: reads as unknown as JoinSpec['from'] };
  const { from: _, ...rest } = layer;
  return (reads[0] === before ? rest : { ...rest, from: reads[0]! }) as LayerSpec;
}

/** The draft as a checked network. Throws ConfigError or ShapeError. */
export function networkOf({ input, nodes }: Draft, name: string): NetworkSpec {
  return network(
    name,
    input,
    nodes.map((node, i) => layerOf(node, nodes[i - 1]?.layer.name ?? INPUT_NAME)),
  );
}

/** Shape of every signal, by the name of the layer it leaves; `input` is the network's. */
export function signalShapes(draft: Draft): ReadonlyMap<string, readonly number[]> {
  const layers = draft.nodes.map((node, i) => layerOf(node, draft.nodes[i - 1]?.layer.name ?? INPUT_NAME));
  const shapes = new Map<string, readonly number[]>([[INPUT_NAME, draft.input]]);
  for (const { layer, output } of inferShapes({ input: draft.input, layers })) shapes.set(layer, output);
  return shapes;
}

export const nodeOf = (draft: Draft, name: string): DraftNode | undefined =>
  draft.nodes.find(({ layer }) => layer.name === name);

/** The layers that read `name`, in order. */
export const readersOf = (draft: Draft, name: string): readonly DraftNode[] =>
  draft.nodes.filter(({ reads }) => reads.includes(name));

/** The only layer that reads `name`, if there is just one. */
export function onlyReader(draft: Draft, name: string): DraftNode | undefined {
  const readers = readersOf(draft, name);
  return readers.length === 1 ? readers[0] : undefined;
}

export const isOutput = (draft: Draft, name: string): boolean => draft.nodes.at(-1)?.layer.name === name;

export function withStep(draft: Draft, pass: string, layer: string, effect: string): Draft {
  return { ...draft, steps: [...draft.steps, { pass, layer, effect }] };
}

/** The draft with weights added or replaced, and those set to undefined left out. */
export function withWeights(draft: Draft, changes: Readonly<Record<string, Float32Array | undefined>>): Draft {
  const weights = new Map(draft.weights);
  for (const [key, values] of Object.entries(changes)) {
    if (values === undefined) weights.delete(key);
    else weights.set(key, values);
  }
  return { ...draft, weights };
}

/** The draft with another layer, of the same or another name, in the place of `name`; its readers follow. */
export function replaceLayer(draft: Draft, name: string, layer: LayerSpec): Draft {
  const nodes = draft.nodes.map((node) => ({
    layer: node.layer.name === name ? layer : node.layer,
    reads: node.reads.map((read) => (read === name ? layer.name : read)),
  }));
  return { ...draft, nodes };
}

/** The draft without a layer of one input: what read it reads its input instead. */
export function dropLayer(draft: Draft, name: string): Draft {
  const [source] = nodeOf(draft, name)!.reads;
  const nodes = draft.nodes
    .filter(({ layer }) => layer.name !== name)
    .map(({ layer, reads }) => ({ layer, reads: reads.map((read) => (read === name ? source! : read)) }));
  return { ...draft, nodes };
}

/** The draft with `layer` put between `source` and `reader` (all readers, without one). */
export function insertBetween(draft: Draft, source: string, layer: LayerSpec, reader?: string): Draft {
  const follows = ({ layer: own }: DraftNode): boolean => reader === undefined || own.name === reader;
  const nodes = draft.nodes.map((node) =>
    follows(node) ? { ...node, reads: node.reads.map((read) => (read === source ? layer.name : read)) } : node,
  );
  const at = nodes.findIndex(({ layer: own }) => own.name === source) + 1;
  return { ...draft, nodes: [...nodes.slice(0, at), { layer, reads: [source] }, ...nodes.slice(at)] };
}

/** `wanted`, or with a number behind it if that name is taken. */
export function freeName(draft: Draft, wanted: string): string {
  let name = wanted;
  for (let n = 2; nodeOf(draft, name) !== undefined; n++) name = `${wanted}-${n}`;
  return name;
}
