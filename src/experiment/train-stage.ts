// Trains the study's network as an ANN or as an SNN, from a checkpoint if there is one.

import type { Reading } from '../store/index.ts';
import {
  type CheckpointStore,
  hardeningFactor,
  type NetworkTraining,
  type TrainResult,
  trainNetwork,
} from '../train/index.ts';
import type { Study, TrainingStudy } from './study.ts';
import { hardeningOf } from './study-hardening.ts';
import type { Workbench } from './workbench.ts';

export type TrainedKind = 'ann' | 'snn';

/** How a trained network of the study is read and run. */
export const readingOf = (study: Study, kind: TrainedKind): Reading =>
  kind === 'ann'
    ? { kind, timesteps: 1, encoder: { kind: 'constant' }, decoder: 'spike-count' }
    : { kind, timesteps: study.timesteps, encoder: study.encoder, decoder: study.decoder };

/** The study's settings as training takes them. */
export function trainingOptions(study: Study, kind: TrainedKind): NetworkTraining {
  const { timesteps, encoder, decoder } = readingOf(study, kind);
  const { validation } = study.data;
  const shared = { mode: kind, timesteps, encoder, decoder: { kind: decoder }, seed: study.seed, validation };
  const { augment, harden, ...options } = study.training[kind];
  return { ...options, ...shared, ...augmentation(augment), ...(harden && { harden: hardeningOf(harden) }) };
}

/** Nothing where nothing is asked for, so that data that has no rows and columns is no hindrance. */
function augmentation({ crop, flip }: TrainingStudy['augment']): Pick<NetworkTraining, 'augment'> {
  if (crop === 0 && !flip) return {};
  return { augment: { flip, ...(crop === 0 ? {} : { crop: { padding: crop } }) } };
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(2)} %`);

/**
 * Trains, or goes on training, one network; `checkpoints` undefined: nothing is saved on the way.
 * @throws InterruptedError when the workbench's signal is raised, after saving a checkpoint.
 */
export async function trainStage(
  { study, backend, data, spec, progress, signal }: Workbench,
  kind: TrainedKind,
  checkpoints: CheckpointStore | undefined,
): Promise<TrainResult> {
  const options = trainingOptions(study, kind);
  const total = options.epochs * data.train.samples;
  progress.begin(kind === 'ann' ? 'Train ANN' : `Train SNN, T=${options.timesteps}`, total, 'images');
  let newest = '';
  const result = await trainNetwork(backend, spec, data, options, {
    ...(signal === undefined ? {} : { signal }),
    ...(checkpoints === undefined ? {} : { checkpoints: { store: checkpoints } }),
    onProgress: ({ done, epoch, epochs }) => progress.update(done, `epoch ${epoch}/${epochs}${newest}`),
    onEpoch: (epoch) => {
      newest = ` ${measuredOn(epoch)}`;
    },
    onResume: ({ epoch, step }) =>
      progress.note(`resuming ${kind.toUpperCase()} training at epoch ${epoch}, step ${step}`),
  });
  const best = result.training.epochs.find(({ epoch }) => epoch === result.training.bestEpoch);
  progress.end(
    `${best === undefined ? '' : `${measuredOn(best)} at epoch ${best.epoch}, `}${result.seconds.toFixed(1)} s${costOf(result)}`,
  );
  return result;
}

/** `, x2.4 by FGSM, epsilon 0.1 (L-infinity)`; nothing without hardening. */
function costOf({ training: { hardening }, seconds }: TrainResult): string {
  if (hardening === undefined) return '';
  return `, x${hardeningFactor(hardening, seconds).toFixed(1)} by ${hardening.label}`;
}

const measuredOn = (epoch: {
  readonly validationAccuracy: number | null;
  readonly trainAccuracy: number | null;
}): string =>
  epoch.validationAccuracy === null
    ? `training ${percent(epoch.trainAccuracy)}`
    : `validation ${percent(epoch.validationAccuracy)}`;
