// Threads and V8 settings of the kernels in Node.

import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import v8 from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { KernelThread, ThreadStart } from './types.ts';

const inSource = import.meta.url.endsWith('.ts');

/** The compiled kernels: build/kernels.wasm in a checkout, beside the backend in the published package. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  const place = new URL(inSource ? '../../../../build/kernels.wasm' : '../kernels.wasm', import.meta.url);
  if (!existsSync(place)) throw new Error(`${place.pathname} is missing; run \`npm run build\``);
  return new Uint8Array(readFileSync(place));
}

/**
 * Asks V8 to join neighbouring 128-bit operations into 256-bit ones (x64 with AVX2) for modules compiled from now on, or not.
 * Baseline and lazy compilation are turned off, or the optimising compiler would come too late or in another thread.
 */
export function setRevectorizer(on: boolean): void {
  v8.setFlagsFromString('--no-liftoff');
  v8.setFlagsFromString('--no-wasm-lazy-compilation');
  v8.setFlagsFromString(on ? '--experimental-wasm-revectorize' : '--no-experimental-wasm-revectorize');
}

/**
 * V8's own settings for what is compiled from here on. With ours another library's module would compile for minutes: ONNX Runtime's, of
 * 14 MB, takes 0.4 s with these and did not end in 100 s with ours. What is compiled stays as it is.
 */
export function restoreCompiler(): void {
  for (const flag of ['--liftoff', '--wasm-lazy-compilation', '--no-experimental-wasm-revectorize'])
    v8.setFlagsFromString(flag);
}

/** Registers the user forces: SPIKEWATT_SIMD=128 or 256. */
export function forcedSimd(): string | undefined {
  return process.env.SPIKEWATT_SIMD;
}

export function threadCount(): number {
  return availableParallelism();
}

/** May this thread sleep until another wakes it? A browser's main thread may not. */
export function mayWait(): boolean {
  return true;
}

/** A worker that serves programs until told to stop; it does not keep the process alive. */
export function startThread(start: ThreadStart): KernelThread {
  const worker = new Worker(new URL(inSource ? './node-worker.ts' : './node-worker.js', import.meta.url), {
    workerData: start,
    execArgv: process.execArgv.filter((flag) => flag.startsWith('--conditions') || flag.startsWith('-C')),
  });
  worker.unref();
  const ready = new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  return {
    ready,
    close: async () => {
      await worker.terminate();
    },
  };
}
