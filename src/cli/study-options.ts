// The options of every command that takes a study: a file, a preset, and settings laid over both.

import { Argument, type Command, Option } from 'commander';
import { readFile } from '#platform';
import {
  DATASET_NAMES,
  loadStudy,
  type Override,
  parseOverrides,
  parseStudyFile,
  type Study,
  type StudyLayer,
} from '../experiment/index.ts';

/** Options that all commands share; commander gives them to each. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly seed?: string;
  readonly threads?: string;
  readonly out?: string;
  readonly quick?: boolean;
}

export interface StudyOptions extends GlobalOptions {
  readonly preset?: string;
  readonly set?: readonly string[];
  readonly data?: string;
  readonly [flag: string]: unknown;
}

interface Shortcut {
  readonly flag: string;
  readonly about: string;
  /** Keys it sets; the value is put in as it is. */
  readonly keys: readonly string[];
  /** The value written as YAML. */
  readonly yaml?: (value: string) => string;
}

const list = (value: string): string => `[${value}]`;
const kind = (value: string): string => `{kind: ${value}}`;

/** Short forms of common `--set`s. */
const SHORTCUTS: readonly Shortcut[] = [
  {
    flag: '--hidden <sizes>',
    about: 'hidden layers, as 256 or 512,256',
    keys: ['network'],
    yaml: (v) => `{hidden: [${v}]}`,
  },
  {
    flag: '--network <name>',
    about: 'a network by name (spikewatt networks), fitted to the data',
    keys: ['network'],
    yaml: (v) => `{preset: ${JSON.stringify(v)}}`,
  },
  {
    flag: '--activation <kind>',
    about: 'of the ANN: relu, relu6, leaky-relu, quantized (QCFS)',
    keys: ['activation'],
    yaml: kind,
  },
  { flag: '--neuron <dialect>', about: "another library's neuron, as spikingjelly.lifNode", keys: ['neuron.dialect'] },
  { flag: '--encoder <kind>', about: 'constant, rate, latency or delta', keys: ['encoder'], yaml: kind },
  { flag: '--decoder <kind>', about: 'spike-count, first-spike, max-membrane, ...', keys: ['decoder'] },
  { flag: '--timesteps <n>', about: 'time steps of the trained SNN', keys: ['timesteps'] },
  { flag: '--epochs <n>', about: 'of ANN and SNN', keys: ['training.ann.epochs', 'training.snn.epochs'] },
  { flag: '--batch-size <n>', about: 'of ANN and SNN', keys: ['training.ann.batchSize', 'training.snn.batchSize'] },
  {
    flag: '--learning-rate <rate>',
    about: 'of ANN and SNN',
    keys: ['training.ann.optimizer.learningRate', 'training.snn.optimizer.learningRate'],
  },
  { flag: '--train <n>', about: 'training images used', keys: ['data.train'] },
  { flag: '--test <n>', about: 'test images used', keys: ['data.test'] },
  { flag: '--normalize <by>', about: 'auto, none, measured, cifar10, imagenet, ...', keys: ['data.normalize'] },
  { flag: '--cache <folder>', about: 'where downloads are kept', keys: ['data.cache'], yaml: JSON.stringify },
  { flag: '--compare <kinds>', about: 'of ann, snn, converted, as ann,snn', keys: ['compare'], yaml: list },
  { flag: '--convert-timesteps <list>', about: 'as 5,10,50', keys: ['convert.timesteps'], yaml: list },
];

/** Options that are given or not. */
const SWITCHES: readonly (Omit<Shortcut, 'yaml'> & { readonly value: string })[] = [
  { flag: '--download', about: 'fetch the data if it is not in the cache', keys: ['data.download'], value: 'true' },
  { flag: '--skip-corrupt', about: 'leave damaged images out', keys: ['data.skipCorrupt'], value: 'true' },
];

const GLOBAL_SHORTCUTS: readonly Shortcut[] = [
  { flag: '--seed <n>', about: 'of every random draw', keys: ['seed'] },
  { flag: '--threads <n>', about: 'default: one a core', keys: ['threads'] },
  { flag: '--memory <MiB>', about: 'a network may take; default: what there is', keys: ['memory'] },
  { flag: '--out <folder>', about: 'where results are written', keys: ['out'], yaml: JSON.stringify },
];

