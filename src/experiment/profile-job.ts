// Profiles a network that was trained before, on the data of its study.

import { type Profile, profileNetwork } from '../profile/index.ts';
import type { NetworkFile } from '../store/index.ts';
import { nameOf } from './candidate.ts';
import type { Study } from './study.ts';
import { trainingOptions } from './train-stage.ts';
import { type BenchOptions, withWorkbench } from './workbench.ts';

export interface ProfileJob {
  readonly purpose: 'infer' | 'train';
  /** Default: that of the study's training, or 128. */
  readonly batchSize?: number;
  /** Default 20. */
  readonly batches?: number;
}

/** Inference on test samples, or training steps on training samples. Throws what `profileNetwork` throws. */
export async function profileFile(
  study: Study,
  { spec, weights, reading }: NetworkFile,
  job: ProfileJob,
  options: BenchOptions = {},
): Promise<Profile> {
  const kind = reading.kind === 'ann' ? 'ann' : 'snn';
  const { loss, optimizer, clipNorm, batchSize } = trainingOptions(study, kind);
  const trains = job.purpose === 'train';
  return withWorkbench(study, { ...options, spec }, async ({ backend, data, progress, signal }) => {
    const batches = job.batches ?? BATCHES;
    progress.begin(`Profile ${nameOf(reading)}`, batches, 'batches');
    const dataset = trains ? data.train : data.test;
    const profile = await profileNetwork(
      backend,
      { spec, weights, dataset },
      {
        ...{ mode: kind, timesteps: reading.timesteps, encoder: reading.encoder, purpose: job.purpose },
        ...(trains ? { training: { loss, optimizer, clipNorm } } : {}),
        ...{ batchSize: job.batchSize ?? (trains ? batchSize : INFER_BATCH), batches, seed: study.seed },
        ...(signal === undefined ? {} : { signal }),
        onProgress: (done) => progress.update(done),
      },
    );
    progress.end(`${batches} batches of ${profile.batchSize} samples`);
    return profile;
  });
}

const BATCHES = 20;
const INFER_BATCH = 128;
