// Scales folded into weights. Where a signal has the scale s (one number a channel), the spiking network carries x / s for the
// ANN's x, so that a slot of scale s fires at the rate x / s. Weights take it over: W s_in / s_out, b / s_out. A signal between
// two layers with weights keeps the scale 1. Both operands of a sum need the scale of the slot behind it: a branch that ends in
// weights takes it into them, a bare one (identity shortcut) gets a 1x1 convolution of each channel, counted like any other.

import { channelsOf, INPUT_NAME, type LayerSpec, type SlotSpec } from '../model/index.ts';
import {
  type Draft,
  type DraftNode,
  freeName,
  insertBetween,
  isOutput,
  nodeOf,
  readersOf,
  signalShapes,
  withStep,
  withWeights,
} from './draft.ts';
import { channelwise } from './passes/channelwise.ts';
import { ConversionRefusal } from './refusal.ts';
import { isSpiking } from './spiking.ts';

/** One number a channel. */
export type Scale = Float64Array;

/** Scale of a slot that fires, of that many channels; undefined for one that is read by its membrane, which keeps the ANN's unit. */
export type ScaleOfSlot = (slot: SlotSpec, channels: number) => Scale | undefined;

export interface Normalised {
  readonly draft: Draft;
  /** Threshold of each slot that fires, one a channel: all 1 where scales went into the weights. */
  readonly thresholds: ReadonlyMap<string, Scale>;
}

/** Throws ConversionRefusal where a scale has no weights to go into. */
export function normalise(draft: Draft, scaleOf: ScaleOfSlot, into: 'weights' | 'thresholds'): Normalised {
  checkSlots(draft);
  const walk = new ScaleWalk(draft, scaleOf, into);
  for (const { layer } of draft.nodes) walk.take(layer);
  return walk;
}

/** The layers in order, each getting the scale of what it reads and leaving its own. */
class ScaleWalk implements Normalised {
  draft: Draft;
  readonly thresholds = new Map<string, Scale>();
  readonly #into: 'weights' | 'thresholds';
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #wanted: ReadonlyMap<string, Scale | undefined>;
  readonly #scales = new Map<string, Scale>();

  constructor(draft: Draft, scaleOf: ScaleOfSlot, into: 'weights' | 'thresholds') {
    this.draft = draft;
    this.#into = into;
    this.#shapes = signalShapes(draft);
    this.#wanted = wantedScales(draft, into, (slot) => scaleOf(slot, this.#channels(slot.name)), this.#channels);
    this.#scales.set(INPUT_NAME, ones(this.#channels(INPUT_NAME)));
  }

  readonly #channels = (name: string): number => channelsOf(this.#shapes.get(name)!);

  take(layer: LayerSpec): void {
    const { reads } = nodeOf(this.draft, layer.name)!;
    const incoming = this.#scales.get(reads[0]!)!;
    const outgoing = this.#outgoing(layer, incoming);
    this.#scales.set(layer.name, outgoing);
    if (layer.kind === 'conv' || layer.kind === 'dense')
      this.draft = scaleWeights(this.draft, layer, incoming, outgoing);
    if (layer.kind === 'join')
      for (const read of reads) this.draft = rescaled(this.draft, layer, read, this.#scales.get(read)!, outgoing);
    if (layer.kind === 'slot') this.#takeSlot(layer, reads[0]!, incoming);
  }

  #takeSlot(slot: SlotSpec, source: string, incoming: Scale): void {
    const own = this.#wanted.get(slot.name) ?? ones(this.#channels(slot.name));
    if (this.#into === 'thresholds')
      this.thresholds.set(
        slot.name,
        own.map((scale, c) => scale / incoming[c]!),
      );
    else {
      this.draft = rescaled(this.draft, slot, source, incoming, own);
      this.thresholds.set(slot.name, ones(own.length));
    }
  }

  #outgoing(layer: LayerSpec, incoming: Scale): Scale {
    const wanted = this.#wanted.get(layer.name);
    switch (layer.kind) {
      case 'slot':
        return wanted ?? ones(incoming.length);
      case 'conv':
      case 'dense':
        return wanted ?? this.#untouched(incoming, this.#channels(layer.name));
      case 'join':
        return wanted ?? incoming;
      case 'flatten':
        return repeated(incoming, this.#channels(layer.name));
      default:
        return incoming;
    }
  }

  /** With thresholds to take them, scales pass through weights unless channels differ in theirs. */
  #untouched(incoming: Scale, channels: number): Scale {
    const passes = this.#into === 'thresholds' && incoming.every((scale) => scale === incoming[0]);
    return passes ? new Float64Array(channels).fill(incoming[0]!) : ones(channels);
  }
}

