// Batch norm with running statistics is y = g x + h per channel, g = threshold scale / sqrt(variance + epsilon) and
// h = shift - g mean. Behind a convolution or dense layer it goes into that layer: W g, b g + h. Behind anything else on a map it
// becomes a 1x1 convolution of each channel; on a flat signal nothing spares it N x N weights, and it is refused.

import { type BatchNormSpec, channelsOf } from '../../model/index.ts';
import {
  type Draft,
  type DraftNode,
  dropLayer,
  nodeOf,
  onlyReader,
  replaceLayer,
  signalShapes,
  withStep,
  withWeights,
} from '../draft.ts';
import { ConversionRefusal } from '../refusal.ts';
import { channelwise } from './channelwise.ts';

export const foldBatchNorm = (draft: Draft): Draft => foldEach(draft, standAlone);

/** Only the norms that a convolution or dense layer takes in; the others stay as they are. */
export const foldIntoWeights = (draft: Draft): Draft => foldEach(draft, (unchanged) => unchanged);

type Otherwise = (draft: Draft, source: string, norm: BatchNormSpec) => Draft;

function foldEach(draft: Draft, otherwise: Otherwise): Draft {
  let result = draft;
  for (const node of draft.nodes) {
    if (node.layer.kind !== 'batch-norm') continue;
    result = foldNorm(result, nodeOf(result, node.layer.name)!, node.layer, otherwise);
  }
  return result;
}

function foldNorm(draft: Draft, node: DraftNode, norm: BatchNormSpec, otherwise: Otherwise): Draft {
  const before = nodeOf(draft, node.reads[0]!)?.layer;
  const hasWeights = before?.kind === 'conv' || before?.kind === 'dense';
  if (hasWeights && onlyReader(draft, before.name) !== undefined) {
    const folded = fold(draft, before, norm);
    return withStep(folded, 'fold-batch-norm', norm.name, `folded into ${before.kind} "${before.name}"`);
  }
  return otherwise(draft, node.reads[0]!, norm);
}

type Weighted = Extract<DraftNode['layer'], { kind: 'conv' | 'dense' }>;

function fold(draft: Draft, before: Weighted, norm: BatchNormSpec): Draft {
  const { gain, offset } = affineOf(draft, norm);
  const columns = gain.length;
  const weight = draft.weights.get(`${before.name}/weight`)!.map((value, k) => value * gain[k % columns]!);
  const old = draft.weights.get(`${before.name}/bias`);
  const bias = Float32Array.from(offset, (h, c) => (old?.[c] ?? 0) * gain[c]! + h);
  const named = withWeights(draft, { [`${before.name}/weight`]: weight, [`${before.name}/bias`]: bias });
  const without = dropLayer(withoutNorm(named, norm), norm.name);
  return replaceLayer(without, before.name, { ...before, bias: true });
}

function standAlone(draft: Draft, source: string, norm: BatchNormSpec): Draft {
  const shape = signalShapes(draft).get(source)!;
  if (shape.length !== 3)
    throw new ConversionRefusal(
      `batch norm "${norm.name}"`,
      norm.name,
      `reads "${source}", which has no weights of its own to fold it into`,
      'put it directly behind a dense or convolutional layer that nothing else reads, and train again',
    );
  const { gain, offset } = affineOf(draft, norm);
  const conv = channelwise(norm.name, channelsOf(shape), true);
  const replaced = withWeights(replaceLayer(withoutNorm(draft, norm), norm.name, conv), {
    [`${norm.name}/weight`]: Float32Array.from(gain),
    [`${norm.name}/bias`]: Float32Array.from(offset),
  });
  return withStep(
    replaced,
    'fold-batch-norm',
    norm.name,
    `made a 1x1 convolution of each channel: "${source}" has no weights to fold it into`,
  );
}

function affineOf(draft: Draft, norm: BatchNormSpec): { gain: Float64Array; offset: Float64Array } {
  const of = (role: string): Float32Array => draft.weights.get(`${norm.name}/${role}`)!;
  const [scale, shift, mean, variance] = [of('scale'), of('shift'), of('mean'), of('variance')];
  const gain = Float64Array.from(scale, (s, c) => (norm.threshold * s) / Math.sqrt(variance[c]! + norm.epsilon));
  const offset = Float64Array.from(shift, (h, c) => h - gain[c]! * mean[c]!);
  return { gain, offset };
}

function withoutNorm(draft: Draft, { name }: BatchNormSpec): Draft {
  const roles = ['scale', 'shift', 'mean', 'variance'];
  return withWeights(draft, Object.fromEntries(roles.map((role) => [`${name}/${role}`, undefined])));
}
