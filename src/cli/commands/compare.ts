// `spikewatt compare`: the main job.

import type { Command } from 'commander';
import { ConfigError } from '../../core/index.ts';
import { compareInFolder, type Study, studyPresets, summariseRecord, unfinishedStudy } from '../../experiment/index.ts';
import { ROBUSTNESS_ON } from '../attack-options.ts';
import { describeRun } from '../run-text.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions, settingsGiven } from '../study-options.ts';
import { writeReports } from '../write-reports.ts';

interface CompareOptions extends StudyOptions {
  readonly resume?: string;
  readonly robustness?: boolean;
}

/** Adds `compare`. */
export function addCompareCommand(program: Command, session: Session): void {
  const command = program
    .command('compare')
    .description('train, convert, run, count and price the networks of a study, side by side')
    .option('--resume <folder>', 'go on with the unfinished run in this folder')
    .option('--robustness', 'noise, faults and attacks on the networks, too');
  addStudyOptions(command)
    .addHelpText('after', presetsAndExamples())
    .action(async (path: string | undefined, _, self: Command) => {
      const options: CompareOptions = self.optsWithGlobals();
      const study = await chooseStudy(path, options);
      await compareAndPrint(session, study, options);
    });
}

const presetsAndExamples = (): string => `
Presets:
${studyPresets.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n')}

Examples:
  spikewatt compare                                  the default study, two minutes at most
  spikewatt compare --quick --json > result.json     a short one, as JSON
  spikewatt compare --preset mlp-256-256 --epochs 5  a preset, shortened
  spikewatt compare my-study.yaml --out runs/mine    a study file, kept in a folder of its own
  spikewatt compare --set training.snn.loss.kind=mse-count --set timesteps=10
  spikewatt compare --preset robustness-mnist        noise and attacks, ANN against SNN
  spikewatt compare --resume runs/mine               go on after an interruption`;

async function chooseStudy(path: string | undefined, options: CompareOptions): Promise<Study> {
  const own = options.robustness === true ? [ROBUSTNESS_ON] : [];
  if (options.resume === undefined) return readStudy(path, options, undefined, own);
  const written = own.map((override) => override.written);
  const [given] = [...(path === undefined ? [] : [path]), ...written, ...settingsGiven(options)];
  if (given !== undefined) {
    throw new ConfigError('--resume', `goes on with the study of that run as it is; leave out "${given}"`);
  }
  const study = await unfinishedStudy(options.resume);
  return options.threads === undefined ? study : { ...study, threads: threadsOf(options.threads) };
}

function threadsOf(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new ConfigError('--threads', `got ${text}, expected a whole number of at least 1`);
}

async function compareAndPrint(session: Session, study: Study, options: CompareOptions): Promise<void> {
  const { record, folder } = await compareInFolder(study, {
    progress: progressOf(session, options),
    signal: session.signal,
  });
  const files = await writeReports(folder.path, record);
  await folder.finish();
  const report = files.find((file) => file.endsWith('.html'));
  printResult(session, options, summariseRecord(record), () =>
    ['', describeRun(record, session.terminal), '', `Report: ${report}`].join('\n'),
  );
}