const optionName = ({ flag }: Pick<Shortcut, 'flag'>): string => new Option(flag).attributeName();

/** Adds the options that every command has. */
export function addGlobalOptions(program: Command): Command {
  program
    .option('--json', 'print one JSON document and nothing else')
    .option('--quick', 'a smaller study: fewer images and epochs')
    .option('--quiet', 'no progress')
    .option('--debug', 'print the stack of an error');
  for (const { flag, about } of GLOBAL_SHORTCUTS) program.option(flag, about);
  return program;
}

/** Adds the study argument and the options that change a study. */
export function addStudyOptions(command: Command, { file = true } = {}): Command {
  if (file) command.addArgument(new Argument('[study]', 'a study file, YAML or JSON (docs/study.md)'));
  else command.option('--study <file>', 'a study file, YAML or JSON (docs/study.md)');
  command.option('--preset <name>', 'start from this preset; default mnist-default');
  command.option('--data <source>', 'mnist, fashion-mnist, cifar10, cifar100, blobs, or a folder or .npz file');
  for (const { flag, about } of [...SWITCHES, ...SHORTCUTS]) command.option(flag, about);
  return command.option('--set <key=value>', 'set any key of the study; may be repeated', collect, []);
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/**
 * The study that file, preset and options describe, over `base` where neither file nor preset is given; `own` are a command's own
 * options, over which `--set` has the last word. Throws ConfigError, DataError.
 */
export async function readStudy(
  path: string | undefined,
  options: StudyOptions,
  base?: StudyLayer,
  own: readonly Override[] = [],
): Promise<Study> {
  const overrides = [...nameOverride(path, options), ...own, ...overridesOf(options)];
  const file =
    path === undefined
      ? options.preset === undefined
        ? base
        : undefined
      : parseStudyFile(path, new TextDecoder().decode(await readFile(path)));
  return loadStudy({
    ...(options.preset === undefined ? {} : { preset: options.preset }),
    ...(file === undefined ? {} : { file }),
    quick: options.quick === true,
    overrides: parseOverrides(overrides),
  });
}

/** The options given that change a study, as they were written; those that change no number (`--threads`) left out. */
export const settingsGiven = ({ threads: _, ...options }: StudyOptions): readonly string[] => [
  ...(options.preset === undefined ? [] : [`--preset ${options.preset}`]),
  ...(options.quick === true ? ['--quick'] : []),
  ...overridesOf(options).map(({ written }) => written),
];

/** Short forms first, so that `--set` has the last word. */
function overridesOf(options: StudyOptions): readonly Override[] {
  const short = [...SHORTCUTS, ...GLOBAL_SHORTCUTS].flatMap((shortcut) => {
    const value = options[optionName(shortcut)];
    if (typeof value !== 'string') return [];
    const written = `${shortcut.flag.split(' ')[0]} ${value}`;
    return shortcut.keys.map((key) => ({ assignment: `${key}=${shortcut.yaml?.(value) ?? value}`, written }));
  });
  const switched = SWITCHES.filter((given) => options[optionName(given)] === true).flatMap(({ flag, keys, value }) =>
    keys.map((key) => ({ assignment: `${key}=${value}`, written: flag })),
  );
  const set = (options.set ?? []).map((assignment) => ({ assignment, written: `--set ${assignment}` }));
  return [...dataOverrides(options.data), ...switched, ...short, ...set];
}

/** The default study on other data is not called after MNIST. */
function nameOverride(path: string | undefined, { data, preset }: StudyOptions): readonly Override[] {
  if (data === undefined || path !== undefined || preset !== undefined) return [];
  const name = data.split(/[/\\]/).findLast((part) => /[^.]/.test(part)) ?? 'folder';
  return [{ assignment: `name=${JSON.stringify(name)}`, written: `--data ${data}` }];
}

function dataOverrides(source: string | undefined): readonly Override[] {
  if (source === undefined) return [];
  const written = `--data ${source}`;
  const named = source !== 'folder' && (DATASET_NAMES as readonly string[]).includes(source);
  const value = named ? `{dataset: ${source}, path: null}` : `{dataset: folder, path: ${JSON.stringify(source)}}`;
  return [{ assignment: `data=${value}`, written }];
}
