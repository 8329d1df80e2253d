// The networks of a study: their specs, how they read a sample, how they are trained.

import { asMap, asSequence, type Dataset } from '../data/index.ts';
import type { EncoderSpec, NetworkSpec } from '../model/index.ts';
import type { NetworkTraining } from '../train/index.ts';
import { cnnForecaster, mlpForecaster, recurrentForecaster } from './networks.ts';
import type { ForecastStudy, NetworkName } from './study.ts';

/** A network before it is trained. */
export interface Contender {
  readonly name: string;
  readonly kind: 'ann' | 'snn';
  readonly spec: NetworkSpec;
  readonly timesteps: number;
  readonly encoder: EncoderSpec;
  /** The samples as it reads them. */
  readonly view: (dataset: Dataset) => Dataset;
}

const CONSTANT: EncoderSpec = { kind: 'constant' };

/** The networks the study names, in its order. Throws ConfigError and ShapeError for sizes that do not work. */
export const contendersOf = (study: ForecastStudy): readonly Contender[] =>
  study.networks.map((name) => contenderOf(study, name));

function contenderOf(study: ForecastStudy, name: NetworkName): Contender {
  const ann = { kind: 'ann', timesteps: 1, encoder: CONSTANT } as const;
  const snn = {
    kind: 'snn',
    timesteps: study.window,
    spec: () => recurrentForecaster(study, study.snn),
    view: asSequence,
  } as const;
  switch (name) {
    case 'mlp':
      return { ...ann, name: 'MLP', spec: mlpForecaster(study, study.hidden), view: (dataset) => dataset };
    case 'cnn':
      return { ...ann, name: '1-D CNN', spec: cnnForecaster(study, study.cnn), view: asMap };
    case 'snn':
      return { ...snn, name: 'Recurrent SNN', spec: snn.spec(), encoder: CONSTANT };
    case 'snn-delta': {
      const encoder = { kind: 'delta', threshold: study.snn.delta, offSpikes: true, padding: false } as const;
      return { ...snn, name: 'SNN, spikes in', spec: snn.spec(), encoder };
    }
    default:
      throw new TypeError(`unknown network ${name satisfies never}`);
  }
}

/** Adam, the rate falling as a cosine after an epoch of warm-up: the same for every network. */
export function trainingOf(study: ForecastStudy, { kind, timesteps, encoder }: Contender): NetworkTraining {
  const { epochs, batchSize, learningRate, seed } = study;
  return {
    ...{ mode: kind, timesteps, encoder, epochs, batchSize, seed },
    loss: { kind: kind === 'ann' ? 'mse' : 'mse-last-membrane', onTarget: 1, offTarget: 0 },
    optimizer: { kind: 'adam', learningRate, momentum: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    schedule: { kind: 'cosine', every: 1, gamma: 1, warmup: 1, floor: 0.01 },
    ...{ clipNorm: 1, patience: 0, validation: 0 },
    decoder: { kind: 'last-membrane' },
  };
}
