// A leaky ReLU gives negative values, which spikes cannot carry. leaky(x) = relu(x) - relu(-slope x) for slope >= 0, so each
// channel becomes a pair of ReLU channels: the layer before is computed as [W, -slope W], the one behind reads [W2; -W2]. Pairs
// lie side by side (channels 2c and 2c + 1), so that groups of channels stay together. Exact; twice the neurons.

import { type ConvSpec, channelsOf, type LayerSpec, type SlotSpec } from '../../model/index.ts';
import {
  type Draft,
  freeName,
  insertBetween,
  nodeOf,
  onlyReader,
  readersOf,
  replaceLayer,
  signalShapes,
  withStep,
  withWeights,
} from '../draft.ts';
import { ConversionRefusal } from '../refusal.ts';
import { channelwise } from './channelwise.ts';

export function mirrorLeakyRelu(draft: Draft): Draft {
  let result = draft;
  for (const { layer } of draft.nodes) {
    if (layer.kind !== 'slot' || typeof layer.ann !== 'object' || layer.ann.kind !== 'leaky-relu') continue;
    result = mirror(result, layer, layer.ann.slope);
  }
  return result;
}

function mirror(draft: Draft, slot: SlotSpec, slope: number): Draft {
  checkPair(slot, slope);
  const behind = joinPairs(draft, slot.name);
  const before = splitPairs(behind, slot, slope);
  const relu = replaceLayer(before, slot.name, { ...slot, ann: 'relu' });
  return withStep(
    relu,
    'mirror-leaky-relu',
    slot.name,
    'each channel is a pair of neurons, for values above and below 0',
  );
}

function checkPair(slot: SlotSpec, slope: number): void {
  if (slope >= 0) return;
  throw new ConversionRefusal(
    `slot "${slot.name}"`,
    slot.name,
    `is a leaky ReLU of slope ${slope}, expected 0 or more`,
    'use a ReLU or a positive slope',
  );
}

/** Twice the columns of what computes the slot's input: (x, -slope x) for each x. */
function splitPairs(draft: Draft, slot: SlotSpec, slope: number): Draft {
  const source = nodeOf(draft, slot.name)!.reads[0]!;
  const before = nodeOf(draft, source)?.layer;
  const own = before !== undefined && onlyReader(draft, source) !== undefined;
  if (own && before.kind === 'dense')
    return replaceLayer(widened(draft, source, slope), source, { ...before, units: 2 * before.units });
  if (own && before.kind === 'conv')
    return replaceLayer(widened(draft, source, slope), source, { ...before, filters: 2 * before.filters });
  const shape = signalShapes(draft).get(source)!;
  if (shape.length !== 3) throw unpaired(slot.name, source);
  const channels = channelsOf(shape);
  const name = freeName(draft, `${slot.name}-pairs`);
  const conv: ConvSpec = { ...channelwise(name, channels, false), filters: 2 * channels };
  const weight = Float32Array.from({ length: 2 * channels }, (_, k) => (k % 2 === 0 ? 1 : -slope));
  return withWeights(insertBetween(draft, source, conv, slot.name), { [`${name}/weight`]: weight });
}

function widened(draft: Draft, name: string, slope: number): Draft {
  const pairs = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: 2 * values.length }, (_, k) => (k % 2 === 0 ? 1 : -slope) * values[k >> 1]!);
  const [weight, bias] = [draft.weights.get(`${name}/weight`)!, draft.weights.get(`${name}/bias`)];
  const changes = { [`${name}/weight`]: pairs(weight), ...(bias && { [`${name}/bias`]: pairs(bias) }) };
  return withWeights(draft, changes);
}

/** Every reader of `name` reads pairs from now on: those with weights by rows (W, -W), others through a 1x1 convolution. */
function joinPairs(draft: Draft, name: string): Draft {
  const channels = channelsOf(signalShapes(draft).get(name)!);
  let result = draft;
  for (const { layer } of readersOf(draft, name)) result = joinReader(result, name, layer, channels);
  return result;
}

function joinReader(draft: Draft, source: string, reader: LayerSpec, channels: number): Draft {
  if (reader.kind === 'conv') return doubleRows(draft, reader.name, reader.filters);
  if (reader.kind === 'dense') return doubleRows(draft, reader.name, reader.units);
  if (reader.kind === 'flatten' || (reader.kind === 'pool' && reader.mode === 'average'))
    return passOn(draft, reader.name, channels);
  if (signalShapes(draft).get(source)!.length !== 3) throw unpaired(source, reader.name);
  const name = freeName(draft, `${source}-join`);
  const conv: ConvSpec = { ...channelwise(name, channels, false) };
  const weight = Float32Array.from({ length: 2 * channels }, (_, k) => (k < channels ? 1 : -1));
  return withWeights(insertBetween(draft, source, conv, reader.name), { [`${name}/weight`]: weight });
}

/** A pool or flatten hands the pairs on to its own readers. */
function passOn(draft: Draft, name: string, channels: number): Draft {
  let result = draft;
  for (const { layer } of readersOf(draft, name)) result = joinReader(result, name, layer, channels);
  return result;
}

/** Each row of weights (of one input) once as it is and once negated, side by side. */
function doubleRows(draft: Draft, name: string, columns: number): Draft {
  const key = `${name}/weight`;
  const weight = draft.weights.get(key)!;
  const doubled = new Float32Array(2 * weight.length);
  for (let row = 0; row * columns < weight.length; row++)
    for (let c = 0; c < columns; c++) {
      const value = weight[row * columns + c]!;
      doubled[2 * row * columns + c] = value;
      doubled[(2 * row + 1) * columns + c] = -value;
    }
  return withWeights(draft, { [key]: doubled });
}

function unpaired(slot: string, neighbour: string): ConversionRefusal {
  return new ConversionRefusal(
    `slot "${slot}"`,
    slot,
    `is a leaky ReLU whose pairs of neurons meet "${neighbour}", which has no weights to put them together or apart`,
    'put a dense layer between the two, or use a ReLU',
  );
}
