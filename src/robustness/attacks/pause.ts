// Lets the event loop have its turn during long work, and stops it on request.

import { InterruptedError } from '../../core/index.ts';

/** Milliseconds of work after which the event loop gets its turn. */
const TURN = 20;

/** A function to await between pieces of `work`. It throws InterruptedError once the signal is aborted. */
export function openPause(work: string, signal: AbortSignal | undefined): () => Promise<void> {
  let turn = performance.now();
  return async () => {
    if (performance.now() - turn > TURN) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    if (signal?.aborted) throw new InterruptedError(`${work}: stopped on request`);
  };
}
