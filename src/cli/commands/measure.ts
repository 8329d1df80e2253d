// `spikewatt measure`: trained networks side by side on this machine.

import type { Command } from 'commander';
import { joinPath, writeFileAtomic } from '#platform';
import { type MeasuredNetworks, measuredDocument, measuredRecord, measureNetworks } from '../../experiment/index.ts';
import { measuredText } from '../../report/index.ts';
import { readRecord, writeRecord } from '../../store/index.ts';
import type { AttackedRun } from '../attacked-networks.ts';
import {
  addMeasureOptions,
  batchesOf,
  type MeasureOptions,
  networksToMeasure,
  stopped,
  trialOptions,
} from '../measure-options.ts';
import { refuseOtherStudy } from '../own-study.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';
import { writeReports } from '../write-reports.ts';

interface MeasureCommandOptions extends StudyOptions, MeasureOptions {
  readonly study?: string;
}

/** Adds `measure`. */
export function addMeasureCommand(program: Command, session: Session): void {
  const command = program
    .command('measure')
    .description('time, CPU time, memory and energy of trained networks side by side on this machine, and their ratios')
    .argument('<networks...>', 'a finished run (id, folder), or .safetensors files');
  addMeasureOptions(command, { seconds: 'default 1, where there is a meter 10 or 100 of its periods', trials: 10 });
  addStudyOptions(command, { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], _, self: Command) => {
      const options: MeasureCommandOptions = self.optsWithGlobals();
      const asked = { batches: batchesOf(options.batch), trials: trialOptions(options), onnx: options.onnx };
      const { networks, base, run } = await networksToMeasure(paths, options);
      const study = await readStudy(options.study, options, base);
      const kept = options.out === undefined ? run : undefined;
      if (kept !== undefined) refuseOtherStudy(study, await readStudy(undefined, {}, base), ['robustness', 'seed']);
      const measured = await stopped(() =>
        measureNetworks(study, networks, { ...asked, progress: progressOf(session, options), signal: session.signal }),
      );
      const files = await writeFiles(measured, options.out, kept);
      const document = measuredDocument(measured, { run: kept?.record.id ?? null, files });
      printResult(session, options, document, () => [...textOf(measured, session), ...written(files)].join('\n'));
    });
}

const EXAMPLES = `
Examples:
  spikewatt measure runs/mine                        ANN, SNN and conversion; the result goes into the run's record and report
  spikewatt measure runs/mine --at 20 --batch 1
  spikewatt measure a/ann.safetensors b/snn.safetensors --seconds 10 --trials 20 --out results
  spikewatt measure runs/mine --threads 1 --json
Networks take turns, so that what slows the machine meets all; a trial during which other processes worked is dropped. Where no meter
of energy can be read, the column says so (spikewatt doctor says why). docs/measuring.md explains each step.`;

/** Into `out` if given, and the run is left alone; else into the run: its folder, its record, its reports. */
async function writeFiles(
  measured: MeasuredNetworks,
  out: string | undefined,
  run: AttackedRun | undefined,
): Promise<readonly string[]> {
  const folder = out ?? run?.folder;
  if (folder === undefined) return [];
  const file = joinPath(folder, 'measured.json');
  await writeFileAtomic(file, `${JSON.stringify(measured, null, 1)}\n`);
  return run === undefined ? [file] : [file, ...(await keepInRun(run.folder, measured))];
}

/** The record is read again: measuring took minutes, and something else may have been added to it meanwhile. */
async function keepInRun(folder: string, measured: MeasuredNetworks): Promise<readonly string[]> {
  const path = await writeRecord(folder, { ...(await readRecord(folder)), measured: measuredRecord(measured) });
  return [path, ...(await writeReports(folder, await readRecord(path)))];
}

function written(files: readonly string[]): readonly string[] {
  const report = files.find((file) => file.endsWith('.html'));
  if (files.length === 0) return [];
  return ['', `Result: ${files[0]}`, ...(report === undefined ? [] : [`Report: ${report}`])];
}

function textOf({ contests, onnx }: MeasuredNetworks, { terminal: { width, color } }: Session): readonly string[] {
  return [
    contests.map((contest) => measuredText(contest, { width, color })).join('\n\n'),
    ...(onnx.startsWith('ONNX Runtime') ? [] : [`ANN in ONNX Runtime: ${onnx}.`]),
  ];
}
