// Converts the trained ANN to spikes, and runs it at every number of time steps the study lists.

import {
  type CalibrateOptions,
  type ChannelScales,
  type ConversionDiagnosis,
  type ConvertedNetwork,
  type ConvertOptions,
  calibrate,
  calibrateChannels,
  calibrateOffsets,
  convertNetwork,
  diagnoseConversion,
  examine,
  type Finding,
  type PrepareOptions,
  smallestTimesteps,
} from '../convert/index.ts';
import { UnsupportedError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import { initialWeights, type Weights } from '../model/index.ts';
import type { SimulationResult } from '../simulate/index.ts';
import type { ConversionRecord, NetworkRecord, Reading } from '../store/index.ts';
import { type Candidate, nameOf } from './candidate.ts';
import { describeNetwork, runOnTestSet } from './evaluate-stage.ts';
import type { Study } from './study.ts';
import { drawAtMost } from './study-data.ts';
import type { Workbench } from './workbench.ts';

/** A converted network, and what it was made with. */
export interface Conversion extends ConvertedNetwork {
  readonly scales: ChannelScales;
  readonly calibrationSamples: number;
  /** What was to be expected of it. */
  readonly findings: readonly Finding[];
  /** The ANN's weights. */
  readonly source: Weights;
}

const prepareOptions = ({ convert: { maxPool, foldLimit } }: Study): PrepareOptions => ({
  maxPool,
  foldLimit: foldLimit ?? Number.POSITIVE_INFINITY,
});

/** The study's settings as calibration takes them. */
export function calibrateOptions(study: Study): CalibrateOptions {
  const { mode, percentile, nonzeroOnly, schedule, reciprocal, movingAverage, errorTimesteps, halfThreshold } =
    study.convert;
  return {
    ...prepareOptions(study),
    ...{ mode, percentile, nonzeroOnly, schedule, reciprocal, movingAverage, halfThreshold },
    timesteps: errorTimesteps,
  };
}

/** The study's settings as conversion takes them. */
export function convertOptions(study: Study): ConvertOptions {
  const { halfThreshold, output, scaling } = study.convert;
  return { ...prepareOptions(study), halfThreshold, output, scaling };
}

const calibrationOf = ({ data, study }: Workbench): Dataset =>
  drawAtMost(data.train, study.convert.calibrationSamples, study.seed);

/** A line for each problem, with the layers that have it. */
function linesOf(findings: readonly Finding[]): readonly string[] {
  const layers = new Map<string, string[]>();
  for (const { layer, problem, remedy } of findings) {
    const text = `${problem}; ${remedy}`;
    layers.set(text, [...(layers.get(text) ?? []), layer === '' ? 'the network' : layer]);
  }
  return [...layers].map(([text, names]) => `${names.join(', ')}: ${text}`);
}

/** Says what will not convert faithfully. */
function announce({ progress }: Workbench, findings: readonly Finding[]): void {
  for (const severity of ['loses', 'costs'] as const) {
    const own = findings.filter((finding) => finding.severity === severity);
    for (const line of linesOf(own))
      progress.note(`conversion ${severity === 'loses' ? 'may lose' : 'costs'}: ${line}`);
  }
}

/**
 * What is to be expected of the conversion, told before anything is trained. Throws UnsupportedError naming every layer that cannot be
 * converted and what to use instead.
 */
export function checkConvertible(bench: Workbench): void {
  const { study, spec } = bench;
  const findings = examine(spec, initialWeights(spec, study.seed), convertOptions(study));
  const refused = findings.filter(({ severity }) => severity === 'refused');
  if (refused.length === 0) {
    announce(bench, findings);
    return;
  }
  throw new UnsupportedError(
    `network "${spec.name}" cannot be converted to spikes; leave "converted" out of what is compared, or change this:\n${linesOf(refused).join('\n')}`,
  );
}

/**
 * Scales measured on calibration samples, folded into the weights. Throws ConversionRefusal for a layer that has no spiking
 * equivalent.
 */
export async function convertStage(bench: Workbench, weights: Weights): Promise<Conversion> {
  const { study, backend, spec, progress, signal } = bench;
  const { mode, perChannel, offsetTimesteps } = study.convert;
  const findings = examine(spec, weights, convertOptions(study));
  const calibration = calibrationOf(bench);
  progress.begin('Convert ANN', calibration.samples, 'images');
  const scales = await (perChannel ? calibrateChannels : calibrate)(backend, spec, weights, calibration, {
    ...calibrateOptions(study),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (done) => progress.update(done),
  });
  const plain = convertNetwork(spec, weights, scales, convertOptions(study));
  const converted =
    offsetTimesteps === null
      ? plain
      : await calibrateOffsets(backend, plain, calibration, {
          timesteps: offsetTimesteps,
          ...(signal === undefined ? {} : { signal }),
        });
  const by = study.activation.kind === 'quantized' ? 'learned ceilings, the output' : 'scales';
  progress.end(`${by} by ${mode}${perChannel ? ', one a channel,' : ''} over ${calibration.samples} training images`);
  return { ...converted, scales, calibrationSamples: calibration.samples, findings, source: weights };
}

/** How the study's converted network is read at T steps: by the sum of its outputs. */
export const convertedReading = ({ convert }: Workbench['study'], timesteps: number): Reading => ({
  kind: 'converted',
  timesteps,
  encoder: convert.encoder,
  decoder: convert.output === 'spikes' ? 'spike-count' : 'last-membrane',
});

/**
 * The converted network beside its ANN, layer by layer; undefined if the study asks for none. On validation samples where there are
 * any, so that choosing among fixes does not look at the test set.
 */
async function diagnose(bench: Workbench, conversion: Conversion): Promise<ConversionDiagnosis | undefined> {
  const { study, backend, data, spec, progress, signal } = bench;
  if (study.doctor.samples === 0) return undefined;
  const timesteps = study.doctor.timesteps ?? Math.max(...study.convert.timesteps);
  const dataset = data.validation.samples > 0 ? data.validation : data.test;
  const samples = Math.min(study.doctor.samples, dataset.samples);
  progress.begin(`Diagnose T=${timesteps}`, samples, 'images');
  const fixes = {
    calibration: calibrationOf(bench),
    calibrate: calibrateOptions(study),
    convert: convertOptions(study),
  };
  const diagnosis = await diagnoseConversion(backend, spec, conversion.source, conversion, dataset, {
    ...{ timesteps, samples, encoder: study.convert.encoder },
    ...(study.doctor.fixes ? { fixes } : {}),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (done, total) => progress.update(done, done === total && study.doctor.fixes ? 'trying fixes' : ''),
  });
  progress.end(`ANN and converted network compared on ${samples} images`);
  return diagnosis;
}

/** A row of the record for each T of the study. Each is a run of exactly T steps, so that its counts are those of T steps. */
export async function testConversions(
  bench: Workbench,
  conversion: Conversion,
  ann: SimulationResult,
): Promise<readonly NetworkRecord[]> {
  const { convert } = bench.study;
  const all = [...new Set(convert.timesteps)].sort((a, b) => a - b);
  const runs: { candidate: Omit<Candidate, 'conversion'>; result: SimulationResult }[] = [];
  for (const timesteps of all) {
    const reading = convertedReading(bench.study, timesteps);
    const candidate = {
      name: nameOf(reading),
      spec: conversion.spec,
      weights: conversion.weights,
      reading,
      close: timesteps === all.at(-1),
      ...{ training: null, trainSeconds: null, trainBytes: null },
    };
    runs.push({ candidate, result: await runOnTestSet(bench, candidate) });
  }
  const diagnosis = await diagnose(bench, conversion);
  const longest = runs.at(-1)!.result.accuracyByStep;
  const record = conversionRecord(bench, conversion, ann.accuracy.value, longest);
  const diagnosed = all.includes(diagnosis?.timesteps ?? 0) ? diagnosis!.timesteps : all.at(-1);
  const rows: NetworkRecord[] = [];
  for (const { candidate, result } of runs) {
    const told = diagnosis !== undefined && candidate.reading.timesteps === diagnosed ? { diagnosis } : {};
    rows.push(await describeNetwork(bench, { ...candidate, ...told, conversion: record }, result));
  }
  return rows;
}

const mean = (scale: number | readonly number[]): number =>
  typeof scale === 'number' ? scale : scale.reduce((sum, value) => sum + value, 0) / scale.length;

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
    scales: [...conversion.scales].map(([layer, scale]) => ({ layer, scale: mean(scale) })),
    halfThreshold,
    steps: conversion.steps,
    findings: conversion.findings,
    annAccuracy,
    smallestTimesteps: smallestTimesteps(accuracyByStep, annAccuracy, tolerance),
    tolerance,
  };
}
