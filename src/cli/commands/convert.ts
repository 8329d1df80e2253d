// `spikewatt convert`: a trained ANN to spikes.

import type { Command } from 'commander';
import { joinPath, writeFileAtomic } from '#platform';
import { type ConvertedFile, convertFile, type Study, summariseNetwork } from '../../experiment/index.ts';
import { diagnosisText, findingsText } from '../../report/index.ts';
import { encodeNetworkFile } from '../../store/index.ts';
import { locateNetworkFile, readNetworkFile, studyBeside } from '../network-files.ts';
import { conversionText } from '../network-text.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';

interface ConvertCommandOptions extends StudyOptions {
  readonly study?: string;
  readonly explain?: boolean;
}

/** Adds `convert`. */
export function addConvertCommand(program: Command, session: Session): void {
  const command = program
    .command('convert')
    .description('convert a trained ANN to a spiking network and test it at several numbers of time steps')
    .argument('<network>', 'a run folder, or its ann.safetensors')
    .option('--explain', 'say what to expect, how each layer fared, and which change would gain most (tries them)');
  addStudyOptions(command, { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, _, self: Command) => {
      const options: ConvertCommandOptions = self.optsWithGlobals();
      const source = await locateNetworkFile(path, 'ann');
      const file = await readNetworkFile(source, 'ann');
      const study = explained(await readStudy(options.study, options, await studyBeside(source)), options);
      const converted = await convertFile(study, file, {
        progress: progressOf(session, options),
        signal: session.signal,
      });
      const target = joinPath(options.out ?? joinPath(source, '..'), 'converted.safetensors');
      await writeFileAtomic(target, encodeNetworkFile(converted.file));
      printResult(session, options, documentOf(converted, target), () => textOf(converted, target, session, options));
    });
}

const EXAMPLES = `
Examples:
  spikewatt convert runs/mine
  spikewatt convert runs/mine/ann.safetensors --convert-timesteps 4,8,16
  spikewatt convert runs/mine --set convert.mode=max --set convert.halfThreshold=false
  spikewatt convert runs/mine --explain                   what is lost where, and what to do
Data and settings are those of the run that the network lies in, unless options say otherwise.`;

const explained = (study: Study, { explain }: ConvertCommandOptions): Study =>
  explain === true
    ? { ...study, doctor: { ...study.doctor, samples: study.doctor.samples || EXPLAIN_SAMPLES, fixes: true } }
    : study;

/** Samples that layers are compared on where the study asks for no comparison. */
const EXPLAIN_SAMPLES = 200;

function textOf(
  converted: ConvertedFile,
  target: string,
  { terminal }: Session,
  { explain }: ConvertCommandOptions,
): string {
  const text = conversionText(converted, target);
  const { diagnosis, spec } = converted.networks.find((network) => network.diagnosis !== undefined) ?? {};
  if (explain !== true || diagnosis === undefined) return text;
  const { width, color } = terminal;
  const expected = findingsText(converted.conversion.findings, { width, color });
  const found = diagnosisText(diagnosis, { width, color, ...(spec && { spec }) });
  return ['Before converting', expected, '', 'After', found, '', text].join('\n');
}

const documentOf = ({ ann, networks }: ConvertedFile, weights: string) => ({
  annAccuracy: ann.accuracy.value,
  smallestTimesteps: networks[0]?.conversion?.smallestTimesteps ?? null,
  scales: networks[0]?.conversion?.scales ?? [],
  findings: networks[0]?.conversion?.findings ?? [],
  steps: networks[0]?.conversion?.steps ?? [],
  diagnosis: networks.find((network) => network.diagnosis !== undefined)?.diagnosis ?? null,
  networks: networks.map(summariseNetwork),
  weights,
});
