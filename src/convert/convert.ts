// An ANN into a spiking network that computes the same with rates: a ReLU becomes an integrate-and-fire neuron that subtracts
// its threshold. With scale s_l of slot l the activation s_l means a spike at every step; to keep spikes 0 or 1 the scales are
// folded into the weights: W_l s_(l-1) / s_l, b_l / s_l, the bias added at every step (or, as one likes, into the thresholds).
// Diehl et al. 2015 (10.1109/IJCNN.2015.7280696); Rueckauer et al. 2017 (10.3389/fnins.2017.00682).

import type { NetworkSpec, PerNeuron, SlotSpec, Weights } from '../model/index.ts';
import { channelsOf } from '../model/index.ts';
import { type ConversionStep, type Draft, networkOf, replaceLayer, signalShapes, withStep } from './draft.ts';
import { convertedNeuron, type NeuronChoice, READ_OUT, startOf } from './neuron.ts';
import { normalise, type Scale } from './normalise.ts';
import type { ChannelScales } from './options.ts';
import { type PreparedNetwork, type PrepareOptions, prepareDraft } from './prepare.ts';
import { ConversionRefusal } from './refusal.ts';
import { shareScales } from './share-scales.ts';
import { scaleFor } from './slot-scale.ts';

export interface ConvertOptions extends PrepareOptions, NeuronChoice {
  /** A last slot that is the identity: `membrane` (default) sums the logits over time, `spikes` fires by them. */
  readonly output?: 'membrane' | 'spikes';
  /**
   * Where scales go: into the `weights` (default), with thresholds of 1; or into the `thresholds`, the weights staying as trained
   * (threshold balancing). Both give the same spikes.
   */
  readonly scaling?: 'weights' | 'thresholds';
}

/** What became of one slot. */
export interface ConvertedSlot {
  readonly slot: string;
  /** ANN activation that a spike at every step stands for; one for the layer or one a channel. 1 where the output never fires. */
  readonly scale: PerNeuron;
  readonly fires: boolean;
}

export interface ConvertedNetwork {
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  /** What each pass did, for people. */
  readonly steps: readonly ConversionStep[];
  readonly slots: readonly ConvertedSlot[];
  /** The ANN as it was prepared, with the slots of the spiking network: what its rates are to be compared with. */
  readonly prepared: PreparedNetwork;
}

/**
 * Converts the ANN reading of `spec`. Throws ConversionRefusal (an UnsupportedError) naming a layer that has no spiking
 * equivalent, ConfigError for scales or a neuron that will not do, ShapeError for weights of another network.
 */
export function convertNetwork(
  spec: NetworkSpec,
  weights: Weights,
  scales: ChannelScales,
  options: ConvertOptions = {},
): ConvertedNetwork {
  const prepared = prepareDraft(spec, weights, options);
  checkOutput(prepared, options);
  const shared = shareScales(prepared, scales);
  const fires = ({ ann }: SlotSpec): boolean => ann !== 'identity' || options.output === 'spikes';
  const scaleOf = (slot: SlotSpec, channels: number): Scale | undefined =>
    fires(slot) ? scaleFor(slot, prepared.weights, shared, channels) : undefined;
  const { draft, thresholds } = normalise(prepared, scaleOf, options.scaling ?? 'weights');
  const shapes = signalShapes(draft);
  const slots: ConvertedSlot[] = [];
  let result = draft;
  for (const { layer } of draft.nodes) {
    if (layer.kind !== 'slot') continue;
    const scale = scaleOf(layer, channelsOf(shapes.get(layer.name)!));
    slots.push({ slot: layer.name, scale: perNeuron(scale), fires: fires(layer) });
    result = spiking(result, layer, fires(layer), thresholds.get(layer.name), options);
  }
  return {
    spec: networkOf(result, `${spec.name}-converted`),
    weights: onlyParameters(result),
    steps: result.steps,
    slots,
    prepared: { spec: networkOf(prepared, spec.name), weights: prepared.weights, steps: prepared.steps },
  };
}

/** The slot with its spiking neuron. Scaled, only ReLU and identity still mean what they say when read as an ANN. */
function spiking(
  draft: Draft,
  layer: SlotSpec,
  fires: boolean,
  threshold: Scale | undefined,
  options: ConvertOptions,
): Draft {
  const neuron = fires ? convertedNeuron(options, layer.name, perNeuron(threshold), startOf(layer, options)) : READ_OUT;
  const ann = layer.ann === 'identity' ? 'identity' : 'relu';
  const replaced = replaceLayer(draft, layer.name, { kind: 'slot', name: layer.name, ann, neuron });
  if (layer.ann === 'relu6')
    return withStep(
      replaced,
      'saturate',
      layer.name,
      'a neuron that fires at every step stands for the 6 of a ReLU6, at most',
    );
  return replaced;
}

/** A single number where all are one. */
function perNeuron(scale: Scale | undefined): PerNeuron {
  if (scale === undefined) return 1;
  return scale.every((value) => value === scale[0]) ? scale[0]! : [...scale];
}

function checkOutput({ nodes, name }: Draft, { output }: ConvertOptions): void {
  const last = nodes.findLast(
    ({ layer }) => layer.kind === 'dense' || layer.kind === 'conv' || layer.kind === 'slot',
  )?.layer;
  if (last?.kind === 'slot' || output !== 'spikes') return;
  throw new ConversionRefusal(
    `network "${name}"`,
    last?.name ?? name,
    `ends in "${last?.name}", which cannot spike`,
    'put an identity slot behind it, or read its membrane',
  );
}

/** Weights of layers that are still there; neuron parameters of the trained SNN and ceilings have no use any more. */
function onlyParameters({ nodes, weights }: Draft): Weights {
  const layers = new Set(nodes.filter(({ layer }) => layer.kind !== 'slot').map(({ layer }) => layer.name));
  return new Map([...weights].filter(([key]) => layers.has(key.slice(0, key.indexOf('/')))));
}
