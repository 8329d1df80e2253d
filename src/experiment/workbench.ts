// What every stage of a study works with: the engine, the data, the network, and who is told how far it is.

import type { DataSplit } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import type { NetworkSpec } from '../model/index.ts';
import type { EnvironmentRecord } from '../store/index.ts';
import { describeEnvironment } from './environment.ts';
import { openBackend } from './open-backend.ts';
import { type Progress, silentProgress } from './progress.ts';
import type { Study } from './study.ts';
import { withActivation } from './study-activation.ts';
import { loadStudyData } from './study-data.ts';
import { networkOf } from './study-network.ts';

export interface Workbench {
  readonly study: Study;
  readonly backend: Backend;
  readonly data: DataSplit;
  /** The one description that all networks of the study are read from. */
  readonly spec: NetworkSpec;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

export interface BenchOptions {
  readonly progress?: Progress;
  /** Stops at the next safe point, with InterruptedError; checkpoints are saved. */
  readonly signal?: AbortSignal;
  /** A network to work with instead of the study's. */
  readonly spec?: NetworkSpec;
}

/** Opens engine and data, does the job, and closes the engine whatever happens. Throws what the job throws. */
export async function withWorkbench<T>(
  study: Study,
  options: BenchOptions,
  job: (bench: Workbench, environment: EnvironmentRecord) => Promise<T>,
): Promise<T> {
  const { progress = silentProgress, signal } = options;
  const open = await openBackend(study);
  try {
    const environment = await describeEnvironment(open);
    const data = await loadStudyData(study, { progress, signal });
    const spec = options.spec ?? withActivation(networkOf(study.network, study.neuron, data.train), study.activation);
    const { train, validation, test } = data;
    progress.end(
      `${train.name}: ${train.samples} to train, ${validation.samples} to validate, ${test.samples} to test`,
    );
    return await job({ study, backend: open.backend, data, spec, progress, signal }, environment);
  } finally {
    await open.backend.close();
  }
}
