// The ANN rewritten as an ANN that can be converted layer by layer: the passes that do not need scales. Its activations are the
// ones to calibrate on. Doing it twice changes nothing more.

import { ConfigError } from '../core/index.ts';
import { checkWeights, type NetworkSpec, type Weights } from '../model/index.ts';
import { type ConversionStep, type Draft, draftOf, networkOf } from './draft.ts';
import { dropInert } from './passes/drop-inert.ts';
import { FOLD_LIMIT, foldAveragePools } from './passes/fold-average-pool.ts';
import { foldBatchNorm } from './passes/fold-batch-norm.ts';
import { convertMaxPools, type MaxPoolChoice } from './passes/max-pool.ts';
import { mirrorLeakyRelu } from './passes/mirror-leaky-relu.ts';
import { refuseUnconvertible } from './refuse.ts';

export interface PrepareOptions {
  /** Max pools: `winner` (default) keeps them, `or` takes the OR of spikes, `average` replaces them by average pools. */
  readonly maxPool?: MaxPoolChoice;
  /**
   * Average pools of spikes: most synapses a layer may have, as a multiple, for the pool to be folded into its weights. Default 5;
   * 0 keeps all pools, Infinity folds all that can be.
   */
  readonly foldLimit?: number;
}

export interface PreparedNetwork {
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly steps: readonly ConversionStep[];
}

/** Throws UnsupportedError naming a layer that has no spiking equivalent, ShapeError for weights of another network. */
export function prepareNetwork(spec: NetworkSpec, weights: Weights, options: PrepareOptions = {}): PreparedNetwork {
  const draft = prepareDraft(spec, weights, options);
  return { spec: networkOf(draft, spec.name), weights: draft.weights, steps: draft.steps };
}

export function prepareDraft(spec: NetworkSpec, weights: Weights, options: PrepareOptions): Draft {
  checkWeights(spec, weights, 'ann');
  const { maxPool = 'winner', foldLimit = FOLD_LIMIT } = options;
  if (!['winner', 'or', 'average'].includes(maxPool))
    throw new ConfigError('maxPool', `got ${JSON.stringify(maxPool)}, expected winner, or, average`);
  if (!(foldLimit >= 0)) throw new ConfigError('foldLimit', `got ${foldLimit}, expected 0 or more`);
  const passes = [
    dropInert,
    foldBatchNorm,
    convertMaxPools(maxPool),
    refuseUnconvertible,
    foldAveragePools(foldLimit),
    mirrorLeakyRelu,
  ];
  return passes.reduce((draft, pass) => pass(draft), draftOf(spec, weights));
}
