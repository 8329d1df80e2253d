// The library's verbs: train, convert, diagnose, simulate, attack. Each takes a backend or opens the default one for itself, and has the default
// study's settings where none are given.

import {
  type CalibrateOptions,
  type ChannelScales,
  type ConversionDiagnosis,
  type ConvertedNetwork,
  type ConvertOptions,
  calibrate,
  calibrateChannels,
  convertNetwork,
  type DiagnoseOptions,
  diagnoseConversion,
} from '../convert/index.ts';
import type { DataSplit, Dataset } from '../data/index.ts';
import { type Backend, wasmBackend } from '../engine/index.ts';
import type { NetworkSpec, Weights } from '../model/index.ts';
import {
  type RobustnessHooks,
  type RobustnessOptions,
  type RobustnessResult,
  type Subject,
  studyRobustness,
} from '../robustness/index.ts';
import { type SimulateOptions, type SimulationResult, simulateNetwork } from '../simulate/index.ts';
import { type NetworkTraining, type TrainHooks, type TrainResult, trainNetwork } from '../train/index.ts';
import { loadStudy } from './load-study.ts';
import { trainingOptions } from './train-stage.ts';

interface OnBackend {
  /** Default: the WebAssembly engine on all cores, opened for this call. */
  readonly backend?: Backend;
}

/** What training needs to be told; the rest is as in the default study. */
export type TrainSettings = Partial<NetworkTraining> & Pick<NetworkTraining, 'mode'> & OnBackend;

async function onBackend<T>({ backend }: OnBackend, job: (backend: Backend) => Promise<T>): Promise<T> {
  if (backend !== undefined) return job(backend);
  const own = await wasmBackend();
  try {
    return await job(own);
  } finally {
    await own.close();
  }
}

/**
 * Trains a network as an ANN or as an SNN.
 * @throws ConfigError, ShapeError for what does not fit together; NumericError if it diverges; InterruptedError when stopped
 */
export function train(
  spec: NetworkSpec,
  data: Pick<DataSplit, 'train' | 'validation'>,
  settings: TrainSettings,
  hooks: TrainHooks = {},
): Promise<TrainResult> {
  const { backend, ...given } = settings;
  const options = { ...trainingOptions(loadStudy({}), settings.mode), ...given };
  return onBackend({ ...(backend && { backend }) }, (open) => trainNetwork(open, spec, data, options, hooks));
}

/** How scales are measured and the network converted. */
export type ConvertSettings = Partial<CalibrateOptions> &
  ConvertOptions &
  OnBackend & {
    /** A scale for each channel of a map; default one a layer. */
    readonly perChannel?: boolean;
  };

const measuring = (settings: ConvertSettings): CalibrateOptions => {
  const { mode, percentile } = loadStudy({}).convert;
  const { backend: _, perChannel: __, neuron: ___, output: ____, scaling: _____, ...given } = settings;
  return { mode, percentile, ...given };
};

/**
 * Converts a trained ANN to a spiking network, its scales measured on `calibration`.
 * @throws UnsupportedError for a layer without a spiking equivalent; ConfigError, ShapeError
 */
export function convert(
  spec: NetworkSpec,
  weights: Weights,
  calibration: Dataset,
  settings: ConvertSettings = {},
): Promise<ConvertedNetwork & { readonly scales: ChannelScales }> {
  const { backend, perChannel = false } = settings;
  return onBackend({ ...(backend && { backend }) }, async (open) => {
    const measure = perChannel ? calibrateChannels : calibrate;
    const scales = await measure(open, spec, weights, calibration, measuring(settings));
    return { ...convertNetwork(spec, weights, scales, settings), scales };
  });
}

/**
 * Compares a converted network with its ANN, layer by layer, and (with `fixes`) tries what could be done about it.
 * @throws ConfigError; InterruptedError when stopped
 */
export function diagnose(
  ann: { readonly spec: NetworkSpec; readonly weights: Weights },
  converted: ConvertedNetwork,
  dataset: Dataset,
  settings: DiagnoseOptions & OnBackend,
): Promise<ConversionDiagnosis> {
  const { backend, ...options } = settings;
  return onBackend({ ...(backend && { backend }) }, (open) =>
    diagnoseConversion(open, ann.spec, ann.weights, converted, dataset, options),
  );
}

/**
 * Runs a network over a dataset: accuracy at every step, and the activity that is counted and priced.
 * @throws ConfigError, ShapeError for what does not fit together; InterruptedError when stopped
 */
export function simulate(
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  settings: SimulateOptions & OnBackend,
): Promise<SimulationResult> {
  const { backend, ...options } = settings;
  return onBackend({ ...(backend && { backend }) }, (open) => simulateNetwork(open, spec, weights, dataset, options));
}

/**
 * Accuracy of networks under noise, faults and attacks, on the same images for all; the first is the one that others are compared with.
 * Fold batch norms away before, if that is how the networks are deployed.
 * @throws ConfigError, ShapeError, UnsupportedError for what does not fit together; InterruptedError when stopped
 */
export function attack(
  subjects: readonly Subject[],
  dataset: Dataset,
  settings: RobustnessOptions & OnBackend = {},
  hooks: RobustnessHooks = {},
): Promise<RobustnessResult> {
  const { backend, ...options } = settings;
  return onBackend({ ...(backend && { backend }) }, (open) => studyRobustness(open, subjects, dataset, options, hooks));
}
