// The life of a kernel thread. If it dies, the failure word makes the waiting caller throw instead of waiting for ever.

import { instantiateKernels } from './module.ts';
import type { ThreadStart } from './platform/types.ts';
import { SYNC } from './words.ts';

export function serveKernels(start: ThreadStart, ready: () => void): void {
  const { module, memory, thread, generation, timeOrigin } = start;
  const kernels = instantiateKernels(module, memory, timeOrigin);
  ready();
  try {
    kernels.serve(thread, generation);
  } catch (error) {
    Atomics.store(new Int32Array(memory.buffer), SYNC.failed, 1);
    throw error;
  }
}
