// A network as a table: layers, shapes, parameters, multiply-accumulates.

import {
  countParameters,
  inferShapes,
  type LayerSpec,
  listParameters,
  type NetworkSpec,
  sizeOf,
  sourcesOf,
} from '../model/index.ts';

export interface LayerSummary {
  readonly layer: string;
  readonly kind: LayerSpec['kind'];
  /** `3x3, 64 filters, stride 2`; empty where there is nothing to say. */
  readonly detail: string;
  /** Layers it reads, where not just the one before. */
  readonly reads: readonly string[];
  readonly output: readonly number[];
  /** As an ANN. */
  readonly parameters: number;
  /** Of one image, once; at borders as within. */
  readonly macs: number;
}

export interface NetworkSummary {
  readonly name: string;
  readonly input: readonly number[];
  readonly parameters: number;
  readonly macs: number;
  readonly layers: readonly LayerSummary[];
}

/** Throws ShapeError where layers do not fit together. */
export function summariseSpec(spec: NetworkSpec): NetworkSummary {
  const shapes = inferShapes(spec);
  const sources = sourcesOf(spec);
  const parameters = listParameters(spec);
  const layers = spec.layers.map((layer, i): LayerSummary => {
    const { input, output } = shapes[i]!;
    const own = parameters.filter((each) => each.layer === layer.name && each.trained && each.mode !== 'snn');
    const before = i === 0 ? 'input' : spec.layers[i - 1]!.name;
    return {
      layer: layer.name,
      kind: layer.kind,
      detail: detailOf(layer),
      reads: sources[i]!.length === 1 && sources[i]![0] === before ? [] : sources[i]!,
      output,
      parameters: own.reduce((sum, { rows, columns }) => sum + rows * columns, 0),
      macs: macsOf(layer, input, output),
    };
  });
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  return { name: spec.name, input: spec.input, parameters: countParameters(spec, 'ann'), macs, layers };
}

function macsOf(layer: LayerSpec, input: readonly number[], output: readonly number[]): number {
  if (layer.kind === 'dense') return sizeOf(input) * layer.units;
  if (layer.kind !== 'conv') return 0;
  return (sizeOf(output) * layer.kernel[0] * layer.kernel[1] * input[2]!) / layer.groups;
}

function detailOf(layer: LayerSpec): string {
  switch (layer.kind) {
    case 'conv': {
      const { groups } = layer;
      const [down, across] = layer.stride;
      const parts = [`${layer.kernel.join('x')}, ${layer.filters} filters`];
      if (down !== 1 || across !== 1) parts.push(`stride ${down === across ? down : `${down}x${across}`}`);
      if (groups > 1) parts.push(`${groups} groups`);
      return parts.join(', ');
    }
    case 'pool':
      return `${layer.mode}, ${layer.size === undefined ? 'global' : layer.size.join('x')}`;
    case 'slot':
      return `${typeof layer.ann === 'string' ? layer.ann : layer.ann.kind} / ${layer.neuron.kind}`;
    case 'dropout':
      return String(layer.rate);
    case 'join':
      return layer.mode;
    default:
      return '';
  }
}
