// `spikewatt convert`: a trained ANN to spikes.

import type { Command } from 'commander';
import { joinPath, writeFileAtomic } from '#platform';
import { type ConvertedFile, convertFile, summariseNetwork } from '../../experiment/index.ts';
import { encodeNetworkFile } from '../../store/index.ts';
import { locateNetworkFile, readNetworkFile } from '../network-files.ts';
import { conversionText } from '../network-text.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';

interface ConvertCommandOptions extends StudyOptions {
  readonly study?: string;
}

/** Adds `convert`. */
export function addConvertCommand(program: Command, session: Session): void {
  const command = program
    .command('convert')
    .description('convert a trained ANN to a spiking network and test it at several numbers of time steps')
    .argument('<network>', 'a run folder, or its ann.safetensors');
  addStudyOptions(command, { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, _, self: Command) => {
      const options: ConvertCommandOptions = self.optsWithGlobals();
      const study = await readStudy(options.study, options);
      const source = await locateNetworkFile(path, 'ann');
      const file = await readNetworkFile(source, 'ann');
      const converted = await convertFile(study, file, {
        progress: progressOf(session, options),
        signal: session.signal,
      });
      const target = joinPath(options.out ?? joinPath(source, '..'), 'converted.safetensors');
      await writeFileAtomic(target, encodeNetworkFile(converted.file));
      printResult(session, options, documentOf(converted, target), () => conversionText(converted, target));
    });
}

const EXAMPLES = `
Examples:
  spikewatt convert runs/mine
  spikewatt convert runs/mine/ann.safetensors --convert-timesteps 4,8,16
  spikewatt convert runs/mine --set convert.mode=max --set convert.halfThreshold=false`;

const documentOf = ({ ann, networks }: ConvertedFile, weights: string) => ({
  annAccuracy: ann.accuracy.value,
  smallestTimesteps: networks[0]?.conversion?.smallestTimesteps ?? null,
  scales: networks[0]?.conversion?.scales ?? [],
  networks: networks.map(summariseNetwork),
  weights,
});
