// `spikewatt simulate`: a trained network on the test set.

import type { Command } from 'commander';
import { simulateFile, summariseNetwork } from '../../experiment/index.ts';
import { locateNetworkFile, readNetworkFile, studyBeside, withTimesteps } from '../network-files.ts';
import { describeNetworkText } from '../network-text.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';

interface SimulateCommandOptions extends StudyOptions {
  readonly study?: string;
  readonly timesteps?: string;
}

/** Adds `simulate`. */
export function addSimulateCommand(program: Command, session: Session): void {
  const command = program
    .command('simulate')
    .description('run a trained network on the test set: accuracy by step, activity, counts, energy')
    .argument('<network>', 'a .safetensors file of a run, as runs/mine/snn.safetensors');
  addStudyOptions(command, { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, _, self: Command) => {
      const options: SimulateCommandOptions = self.optsWithGlobals();
      const study = await readStudy(options.study, options, await studyBeside(await locateNetworkFile(path, 'snn')));
      const file = withTimesteps(await readNetworkFile(path, 'snn'), options.timesteps);
      const network = await simulateFile(study, file, {
        progress: progressOf(session, options),
        signal: session.signal,
      });
      printResult(session, options, summariseNetwork(network), () => describeNetworkText(network));
    });
}

const EXAMPLES = `
Examples:
  spikewatt simulate runs/mine/snn.safetensors
  spikewatt simulate runs/mine/converted.safetensors --timesteps 10 --test 1000
  spikewatt simulate runs/mine/snn.safetensors --data my-images/ --json
Data and settings are those of the run that the network lies in, unless options say otherwise.`;
