// What a comparison of forecasters is asked for, with defaults that take well under a minute.

import { ConfigError } from '../core/index.ts';
import { DEFAULT_SPLIT, type ForecastSplit } from '../data/index.ts';

export const NETWORKS = ['mlp', 'cnn', 'snn', 'snn-delta'] as const;
/**
 * mlp, cnn: ordinary networks. snn: recurrent, values enter as current. snn-delta: the same neurons, values enter as spikes where the
 * series has moved by a threshold, which a spiking chip can take.
 */
export type NetworkName = (typeof NETWORKS)[number];

export interface ForecastStudy {
  /** Values a forecast sees; the steps a spiking network runs. */
  readonly window: number;
  /** Steps ahead, all forecast at once. */
  readonly horizon: number;
  readonly split: ForecastSplit;
  /** Trained and compared, beside persistence and a linear autoregression. */
  readonly networks: readonly NetworkName[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Hidden layers of the MLP. */
  readonly hidden: readonly number[];
  readonly cnn: { readonly filters: readonly number[]; readonly kernel: number };
  readonly snn: {
    readonly hidden: number;
    readonly beta: number;
    readonly threshold: number;
    readonly readout: number;
    /** snn-delta: how far the series moves for a spike, in deviations of its training part. */
    readonly delta: number;
  };
  /** Do synapses skip inputs that are 0, in ANNs and spiking networks alike? */
  readonly zeroSkipping: boolean;
  /** Resamplings of the intervals. */
  readonly draws: number;
}

/** Sizes make the networks alike: about 4 600 parameters each at the default window and horizon. */
export const DEFAULT_FORECAST: ForecastStudy = {
  window: 32,
  horizon: 15,
  split: DEFAULT_SPLIT,
  networks: NETWORKS,
  epochs: 30,
  batchSize: 32,
  learningRate: 0.01,
  seed: 0,
  hidden: [48, 48],
  cnn: { filters: [16, 16], kernel: 5 },
  snn: { hidden: 60, beta: 0.8, threshold: 0.5, readout: 0.8, delta: 0.1 },
  zeroSkipping: true,
  draws: 2000,
};

/** What `--quick` changes: less is learned, so the errors are larger. */
export const QUICK_FORECAST: Pick<ForecastStudy, 'epochs' | 'networks' | 'window' | 'draws'> = {
  ...{ epochs: 8, window: 24, draws: 500 },
  networks: ['mlp', 'snn'],
};

/** Throws ConfigError for the first setting that cannot be; layers and optimisers check their own. */
export function checkForecastStudy(study: ForecastStudy): void {
  const whole = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;
  const rules: readonly (readonly [key: string, value: unknown, holds: boolean, expected: string])[] = [
    ['networks', study.networks.join(','), study.networks.length > 0, `at least one of ${NETWORKS.join(', ')}`],
    ['epochs', study.epochs, whole(study.epochs, 1), 'a whole number of at least 1'],
    ['seed', study.seed, whole(study.seed, 0) && study.seed < 2 ** 32, 'a whole number from 0 to 4294967295'],
    ['draws', study.draws, whole(study.draws, 40), 'a whole number of at least 40'],
    ['snn.delta', study.snn.delta, study.snn.delta > 0, 'a positive number of deviations'],
  ];
  for (const [key, value, holds, expected] of rules)
    if (!holds) throw new ConfigError(`forecast.${key}`, `got ${value}, expected ${expected}`);
  const unknown = study.networks.find((name, i) => !NETWORKS.includes(name) || study.networks.indexOf(name) !== i);
  if (unknown !== undefined)
    throw new ConfigError(
      'forecast.networks',
      `got "${unknown}", expected each at most once of ${NETWORKS.join(', ')}`,
    );
}
