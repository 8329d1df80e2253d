// The reference backend: float64 in plain TypeScript, slow and obvious. It is what every other backend is compared with.

import type { Backend } from '../backend.ts';
import { compileReference } from './program.ts';

/** One thread, float64. A batch is always run whole: `memoryLimit` is ignored, results would be the same. */
export function referenceBackend(): Backend {
  return { name: 'reference', threads: 1, compile: compileReference, close: async () => {} };
}
