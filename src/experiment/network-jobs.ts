// Jobs on a network that was trained before: convert it, run it.

import { ConfigError } from '../core/index.ts';
import type { NetworkFile, NetworkRecord } from '../store/index.ts';
import { type Candidate, deployed, nameOf } from './candidate.ts';
import { type Conversion, checkConvertible, convertedReading, convertStage, testConversions } from './convert-stage.ts';
import { describeNetwork, runOnTestSet } from './evaluate-stage.ts';
import type { Study } from './study.ts';
import { type BenchOptions, withWorkbench } from './workbench.ts';

const candidate = (name: string, { spec, weights, reading }: NetworkFile): Candidate => ({
  ...{ name, spec, weights, reading },
  ...{ training: null, trainSeconds: null, trainBytes: null, conversion: null, close: reading.kind !== 'ann' },
});

/** Runs a trained network on the study's test set. Throws ConfigError or ShapeError if it does not fit the data. */
export async function simulateFile(
  study: Study,
  file: NetworkFile,
  options: BenchOptions = {},
): Promise<NetworkRecord> {
  const named = deployed(candidate(nameOf(file.reading), file));
  return withWorkbench(study, { ...options, spec: file.spec }, async (bench) =>
    describeNetwork(bench, named, await runOnTestSet(bench, named)),
  );
}

/** A conversion: its file, the ANN it was made from, and a row for each T. */
export interface ConvertedFile {
  readonly file: NetworkFile;
  readonly conversion: Conversion;
  readonly ann: NetworkRecord;
  readonly networks: readonly NetworkRecord[];
}

/** Converts a trained ANN and tests it at the study's time steps. Throws ConfigError if the file holds no ANN. */
export async function convertFile(study: Study, file: NetworkFile, options: BenchOptions = {}): Promise<ConvertedFile> {
  const { kind } = file.reading;
  if (kind !== 'ann') {
    throw new ConfigError('network', `got a network read as "${kind}", expected an ANN: only that can be converted`);
  }
  return withWorkbench(study, { ...options, spec: file.spec }, async (bench) => {
    checkConvertible(bench);
    const source = deployed(candidate('ANN', file));
    const annRun = await runOnTestSet(bench, source);
    const conversion = await convertStage(bench, file.weights);
    const networks = await testConversions(bench, conversion, annRun);
    const reading = convertedReading(study, Math.max(...study.convert.timesteps));
    const converted = { spec: conversion.spec, weights: conversion.weights, reading };
    return { file: converted, conversion, ann: await describeNetwork(bench, source, annRun), networks };
  });
}
