// The options of `forecast`: the series, and settings of the study laid over the defaults.

import { type Command, Option } from 'commander';
import { readFile } from '#platform';
import { ConfigError } from '../core/index.ts';
import { mackeyGlass, parseSeriesCsv, type Series } from '../data/index.ts';
import { DEFAULT_FORECAST, type ForecastStudy, NETWORKS, type NetworkName, QUICK_FORECAST } from '../forecast/index.ts';
import type { GlobalOptions } from './study-options.ts';

export interface ForecastOptions extends GlobalOptions {
  readonly data: string;
  readonly column?: string;
  readonly samples: string;
  readonly noise: string;
  readonly tau: string;
  readonly window?: string;
  readonly horizon?: string;
  readonly epochs?: string;
  readonly learningRate?: string;
  readonly networks?: string;
  readonly hidden?: string;
  readonly spikingHidden?: string;
  readonly split?: string;
  readonly zeroSkipping: boolean;
}

const GENERATED = 'mackey-glass';

export function addForecastOptions(command: Command): Command {
  const { window, horizon, epochs, learningRate, hidden, snn, split } = DEFAULT_FORECAST;
  return command
    .option('--data <source>', `${GENERATED}, made from its equation, or a CSV file`, GENERATED)
    .option('--column <name>', 'of the CSV file, by name or number from 1; default: the only one of numbers')
    .option('--window <n>', `values a forecast sees; default ${window}`)
    .option('--horizon <n>', `steps ahead, all forecast at once; default ${horizon}`)
    .option('--networks <list>', `of ${NETWORKS.join(', ')}; default: all`)
    .option('--epochs <n>', `of every network; default ${epochs}`)
    .option('--learning-rate <rate>', `of every network; default ${learningRate}`)
    .option('--hidden <sizes>', `hidden layers of the MLP; default ${hidden.join(',')}`)
    .option('--spiking-hidden <n>', `hidden neurons of the spiking networks; default ${snn.hidden}`)
    .option('--split <shares>', `of the series for training and validation; default ${split.train},${split.validation}`)
    .addOption(new Option('--samples <n>', `values of ${GENERATED}`).default('3000'))
    .addOption(new Option('--tau <delay>', `of ${GENERATED}`).default('17'))
    .addOption(new Option('--noise <deviation>', `added to ${GENERATED}`).default('0'))
    .option('--no-zero-skipping', 'count operations on zeros too, on both sides');
}

const numberOf = (key: string, text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new ConfigError(key, `got "${text}", expected a number`);
};

const numbersOf = (key: string, text: string): readonly number[] => text.split(',').map((each) => numberOf(key, each));

/** Reads or makes the series. Throws DataError and ConfigError. */
export async function seriesOf(options: ForecastOptions): Promise<Series> {
  const { data, column } = options;
  if (data !== GENERATED) return readSeries(data, column);
  if (column !== undefined)
    throw new ConfigError('--column', `got "${column}", but ${GENERATED} has no columns; give --data a CSV file`);
  return mackeyGlass({
    samples: numberOf('--samples', options.samples),
    tau: numberOf('--tau', options.tau),
    noise: numberOf('--noise', options.noise),
    seed: seedOf(options),
  });
}

async function readSeries(path: string, column: string | undefined): Promise<Series> {
  const text = new TextDecoder().decode(await readFile(path));
  return parseSeriesCsv(text, { path, ...(column === undefined ? {} : { column }) });
}

const seedOf = ({ seed }: GlobalOptions): number =>
  seed === undefined ? DEFAULT_FORECAST.seed : numberOf('--seed', seed);

/** The study that the options ask for. Throws ConfigError. */
export function forecastStudyOf(options: ForecastOptions): ForecastStudy {
  const base: ForecastStudy = { ...DEFAULT_FORECAST, ...(options.quick === true ? QUICK_FORECAST : {}) };
  const given = <T>(text: string | undefined, fallback: T, read: (text: string) => T): T =>
    text === undefined ? fallback : read(text);
  const [train = Number.NaN, validation = Number.NaN] = given<readonly number[]>(
    options.split,
    [base.split.train, base.split.validation],
    (text) => numbersOf('--split', text),
  );
  return {
    ...base,
    window: given(options.window, base.window, (text) => numberOf('--window', text)),
    horizon: given(options.horizon, base.horizon, (text) => numberOf('--horizon', text)),
    epochs: given(options.epochs, base.epochs, (text) => numberOf('--epochs', text)),
    learningRate: given(options.learningRate, base.learningRate, (text) => numberOf('--learning-rate', text)),
    networks: given(options.networks, base.networks, (text) => text.split(',') as NetworkName[]),
    hidden: given(options.hidden, base.hidden, (text) => numbersOf('--hidden', text)),
    snn: {
      ...base.snn,
      hidden: given(options.spikingHidden, base.snn.hidden, (text) => numberOf('--spiking-hidden', text)),
    },
    split: { train, validation },
    seed: seedOf(options),
    zeroSkipping: options.zeroSkipping,
  };
}
