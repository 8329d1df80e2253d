// `spikewatt networks`: the networks there are by name, and what one of them is made of.

import type { Command } from 'commander';
import { ConfigError } from '../../core/index.ts';
import { didYouMean, type NetworkSummary, summariseSpec } from '../../experiment/index.ts';
import {
  describePreset,
  PRESET_LIST,
  PRESETS,
  type PresetDescription,
  type PresetOptions,
  preset,
} from '../../model/index.ts';
import { networkDetails, networkList } from '../networks-text.ts';
import { printResult, type Session } from '../session.ts';
import type { GlobalOptions } from '../study-options.ts';

interface NetworksOptions extends GlobalOptions {
  readonly input?: string;
  readonly classes?: string;
  readonly batchNorm?: boolean;
}

/** Adds `networks`. */
export function addNetworksCommand(program: Command, session: Session): void {
  program
    .command('networks')
    .description('networks by name: where each comes from, its layers, shapes, parameters, multiplications')
    .argument('[name]', 'one of them, layer by layer')
    .option('--input <shape>', 'another shape of a sample, as 32,32,3')
    .option('--classes <n>', 'another number of classes')
    .option('--batch-norm', 'with a batch norm after every convolution')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, _, self: Command) => {
      const options: NetworksOptions = self.optsWithGlobals();
      const { width, color } = session.terminal;
      if (name === undefined) {
        const all = PRESET_LIST.map((about) => ({ about, summary: summariseSpec(preset(about.name)) }));
        printResult(session, options, { networks: all.map(documentOf) }, () => networkList(all, { width, color }));
        return;
      }
      checkName(name);
      const about = describePreset(name);
      const summary = summariseSpec(preset(name, presetOptions(options)));
      const document = { ...documentOf({ about, summary }), layers: summary.layers };
      printResult(session, options, document, () => networkDetails(about, summary, { width, color }));
    });
}

const EXAMPLES = `
Examples:
  spikewatt networks                                 all of them
  spikewatt networks vgg16                           source, notes, and every layer
  spikewatt networks vgg16-cifar --batch-norm --classes 100
  spikewatt compare --network cifar-five-layer --data cifar10 --download`;

function checkName(name: string): void {
  if (PRESETS.includes(name)) return;
  const hint = didYouMean(name, PRESETS) || ';';
  throw new ConfigError('networks', `no network "${name}"${hint} networks: ${PRESETS.join(', ')}`);
}

function presetOptions({ input, classes, batchNorm }: NetworksOptions): PresetOptions {
  return {
    ...(input === undefined ? {} : { input: input.split(',').map((text) => whole('--input', text, input)) }),
    ...(classes === undefined ? {} : { classes: whole('--classes', classes, classes) }),
    ...(batchNorm === true ? { batchNorm: true } : {}),
  };
}

function whole(flag: string, text: string, written: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ConfigError(flag, `got ${written}, expected whole numbers of at least 1, as in --input 32,32,3`);
}

const documentOf = ({ about, summary }: { about: PresetDescription; summary: NetworkSummary }) => ({
  ...about,
  input: summary.input,
  parameters: summary.parameters,
  macs: summary.macs,
});
