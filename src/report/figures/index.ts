// Every figure of a record, in the order of the page.

import type { RunRecord } from '../../store/index.ts';
import { accuracyAgainstOperations } from './accuracy-operations.ts';
import { accuracyAgainstTimesteps } from './accuracy-timesteps.ts';
import { energyRatios } from './break-even.ts';
import { errorByDepth } from './doctor/depth.ts';
import { activationHistogram } from './doctor/histogram.ts';
import { activationScatter } from './doctor/scatter.ts';
import { earlyStops } from './early-stop.ts';
import { energyPerProfile } from './energy.ts';
import { learningCurves } from './learning-curves.ts';
import { measuredRatios } from './measured.ts';
import { membraneTraces } from './membranes.ts';
import { operationsPerLayer } from './operations.ts';
import { rateHistogram } from './rate-histogram.ts';
import { attacksByNetwork, attacksCompared } from './robustness/attacks.ts';
import { accuracyUnderNoise } from './robustness/noise.ts';
import { spikeRaster } from './spike-raster.ts';
import type { Figure } from './theme.ts';
import { throughTime } from './through-time.ts';

/**
 * The figures the record has data for. Their ids: accuracy-timesteps, through-time, accuracy-operations, early-stop, energy,
 * break-even, measured-ratios, operations, firing-rates, spike-raster, membranes, error-depth, activation-scatter, activation-histogram,
 * robustness-compared, robustness-attacks, robustness-noise, learning-curves.
 */
export function figuresOf(record: RunRecord): readonly Figure[] {
  const all = [
    accuracyAgainstTimesteps,
    throughTime,
    accuracyAgainstOperations,
    earlyStops,
    energyPerProfile,
    energyRatios,
    measuredRatios,
    operationsPerLayer,
    rateHistogram,
    spikeRaster,
    membraneTraces,
    errorByDepth,
    activationScatter,
    activationHistogram,
    attacksCompared,
    attacksByNetwork,
    accuracyUnderNoise,
    learningCurves,
  ];
  return all.map((figure) => figure(record)).filter((figure) => figure !== null);
}

export type { Figure };
