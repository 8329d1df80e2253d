// The ledger: operations of one average sample, from what was executed. A layer executed once is counted once; nothing is
// multiplied by T afterwards, because every step was already counted when it ran.

import { NumericError, UnsupportedError } from '../core/index.ts';
import type { ActivityTrace, LayerActivity } from '../simulate/index.ts';
import { tallyConv } from './counting/conv.ts';
import { checkCounts } from './counting/count-checks.ts';
import { tallyDense } from './counting/dense.ts';
import { tallyEncoder } from './counting/encoder.ts';
import { tallyJoin } from './counting/join.ts';
import type { CountingContext, LayerTally } from './counting/layer-tally.ts';
import { tallyNeuron } from './counting/neuron.ts';
import { tallyNorm } from './counting/norm.ts';
import { placementsOf } from './counting/placement.ts';
import { tallyPool } from './counting/pool.ts';
import { tallyActivation, tallyRelu, tallySoftmax } from './counting/rectifier.ts';
import { type LayerCounts, type Ledger, mapCounts, type OpCounts, sumCounts } from './counts.ts';

export interface CountOptions {
  /** Do synapses, and the traffic they cause, skip inputs that are 0? One switch for ANN and SNN alike. */
  readonly zeroSkipping: boolean;
}

/**
 * Counts what a traced network did for one average sample.
 * @throws NumericError naming the layer if a count is negative, not finite or above its dense bound, or the trace lacks what
 * it declares; UnsupportedError for a kind of layer this ledger cannot count (never a silent 0).
 */
export function countOperations(trace: ActivityTrace, options: CountOptions): Ledger {
  checkRun(trace);
  const { samples, timesteps, layers } = trace;
  layers.forEach(checkKind);
  const run = { samples, timesteps, zeroSkipping: options.zeroSkipping };
  const placements = placementsOf(trace);
  const tallies = layers.map((activity, index) => tallyLayer(activity, { ...run, ...placements[index]! }));
  const perSample = (counts: OpCounts): OpCounts => mapCounts((column) => counts[column] / samples);
  const counted: LayerCounts[] = layers.map(({ layer, kind }, index) => {
    checkCounts(layer, tallies[index]!.counts);
    return { layer, kind, counts: perSample(tallies[index]!.counts) };
  });
  const add = (pick: (tally: LayerTally) => readonly number[], length: number): number[] =>
    Array.from({ length }, (_, index) => tallies.reduce((sum, tally) => sum + pick(tally)[index]!, 0));
  return {
    samples,
    timesteps,
    zeroSkipping: options.zeroSkipping,
    total: perSample(sumCounts(tallies.map((tally) => tally.counts))),
    layers: counted,
    synopsByStep: add((tally) => tally.synopsByStep, timesteps).map((sum) => sum / samples),
    synopsPerSample: add((tally) => tally.synopsPerSample, samples),
  };
}

const TALLIES: { readonly [Kind in LayerActivity['kind']]: Tally<Kind> } = {
  encoder: tallyEncoder,
  dense: tallyDense,
  conv: tallyConv,
  pool: tallyPool,
  'batch-norm': tallyNorm,
  relu: tallyRelu,
  activation: tallyActivation,
  softmax: tallySoftmax,
  join: tallyJoin,
  neuron: tallyNeuron,
};

type Tally<Kind> = (activity: Extract<LayerActivity, { kind: Kind }>, context: CountingContext) => LayerTally;

const tallyLayer = (activity: LayerActivity, context: CountingContext): LayerTally =>
  (TALLIES[activity.kind] as Tally<LayerActivity['kind']>)(activity, context);

function checkKind({ kind, layer }: LayerActivity): void {
  if (Object.hasOwn(TALLIES, kind)) return;
  throw new UnsupportedError(
    `layer "${layer}": the ledger cannot count kind "${kind}"; it counts ${Object.keys(TALLIES).join(', ')}`,
  );
}

function checkRun({ samples, timesteps, mode }: ActivityTrace): void {
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;
  if (!whole(samples) || !whole(timesteps)) {
    throw new NumericError(`trace: ${samples} samples of ${timesteps} steps, expected whole numbers of at least 1`);
  }
  if (mode === 'ann' && timesteps !== 1) {
    throw new NumericError(`trace: an ANN runs 1 time step, got ${timesteps}`);
  }
}
