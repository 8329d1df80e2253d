// The options of commands that measure on this machine, and the networks they are pointed at.

import type { Command } from 'commander';
import { joinPath } from '#platform';
import { ConfigError, InterruptedError, seconds } from '../core/index.ts';
import type { NetworkToMeasure } from '../experiment/index.ts';
import type { RunRecord } from '../store/index.ts';
import type { BatchChoice } from '../timing/index.ts';
import type { TrialOptions } from '../trials/index.ts';
import { type AttackedRun, findFinishedRun, meansRun, networksOfFiles, networksOfRun } from './attacked-networks.ts';
import { RUNS_FOLDER } from './commands/runs.ts';
import { layerOf, studyBeside } from './network-files.ts';
import type { GlobalOptions } from './study-options.ts';

export interface MeasureOptions {
  readonly runs: string;
  readonly batch: string;
  readonly seconds?: string;
  readonly trials?: string;
  readonly idle?: string;
  readonly others?: string;
  readonly at?: string;
  readonly onnx: boolean;
}

/** Adds the options; `seconds` and `trials` say what is taken where nothing is given. */
export function addMeasureOptions(
  command: Command,
  { seconds: window, trials }: { readonly seconds: string; readonly trials: number },
): Command {
  return command
    .option('--runs <folder>', 'where runs are kept', RUNS_FOLDER)
    .option('--batch <list>', 'images at once: numbers, or best for each its own', '1,best')
    .option('--seconds <s>', `of a trial; ${window}`)
    .option('--trials <n>', `of each network; default ${trials}`)
    .option('--idle <s>', 'idle before and after, where a meter is read; default 30')
    .option('--others <share>', 'CPU time of other processes that spoils a trial, as a share of its own; default 0.2')
    .option('--at <T>', 'time steps of the converted network; default the fewest that are as accurate as the ANN')
    .option('--no-onnx', 'do not time the ANN in ONNX Runtime too');
}

export interface NetworksToMeasure {
  readonly networks: readonly NetworkToMeasure[];
  readonly base: Awaited<ReturnType<typeof studyBeside>>;
  /** Where the result goes. */
  readonly run?: AttackedRun;
}

/** Networks of a run or of files, with the accuracy that a record tells. Throws ConfigError, DataError. */
export async function networksToMeasure(
  paths: readonly string[],
  { runs, at }: Pick<MeasureOptions, 'runs' | 'at'>,
): Promise<NetworksToMeasure> {
  if (!meansRun(paths)) return { networks: await networksOfFiles(paths), base: await studyBeside(paths[0]!) };
  const run = await findFinishedRun(paths[0]!, runs);
  const timesteps = at === undefined ? null : positive('--at', at);
  const networks = await networksOfRun(run, { convertedTimesteps: timesteps });
  return {
    networks: networks.map((network) => ({ ...network, ...accuracyIn(run.record, network.name) })),
    base: layerOf(run.record, joinPath(run.folder, 'record.json')),
    run,
  };
}

function accuracyIn({ networks }: RunRecord, wanted: string): { readonly accuracy?: number } {
  const found = networks.find(({ name }) => name === wanted);
  return found === undefined ? {} : { accuracy: found.accuracy.value };
}

/** Throws ConfigError. */
export function batchesOf(list: string): readonly BatchChoice[] {
  return list.split(',').map((text) => (text.trim() === 'best' ? 'best' : positive('--batch', text)));
}

/** Only what is given; throws ConfigError. */
export function trialOptions({
  seconds: window,
  trials,
  idle,
  others,
  seed,
}: MeasureOptions & GlobalOptions): TrialOptions {
  return {
    ...(window === undefined ? {} : { window: seconds(number('--seconds', window)) }),
    ...(trials === undefined ? {} : { trials: positive('--trials', trials) }),
    ...(idle === undefined ? {} : { idle: seconds(number('--idle', idle)) }),
    ...(others === undefined ? {} : { others: number('--others', others) }),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}

export function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ConfigError(
    flag,
    `got "${text}", expected whole numbers from 1 on${flag === '--batch' ? ', or best' : ''}`,
  );
}

export function number(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new ConfigError(flag, `got "${text}", expected a number from 0 on`);
}

/** An interrupted measurement leaves everything as it was. */
export async function stopped<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedError('stopped; nothing was written, and the same command starts again', { cause: error });
  }
}
