// `spikewatt profile`: where the time and memory of a trained network go.

import type { Command } from 'commander';
import { pathKind, writeFileAtomic } from '#platform';
import { ConfigError } from '../../core/index.ts';
import { profileFile } from '../../experiment/index.ts';
import { chromeTrace, type Profile } from '../../profile/index.ts';
import { profileHtml, profileText } from '../../report/index.ts';
import { locateNetworkFile, readNetworkFile, studyBeside, withTimesteps } from '../network-files.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';

interface ProfileCommandOptions extends StudyOptions {
  readonly study?: string;
  readonly timesteps?: string;
  readonly trainStep?: boolean;
  readonly batch?: string;
  readonly batches?: string;
  readonly trace?: string;
  readonly html?: string;
}

/** Adds `profile`. */
export function addProfileCommand(program: Command, session: Session): void {
  const command = program
    .command('profile')
    .description('where the time and memory of a trained network go: every kernel against the roof of this machine')
    .argument('<network>', 'a .safetensors file of a run, or a run folder (its SNN, else its ANN)')
    .option('--train-step', 'profile a training step instead of inference')
    .option('--batch <n>', 'samples of a batch; default 128, or that of the training')
    .option('--batches <n>', 'batches timed; default 20')
    .option('--trace <file>', 'write a Chrome trace (ui.perfetto.dev, chrome://tracing)')
    .option('--html <file>', 'write table and figures as one page, as profile.html');
  addStudyOptions(command, { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, _, self: Command) => {
      const options: ProfileCommandOptions = self.optsWithGlobals();
      const kind = await kindIn(path);
      const study = await readStudy(options.study, options, await studyBeside(await locateNetworkFile(path, kind)));
      const file = withTimesteps(await readNetworkFile(path, kind), options.timesteps);
      const job = {
        purpose: options.trainStep === true ? 'train' : 'infer',
        ...wholeOption('batchSize', '--batch', options.batch),
        ...wholeOption('batches', '--batches', options.batches),
      } as const;
      const bench = { progress: progressOf(session, options), signal: session.signal };
      const profile = await profileFile(study, file, job, bench);
      const files = await writeFiles(profile, options);
      const { timeline: _timeline, ...numbers } = profile;
      const document = { format: 'spikewatt-profile', version: 1, ...numbers, files };
      printResult(session, options, document, () =>
        [profileText(profile, session.terminal), ...files.map((file) => `Written: ${file}`)].join('\n'),
      );
    });
}

const EXAMPLES = `
Examples:
  spikewatt profile runs/mine
  spikewatt profile runs/mine/ann.safetensors --train-step --html profile.html
  spikewatt profile runs/mine/snn.safetensors --threads 1 --trace trace.json
Half of the batches run without the probe, so that what it costs is measured too. docs/profiling.md says how to read it.`;

/** A run folder without an SNN is meant for its ANN. */
async function kindIn(path: string): Promise<'ann' | 'snn'> {
  const snn = await locateNetworkFile(path, 'snn');
  return snn === path || (await pathKind(snn)) === 'file' ? 'snn' : 'ann';
}

function wholeOption(key: string, flag: string, text: string | undefined): Readonly<Record<string, number>> {
  if (text === undefined) return {};
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return { [key]: value };
  throw new ConfigError(flag, `got "${text}", expected a whole number of at least 1`);
}

async function writeFiles(profile: Profile, { trace, html }: ProfileCommandOptions): Promise<readonly string[]> {
  const { network, purpose, timeline, batchSize, threads, timesteps } = profile;
  if (trace !== undefined) {
    const about = { network, purpose, timesteps, batchSize, threads };
    await writeFileAtomic(trace, `${JSON.stringify(chromeTrace(timeline, `spikewatt ${network}`, about))}\n`);
  }
  if (html !== undefined) await writeFileAtomic(html, await profileHtml(profile));
  return [trace, html].filter((file) => file !== undefined);
}
