// `spikewatt measure`: trained networks side by side on this machine.

import type { Command } from 'commander';
import { joinPath, writeFileAtomic } from '#platform';
import { ConfigError, InterruptedError, seconds } from '../../core/index.ts';
import { type MeasuredNetworks, measureNetworks, type NetworkToMeasure } from '../../experiment/index.ts';
import { measuredText } from '../../report/index.ts';
import type { RunRecord } from '../../store/index.ts';
import type { BatchChoice } from '../../timing/index.ts';
import type { TrialOptions } from '../../trials/index.ts';
import { findFinishedRun, meansRun, networksOfFiles, networksOfRun } from '../attacked-networks.ts';
import { layerOf, studyBeside } from '../network-files.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';
import { RUNS_FOLDER } from './runs.ts';

interface MeasureCommandOptions extends StudyOptions {
  readonly study?: string;
  readonly runs: string;
  readonly batch: string;
  readonly seconds?: string;
  readonly trials?: string;
  readonly idle?: string;
  readonly others?: string;
  readonly at?: string;
  readonly onnx: boolean;
}

/** Adds `measure`. */
export function addMeasureCommand(program: Command, session: Session): void {
  const command = program
    .command('measure')
    .description('time, CPU time, memory and energy of trained networks side by side on this machine, and their ratios')
    .argument('<networks...>', 'a finished run (id, folder), or .safetensors files')
    .option('--runs <folder>', 'where runs are kept', RUNS_FOLDER)
    .option('--batch <list>', 'images at once: numbers, or best for each its own', '1,best')
    .option('--seconds <s>', 'of a trial; default 1, where there is a meter 10 or 100 of its periods')
    .option('--trials <n>', 'of each network; default 10')
    .option('--idle <s>', 'idle before and after, where there is a meter; default 30')
    .option('--others <share>', 'CPU time of other processes that spoils a trial, as a share of its own; default 0.2')
    .option('--at <T>', 'time steps of the converted network')
    .option('--no-onnx', 'do not time the ANN in ONNX Runtime too');
  addStudyOptions(command, { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], _, self: Command) => {
      const options: MeasureCommandOptions = self.optsWithGlobals();
      const asked = { batches: batchesOf(options.batch), trials: trialOptions(options), onnx: options.onnx };
      const { networks, base, folder } = await networksToMeasure(paths, options);
      const study = await readStudy(options.study, options, base);
      const measured = await stopped(() =>
        measureNetworks(study, networks, { ...asked, progress: progressOf(session, options), signal: session.signal }),
      );
      const out = options.out ?? folder;
      const file = out === undefined ? undefined : joinPath(out, 'measured.json');
      if (file !== undefined) await writeFileAtomic(file, `${JSON.stringify(measured, null, 1)}\n`);
      printResult(session, options, withoutTrials(measured, file), () =>
        [...textOf(measured, session), ...(file === undefined ? [] : ['', `Result: ${file}`])].join('\n'),
      );
    });
}

const EXAMPLES = `
Examples:
  spikewatt measure runs/mine                        ANN, SNN and conversion; the result goes to runs/mine/measured.json
  spikewatt measure runs/mine --at 20 --batch 1
  spikewatt measure a/ann.safetensors b/snn.safetensors --seconds 10 --trials 20 --out results
  spikewatt measure runs/mine --threads 1 --json
Networks take turns, so that what slows the machine meets all; a trial during which other processes worked is dropped. Where no meter
of energy can be read, the column says so (spikewatt doctor says why). docs/measuring.md explains each step.`;

interface Named {
  readonly networks: readonly NetworkToMeasure[];
  readonly base: Awaited<ReturnType<typeof studyBeside>>;
  /** Of the run, where the result goes. */
  readonly folder?: string;
}

/** Networks of a run or of files, with the accuracy that a record tells. Throws ConfigError, DataError. */
export async function networksToMeasure(
  paths: readonly string[],
  { runs, at }: Pick<MeasureCommandOptions, 'runs' | 'at'>,
): Promise<Named> {
  if (!meansRun(paths)) return { networks: await networksOfFiles(paths), base: await studyBeside(paths[0]!) };
  const run = await findFinishedRun(paths[0]!, runs);
  const timesteps = at === undefined ? null : positive('--at', at);
  const networks = await networksOfRun(run, { convertedTimesteps: timesteps });
  return {
    networks: networks.map((network) => ({ ...network, ...accuracyIn(run.record, network.name) })),
    base: layerOf(run.record, joinPath(run.folder, 'record.json')),
    folder: run.folder,
  };
}

function accuracyIn({ networks }: RunRecord, wanted: string): { readonly accuracy?: number } {
  const found = networks.find(({ name }) => name === wanted);
  return found === undefined ? {} : { accuracy: found.accuracy.value };
}

function batchesOf(list: string): readonly BatchChoice[] {
  return list.split(',').map((text) => (text.trim() === 'best' ? 'best' : positive('--batch', text)));
}

function trialOptions({ seconds: window, trials, idle, others, seed }: MeasureCommandOptions): TrialOptions {
  return {
    ...(window === undefined ? {} : { window: seconds(number('--seconds', window)) }),
    ...(trials === undefined ? {} : { trials: positive('--trials', trials) }),
    ...(idle === undefined ? {} : { idle: seconds(number('--idle', idle)) }),
    ...(others === undefined ? {} : { others: number('--others', others) }),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ConfigError(
    flag,
    `got "${text}", expected whole numbers from 1 on${flag === '--batch' ? ', or best' : ''}`,
  );
}

function number(flag: string, text: string): number {
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

/** For `--json`: without the single trials, which are in the file. */
const withoutTrials = ({ contests, ...others }: MeasuredNetworks, file: string | undefined) => ({
  ...others,
  contests: contests.map(({ result: { trials: _, ...result }, ...contest }) => ({ ...contest, result })),
  file: file ?? null,
});

function textOf({ contests, onnx }: MeasuredNetworks, { terminal: { width, color } }: Session): readonly string[] {
  return [
    contests.map((contest) => measuredText(contest, { width, color })).join('\n\n'),
    ...(onnx.startsWith('ONNX Runtime') ? [] : [`ANN in ONNX Runtime: ${onnx}.`]),
  ];
}
