// `spikewatt train`: one network of a study.

import { type Command, Option } from 'commander';
import { joinPath } from '#platform';
import { compareInFolder, summariseNetwork, type TrainedKind } from '../../experiment/index.ts';
import { describeNetworkText } from '../network-text.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';
import { writeReports } from '../write-reports.ts';

interface TrainCommandOptions extends StudyOptions {
  readonly as: TrainedKind;
}

/** Adds `train`. */
export function addTrainCommand(program: Command, session: Session): void {
  const command = program
    .command('train')
    .description('train one network of a study and test it; its weights are kept in the run folder')
    .addOption(new Option('--as <kind>', 'train it as an ANN or as an SNN').choices(['ann', 'snn']).default('snn'));
  addStudyOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (path: string | undefined, _, self: Command) => {
      const options: TrainCommandOptions = self.optsWithGlobals();
      const study = { ...(await readStudy(path, options)), compare: [options.as] };
      const { record, folder } = await compareInFolder(study, {
        progress: progressOf(session, options),
        signal: session.signal,
      });
      await writeReports(folder.path, record);
      await folder.finish();
      const weights = joinPath(folder.path, `${options.as}.safetensors`);
      const [network] = record.networks;
      printResult(session, options, { ...summariseNetwork(network!), weights, warnings: record.warnings }, () =>
        [
          describeNetworkText(network!),
          ...record.warnings.map((warning) => `! ${warning}`),
          `Weights: ${weights}`,
        ].join('\n'),
      );
    });
}

const EXAMPLES = `
Examples:
  spikewatt train --as ann --out runs/ann
  spikewatt train my-study.yaml --as snn --epochs 3
Stopped, it goes on when it is started again with the same study and --out.`;
