// `spikewatt crossover`: at what spike rate and T a spiking network takes less than the ANN on this machine.

import type { Command } from 'commander';
import { joinPath, writeFileAtomic } from '#platform';
import { ConfigError } from '../../core/index.ts';
import {
  type CrossoverDocument,
  type CrossoverNetworks,
  crossoverOf,
  type NetworkToMeasure,
} from '../../experiment/index.ts';
import { crossoverHtml, crossoverText } from '../../report/index.ts';
import {
  addMeasureOptions,
  batchesOf,
  type MeasureOptions,
  networksToMeasure,
  number,
  positive,
  stopped,
  trialOptions,
} from '../measure-options.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';

interface CrossoverCommandOptions extends StudyOptions, MeasureOptions {
  readonly study?: string;
  readonly of?: string;
  readonly steps?: string;
  readonly rates?: string;
  readonly energy?: boolean;
}

/** Adds `crossover`. */
export function addCrossoverCommand(program: Command, session: Session): void {
  const command = program
    .command('crossover')
    .description('at what spike rate and T a spiking network takes less time than the ANN on this machine')
    .argument(
      '<networks...>',
      'a finished run (id, folder), or .safetensors files: a spiking network, an ANN, or one of each',
    )
    .option('--of <kind>', 'of a run: snn or converted; default snn, if it has one')
    .option('--steps <list>', "time steps, as 1,4,16; default the network's own, a half, a quarter, and 1")
    .option('--rates <list>', 'spikes a hidden neuron and step in per cent; default 1,3,10,25,50')
    .option('--energy', 'windows long enough for a meter: minutes for each point, at one T and three rates');
  addMeasureOptions(command, { seconds: 'default 0.06, with --energy 10 or 100 periods of the meter', trials: 5 });
  addStudyOptions(command, { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], _, self: Command) => {
      const options: CrossoverCommandOptions = self.optsWithGlobals();
      const asked = {
        ...{ batches: batchesOf(options.batch), trials: trialOptions(options), onnx: options.onnx },
        ...(options.steps === undefined ? {} : { timesteps: stepsOf(options.steps) }),
        ...(options.rates === undefined ? {} : { rates: ratesOf(options.rates) }),
        energy: options.energy === true,
      };
      const { networks, base, run } = await networksToMeasure(paths, options);
      const study = await readStudy(options.study, options, base);
      const hooks = { progress: progressOf(session, options), signal: session.signal };
      const result = await stopped(() => crossoverOf(study, chosen(networks, options.of), { ...asked, ...hooks }));
      const files = await writeFiles(result, options.out ?? run?.folder);
      const { width, color } = session.terminal;
      printResult(session, options, { ...result, files }, () =>
        [crossoverText(result.crossover, { width, color }), ...files.map((file) => `Written: ${file}`)].join('\n'),
      );
    });
}

const EXAMPLES = `
Examples:
  spikewatt crossover runs/mine                           about a minute; table and figure go to runs/mine/crossover.html
  spikewatt crossover runs/mine --of converted --steps 4,16,64 --rates 1,5,20
  spikewatt crossover a/snn.safetensors --batch 1 --threads 1 --out results
  spikewatt crossover runs/mine --energy                  where there is a meter (spikewatt doctor)
One thread unless --threads says more. Rates are set by the thresholds of the hidden layers; layers, inputs and encoder stay the
network's own. A network given without its partner is read both ways. docs/measuring.md says how it is measured.`;

/** The networks to be compared. Throws ConfigError for what is not there, or more than one of a kind. */
function chosen(networks: readonly NetworkToMeasure[], of: string | undefined): CrossoverNetworks {
  if (of !== undefined && of !== 'snn' && of !== 'converted')
    throw new ConfigError('--of', `got "${of}", expected snn or converted`);
  const kinds = (kind: string): readonly NetworkToMeasure[] =>
    networks.filter(({ file }) => file.reading.kind === kind);
  const [anns, trained, converted] = [kinds('ann'), kinds('snn'), kinds('converted')];
  const spiking = of === 'converted' ? converted : of === 'snn' || trained.length > 0 ? trained : converted;
  if (of !== undefined && spiking.length === 0)
    throw new ConfigError('--of', `got ${of}, but there is no such network`);
  if (anns.length > 1 || spiking.length > 1)
    throw new ConfigError(
      'networks',
      `got ${anns.length} ANNs and ${spiking.length} spiking networks, expected at most one of each`,
    );
  return { ...(anns[0] && { ann: anns[0] }), ...(spiking[0] && { snn: spiking[0] }) };
}

function stepsOf(list: string): readonly number[] {
  return ascending(list.split(',').map((text) => positive('--steps', text)));
}

function ratesOf(list: string): readonly number[] {
  const rates = list.split(',').map((text) => number('--rates', text) / 100);
  const wrong = rates.find((rate) => !(rate > 0 && rate <= 1));
  if (wrong !== undefined)
    throw new ConfigError('--rates', `got ${100 * wrong}, expected per cent above 0 and up to 100`);
  return ascending(rates);
}

const ascending = (values: readonly number[]): readonly number[] => [...new Set(values)].sort((a, b) => a - b);

async function writeFiles(result: CrossoverDocument, folder: string | undefined): Promise<readonly string[]> {
  if (folder === undefined) return [];
  const [json, page] = [joinPath(folder, 'crossover.json'), joinPath(folder, 'crossover.html')];
  const drawn = await crossoverHtml(result.crossover, result.environment.cpu);
  await writeFileAtomic(json, `${JSON.stringify(result, null, 1)}\n`);
  await writeFileAtomic(page, drawn);
  return [json, page];
}
