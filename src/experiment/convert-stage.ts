// Converts the trained ANN to spikes, and runs it at every number of time steps the study lists.

import { type ConvertedNetwork, calibrate, convertNetwork, type Scales, smallestTimesteps } from '../convert/index.ts';
import type { Weights } from '../model/index.ts';
import type { SimulationResult } from '../simulate/index.ts';
import type { ConversionRecord, NetworkRecord, Reading } from '../store/index.ts';
import { type Candidate, describeNetwork, runOnTestSet } from './evaluate-stage.ts';
import { drawAtMost } from './study-data.ts';
import type { Workbench } from './workbench.ts';

/** A converted network, and what it was made with. */
export interface Conversion extends ConvertedNetwork {
  readonly scales: Scales;
  readonly calibrationSamples: number;
}

/** Scales measured on calibration samples, folded into the weights. */
export async function convertStage(
  { study, backend, data, spec, progress, signal }: Workbench,
  weights: Weights,
): Promise<Conversion> {
  const { mode, percentile, nonzeroOnly, reciprocal, halfThreshold, output } = study.convert;
  const calibration = drawAtMost(data.train, study.convert.calibrationSamples, study.seed);
  progress.begin('Convert ANN', calibration.samples, 'images');
  const scales = await calibrate(backend, spec, weights, calibration, {
    ...{ mode, percentile, nonzeroOnly, reciprocal },
    ...(signal === undefined ? {} : { signal }),
    onProgress: (done) => progress.update(done),
  });
  const converted = convertNetwork(spec, weights, scales, { halfThreshold, output });
  progress.end(`scales by ${mode} over ${calibration.samples} training images`);
  return { ...converted, scales, calibrationSamples: calibration.samples };
}

/** How the study's converted network is read at T steps: by the sum of its outputs. */
export const convertedReading = ({ convert }: Workbench['study'], timesteps: number): Reading => ({
  kind: 'converted',
  timesteps,
  encoder: convert.encoder,
  decoder: convert.output === 'spikes' ? 'spike-count' : 'last-membrane',
});

/** A row of the record for each T of the study. Each is a run of exactly T steps, so that its counts are those of T steps. */
export async function testConversions(
  bench: Workbench,
  conversion: Conversion,
  ann: SimulationResult,
): Promise<readonly NetworkRecord[]> {
  const { convert } = bench.study;
  const runs: { candidate: Omit<Candidate, 'conversion'>; result: SimulationResult }[] = [];
  for (const timesteps of [...new Set(convert.timesteps)].sort((a, b) => a - b)) {
    const candidate = {
      name: `converted T=${timesteps}`,
      spec: conversion.spec,
      weights: conversion.weights,
      reading: convertedReading(bench.study, timesteps),
      training: null,
      trainSeconds: null,
      trainBytes: null,
    };
    runs.push({ candidate, result: await runOnTestSet(bench, candidate) });
  }
  const longest = runs.at(-1)!.result.accuracyByStep;
  const record = conversionRecord(bench, conversion, ann.accuracy.value, longest);
  return runs.map(({ candidate, result }) => describeNetwork(bench, { ...candidate, conversion: record }, result));
}

function conversionRecord(
  { study }: Workbench,
  conversion: Conversion,
  annAccuracy: number,
  accuracyByStep: readonly number[],
): ConversionRecord {
  const { tolerance, halfThreshold } = study.convert;
  return {
    mode: study.convert.mode,
    calibrationSamples: conversion.calibrationSamples,
    scales: [...conversion.scales].map(([layer, scale]) => ({ layer, scale })),
    halfThreshold,
    annAccuracy,
    smallestTimesteps: smallestTimesteps(accuracyByStep, annAccuracy, tolerance),
    tolerance,
  };
}
