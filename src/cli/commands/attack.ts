// `spikewatt attack`: noise, faults and attacks on networks that were trained before.

import type { Command } from 'commander';
import { joinPath, writeFileAtomic } from '#platform';
import { ConfigError, InterruptedError } from '../../core/index.ts';
import {
  type AttackDocument,
  attackNetworks,
  type NamedNetwork,
  type Study,
  summariseRobustness,
} from '../../experiment/index.ts';
import type { RobustnessResult } from '../../robustness/index.ts';
import { readRecord, writeRecord } from '../../store/index.ts';
import { type AttackOptions, addAttackOptions, attackOverrides } from '../attack-options.ts';
import { type AttackedRun, findFinishedRun, meansRun, networksOfFiles, networksOfRun } from '../attacked-networks.ts';
import { layerOf, studyBeside } from '../network-files.ts';
import { refuseOtherStudy } from '../own-study.ts';
import { robustnessText } from '../robustness-text.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';
import { writeReports } from '../write-reports.ts';
import { RUNS_FOLDER } from './runs.ts';

interface AttackCommandOptions extends StudyOptions, AttackOptions {
  readonly study?: string;
  readonly runs: string;
  readonly only?: string;
  readonly quick?: boolean;
}

/** Adds `attack`. */
export function addAttackCommand(program: Command, session: Session): void {
  const command = program
    .command('attack')
    .description('accuracy of trained networks under noise, faults and attacks, with checks of the attacks themselves')
    .argument('<networks...>', 'a finished run (id, folder), or .safetensors files')
    .option('--runs <folder>', 'where runs are kept', RUNS_FOLDER)
    .option('--only <kinds>', 'of the networks of a run, as ann,snn');
  addStudyOptions(addAttackOptions(command), { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], _, self: Command) => {
      const options: AttackCommandOptions = self.optsWithGlobals();
      if (meansRun(paths)) await attackRun(session, paths[0]!, options);
      else await attackFiles(session, paths, options);
    });
}

const EXAMPLES = `
Examples:
  spikewatt attack runs/mine                              all of it; the result goes into the run's record and report
  spikewatt attack runs/mine --quick                      on 200 images, at few sizes
  spikewatt attack runs/mine --only ann,snn               without the conversion
  spikewatt attack runs/mine --no-noise --no-faults --epsilon 0:0.3:0.05
  spikewatt attack runs/mine --noise gaussian,blur --no-attacks --samples 500
  spikewatt attack runs/a/ann.safetensors runs/b/snn.safetensors --norm l2 --json
  spikewatt attack runs/mine --set robustness.noise.levels.gaussian=[0,0.1,0.2]
Data and settings are those of the run, unless options say otherwise. A result that tripped an alarm says so: it is not evidence
of robustness.`;

/** The study with the section that options ask for, over `base`; without what `--quick` changes in training and data. */
function readAttackStudy(options: AttackCommandOptions, base: Parameters<typeof readStudy>[2]): Promise<Study> {
  return readStudy(options.study, { ...options, quick: false }, base, attackOverrides(options));
}

async function attackRun(session: Session, path: string, options: AttackCommandOptions): Promise<void> {
  const run = await findFinishedRun(path, options.runs);
  const layer = layerOf(run.record, joinPath(run.folder, 'record.json'));
  const study = await readAttackStudy(options, layer);
  refuseOtherStudy(study, await readStudy(undefined, {}, layer), ['robustness']);
  const { convertedTimesteps } = study.robustness!;
  const only = options.only?.split(',').map((kind) => kind.trim());
  const networks = await networksOfRun(run, { convertedTimesteps, ...(only && { only }) });
  const robustness = await attacked(session, study, networks, options);
  const files = await keepInRun(run, study, robustness, options.out ?? run.folder);
  printAttack(session, options, { run: run.record.id, networks, robustness, files });
}

async function keepInRun(run: AttackedRun, study: Study, robustness: RobustnessResult, folder: string) {
  const told = { ...run.record.study, robustness: study.robustness };
  const path = await writeRecord(folder, { ...run.record, study: told, robustness });
  return [path, ...(await writeReports(folder, await readRecord(path)))];
}

async function attackFiles(session: Session, paths: readonly string[], options: AttackCommandOptions): Promise<void> {
  if (options.only !== undefined)
    throw new ConfigError('--only', `picks networks of a run, got ${paths.length} files; give those files alone`);
  const networks = await networksOfFiles(paths);
  const study = await readAttackStudy(options, await studyBeside(paths[0]!));
  const robustness = await attacked(session, study, networks, options);
  const files = options.out === undefined ? [] : [await writeResult(options.out, study, networks, robustness)];
  printAttack(session, options, { run: null, networks, robustness, files });
}

async function writeResult(
  folder: string,
  study: Study,
  networks: readonly NamedNetwork[],
  robustness: RobustnessResult,
): Promise<string> {
  const path = joinPath(folder, 'robustness.json');
  const document = {
    ...{ format: 'spikewatt-robustness', version: 1, study },
    ...{ networks: networks.map(({ name, path }) => ({ name, path })), robustness },
  };
  await writeFileAtomic(path, `${JSON.stringify(document)}\n`);
  return path;
}

/** An interrupted attack leaves everything as it was. */
async function attacked(
  session: Session,
  study: Study,
  networks: readonly NamedNetwork[],
  options: AttackCommandOptions,
): Promise<RobustnessResult> {
  try {
    return await attackNetworks(study, networks, { progress: progressOf(session, options), signal: session.signal });
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedError('stopped; nothing was written, and the same command starts again', { cause: error });
  }
}

interface Attack extends Pick<AttackDocument, 'run' | 'files'> {
  readonly networks: readonly NamedNetwork[];
  readonly robustness: RobustnessResult;
}

function printAttack(session: Session, options: AttackCommandOptions, attack: Attack): void {
  const { run, networks, robustness, files } = attack;
  const document: AttackDocument = {
    ...{ format: 'spikewatt-attack', version: 1, run },
    networks: networks.map(({ name, path }) => ({ name, path })),
    robustness: summariseRobustness(robustness),
    files,
  };
  printResult(session, options, document, () =>
    [robustnessText(robustness, session.terminal), ...written(files)].join('\n'),
  );
}

function written(files: readonly string[]): readonly string[] {
  const shown = files.find((file) => file.endsWith('.html')) ?? files[0];
  return shown === undefined ? [] : ['', `${shown.endsWith('.html') ? 'Report' : 'Result'}: ${shown}`];
}
