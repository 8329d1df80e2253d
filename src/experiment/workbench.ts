// What every stage of a study works with.

import type { DataSplit } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import type { NetworkSpec } from '../model/index.ts';
import type { Progress } from './progress.ts';
import type { Study } from './study.ts';

export interface Workbench {
  readonly study: Study;
  readonly backend: Backend;
  readonly data: DataSplit;
  /** The one description that all networks of the study are read from. */
  readonly spec: NetworkSpec;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}
