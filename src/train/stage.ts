// Cuts batches out of a dataset: chosen samples copied side by side, as the engine wants them. Nothing is allocated a batch.

import { ConfigError, ShapeError } from '../core/index.ts';
import { type Augmentation, type Dataset, openStager } from '../data/index.ts';
import { type Batch, isRegression, type LossKind } from '../engine/index.ts';
import { type NetworkSpec, sizeOf } from '../model/index.ts';

/** Throws ShapeError or ConfigError where the dataset does not fit the network or the number of time steps. */
export function checkFit(dataset: Dataset, spec: NetworkSpec, outputs: number, timesteps: number): void {
  const [found, expected] = [dataset.shape.reduce((product, n) => product * n, 1), sizeOf(spec.input)];
  if (found !== expected) {
    throw new ShapeError(
      `network "${spec.name}": input is [${spec.input}], but a sample of "${dataset.name}" is [${dataset.shape}]; give the network that input`,
    );
  }
  if (dataset.classes.length > outputs) {
    throw new ShapeError(
      `network "${spec.name}": ${outputs} outputs, but "${dataset.name}" has ${dataset.classes.length} classes; give the last layer as many units`,
    );
  }
  if (dataset.timesteps !== undefined && dataset.timesteps !== timesteps) {
    throw new ConfigError(
      'timesteps',
      `got ${timesteps}, but the samples of "${dataset.name}" have ${dataset.timesteps} steps; use that`,
    );
  }
}

/** Throws ConfigError where targets and loss do not belong together, ShapeError where there are not as many targets as outputs. */
export function checkTargets(dataset: Dataset, loss: LossKind, outputs: number): void {
  const { name, targets, samples, classes } = dataset;
  if ((targets !== undefined) !== isRegression(loss)) {
    const [has, use] = targets === undefined ? ['labels', 'another loss'] : ['targets', 'mse, or mse-last-membrane'];
    throw new ConfigError('loss.kind', `got "${loss}", but "${name}" has ${has} to learn from; use ${use}`);
  }
  if (targets === undefined || (classes.length === outputs && targets.length === samples * outputs)) return;
  throw new ShapeError(
    `"${name}": ${targets.length} targets for ${samples} samples of ${classes.length} outputs, but the network has ${outputs} outputs; give the last layer one for each target`,
  );
}

export interface Stage {
  /** The samples `ids` as a batch; valid until the next call. */
  batch(ids: Uint32Array, seed: number, epoch: number): Batch | Promise<Batch>;
}

/** A stage for batches of up to `capacity` samples. Throws ConfigError for an augmentation the samples cannot have. */
export function openStage(dataset: Dataset, capacity: number, augmentation: Augmentation = {}): Stage {
  const stager = openStager(dataset, capacity, augmentation);
  const labels = new Uint8Array(capacity);
  const outputs = dataset.classes.length;
  const targets = dataset.targets && new Float32Array(capacity * outputs);
  const targetsOf = (ids: Uint32Array): Pick<Batch, 'targets'> => {
    if (targets === undefined) return {};
    for (let i = 0; i < ids.length; i++)
      targets.set(dataset.targets!.subarray(ids[i]! * outputs, (ids[i]! + 1) * outputs), i * outputs);
    return { targets: targets.subarray(0, ids.length * outputs) };
  };
  return {
    batch(ids, seed, epoch) {
      for (let i = 0; i < ids.length; i++) labels[i] = dataset.labels[ids[i]!]!;
      const input = stager.stage(ids, seed, epoch);
      const expected = { labels: labels.subarray(0, ids.length), ...targetsOf(ids) };
      return { samples: ids.length, input, ...expected, sampleIds: ids, seed, epoch };
    },
  };
}
