// How the samples of a dataset are staged, as `lower` wants to know it.

import { type Dataset, stagesBytes } from '../data/index.ts';
import type { LowerOptions } from './options.ts';

/** Bytes are scaled by the plan, floats before they are staged (`stageSamples` of data). */
export function inputOf(dataset: Pick<Dataset, 'values' | 'scale' | 'timesteps' | 'normalize'>): LowerOptions['input'] {
  const sequence = dataset.timesteps !== undefined;
  return stagesBytes(dataset) ? { source: 'bytes', scale: dataset.scale, sequence } : { source: 'floats', sequence };
}
