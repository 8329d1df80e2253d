// What a layer is, in a few words: `3×3, 64`, `3×3 depthwise, 32, stride 2`, `10 units`. For labels beside layer names.

import {
  type ConvSpec,
  channelsOf,
  inferShapes,
  type LayerSpec,
  type NetworkSpec,
  type Pair,
  sourcesOf,
} from '../model/index.ts';

/** Of the layer of that name; of neurons, activations, norms and joins those of the nearest layer with weights before them. */
export function layerWords(spec: NetworkSpec, name: string): string {
  const at = spec.layers.findIndex((layer) => layer.name === name);
  const layer = spec.layers[at];
  if (layer === undefined) return '';
  const own = ownWords(spec, layer, at);
  if (own !== '') return own;
  const weighted = weightedBefore(spec, at);
  return weighted === undefined ? '' : layerWords(spec, weighted.name);
}

/** Empty for a layer without weights or window. */
function ownWords(spec: NetworkSpec, layer: LayerSpec, at: number): string {
  switch (layer.kind) {
    case 'dense':
      return `${layer.units} units`;
    case 'pool':
      return layer.size === undefined ? `${layer.mode}, whole map` : `${layer.mode} ${sides(layer.size)}`;
    case 'conv':
      return convWords(layer, () => channelsOf(inferShapes(spec)[at]!.input));
    default:
      return '';
  }
}

/** `channels` of the input are asked for only where groups make them matter: they take a walk through the network. */
function convWords({ kernel, filters, stride, dilation, groups }: ConvSpec, channels: () => number): string {
  const grouped = groups === 1 ? '' : groups === channels() ? ' depthwise' : ` in ${groups} groups`;
  const steps = isOne(stride) ? '' : `, stride ${square(stride)}`;
  const holes = isOne(dilation) ? '' : `, dilation ${square(dilation)}`;
  return `${sides(kernel)}${grouped}, ${filters}${steps}${holes}`;
}

const sides = ([height, width]: Pair): string => `${height}×${width}`;
const square = (pair: Pair): string => (pair[0] === pair[1] ? String(pair[0]) : sides(pair));
const isOne = ([height, width]: Pair): boolean => height === 1 && width === 1;

/** Back along what each layer reads; of a join along the first of its two. */
function weightedBefore(spec: NetworkSpec, from: number): LayerSpec | undefined {
  const sources = sourcesOf(spec);
  let at = from;
  while (at >= 0) {
    const layer = spec.layers[at]!;
    if (layer.kind === 'conv' || layer.kind === 'dense') return layer;
    const [source] = sources[at]!;
    at = spec.layers.findIndex(({ name }) => name === source);
  }
  return undefined;
}