/** Throws ConversionRefusal for a flat slot that reads the input or spikes as they are. */
function checkSlots(draft: Draft): void {
  const shapes = signalShapes(draft);
  for (const { layer, reads } of draft.nodes) {
    if (layer.kind !== 'slot' || shapes.get(layer.name)!.length === 3) continue;
    if (reads[0] === INPUT_NAME || isSpiking(draft, reads[0]!)) throw noWeights(layer, reads[0]!);
  }
}

const ones = (channels: number): Scale => new Float64Array(channels).fill(1);

const repeated = (scale: Scale, length: number): Scale =>
  Float64Array.from({ length }, (_, k) => scale[k % scale.length]!);

/**
 * The scale each slot, and each layer whose values go to a slot without weights between, is to have; 1 at an output that adds up.
 * With thresholds to take the scales only the operands of a sum must agree: in the ANN's unit.
 */
function wantedScales(
  draft: Draft,
  into: 'weights' | 'thresholds',
  scaleOf: (slot: SlotSpec) => Scale | undefined,
  channels: (name: string) => number,
): ReadonlyMap<string, Scale | undefined> {
  const wanted = new Map<string, Scale | undefined>();
  /** What each layer asks of those it reads. */
  const asked = new Map<string, Scale | undefined>();
  for (const { layer } of draft.nodes.toReversed()) {
    const own = ones(channels(layer.name));
    if (layer.kind === 'slot') {
      const scale = scaleOf(layer);
      wanted.set(layer.name, scale);
      asked.set(layer.name, scale === undefined ? own : into === 'weights' ? scale : undefined);
      continue;
    }
    const readers = readersOf(draft, layer.name).filter(takesScale);
    const fixed = isOutput(draft, layer.name) || (into === 'thresholds' && layer.kind === 'join');
    const ask = readers.map((reader) => asked.get(reader.layer.name)).find((scale) => scale !== undefined);
    wanted.set(layer.name, fixed ? own : ask);
    asked.set(layer.name, wanted.get(layer.name));
  }
  return wanted;
}

/** Layers that hand a scale back to what they read. A flattened signal has other channels. */
const takesScale = ({ layer: { kind } }: DraftNode): boolean => kind === 'slot' || kind === 'join' || kind === 'pool';

function scaleWeights(draft: Draft, layer: LayerSpec & { kind: 'conv' | 'dense' }, from: Scale, to: Scale): Draft {
  const [weightKey, biasKey] = [`${layer.name}/weight`, `${layer.name}/bias`];
  const [weight, bias] = [draft.weights.get(weightKey)!, draft.weights.get(biasKey)];
  return withWeights(draft, {
    [weightKey]: scaledMatrix(weight, layer.kind === 'conv' ? layer.groups : 1, from, to),
    ...(bias && { [biasKey]: bias.map((value, c) => value / to[c]!) }),
  });
}

/** W from / to, rows in the order (tap, input of the group); a group's columns read its own inputs. */
function scaledMatrix(weight: Float32Array, groups: number, from: Scale, to: Scale): Float32Array {
  const columns = to.length;
  const [inputs, perGroup] = [from.length / groups, columns / groups];
  const firstInput = Uint32Array.from(to, (_, column) => Math.floor(column / perGroup) * inputs);
  const scaled = new Float32Array(weight.length);
  for (let row = 0; row * columns < weight.length; row++) {
    const input = row % inputs;
    const at = row * columns;
    for (let c = 0; c < columns; c++) scaled[at + c] = (weight[at + c]! * from[firstInput[c]! + input]!) / to[c]!;
  }
  return scaled;
}

/** The draft in which `reader` gets `source` at scale `to` instead of `from`. Throws ConversionRefusal where nothing can do it. */
function rescaled(draft: Draft, reader: LayerSpec, source: string, from: Scale, to: Scale): Draft {
  const needed = reader.kind === 'slot' && (source === INPUT_NAME || isSpiking(draft, source));
  if (!needed && from.every((scale, c) => scale === to[c])) return draft;
  const shape = signalShapes(draft).get(source)!;
  if (shape.length !== 3) throw noWeights(reader, source);
  const name = freeName(draft, `${reader.name}-${source}`);
  const conv = channelwise(name, to.length, false);
  const inserted = insertBetween(draft, source, conv, reader.name);
  const weight = Float32Array.from(from, (scale, c) => scale / to[c]!);
  const weighted = withWeights(inserted, { [`${name}/weight`]: weight });
  return withStep(
    weighted,
    'normalise',
    name,
    `1x1 convolution that brings "${source}" to the scale of "${reader.name}"`,
  );
}

function noWeights(reader: LayerSpec, source: string): ConversionRefusal {
  const problem =
    reader.kind === 'slot'
      ? 'has no dense layer of its own to fold its scale into'
      : `adds "${source}", which has no weights of its own to bring it to the scale of the sum`;
  const remedy = 'put a dense layer before it';
  return new ConversionRefusal(`${reader.kind} "${reader.name}"`, reader.name, problem, remedy);
}
