// Every figure of a record, in the order of the page.

import type { RunRecord } from '../../store/index.ts';
import { accuracyAgainstTimesteps } from './accuracy-timesteps.ts';
import { breakEven } from './break-even.ts';
import { energyPerProfile } from './energy.ts';
import { learningCurves } from './learning-curves.ts';
import { operationsPerLayer } from './operations.ts';
import { rateHistogram } from './rate-histogram.ts';
import { spikeRaster } from './spike-raster.ts';
import type { Figure } from './theme.ts';

/** The figures the record has data for. Their ids: accuracy-timesteps, energy, break-even, operations, firing-rates, spike-raster, learning-curves. */
export function figuresOf(record: RunRecord): readonly Figure[] {
  const all = [
    accuracyAgainstTimesteps,
    energyPerProfile,
    breakEven,
    operationsPerLayer,
    rateHistogram,
    spikeRaster,
    learningCurves,
  ];
  return all.map((figure) => figure(record)).filter((figure) => figure !== null);
}

export {
  accuracyAgainstTimesteps,
  breakEven,
  energyPerProfile,
  type Figure,
  learningCurves,
  operationsPerLayer,
  rateHistogram,
  spikeRaster,
};
