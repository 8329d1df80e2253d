// Threads of the kernels in a browser. The page must be cross-origin isolated, or there is no shared memory.

import { UnsupportedError } from '../../../core/index.ts';
import type { KernelThread, ThreadStart } from './types.ts';

/** Not readable synchronously in a browser: pass the bytes to `wasmBackend`. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  throw new UnsupportedError('wasm backend: in a browser, fetch kernels.wasm and pass it as `bytes`');
}

/** Browsers decide by themselves how wide their registers are. */
export function setRevectorizer(_on: boolean): void {}

export function restoreCompiler(): void {}

export function forcedSimd(): string | undefined {
  return '128';
}

export function threadCount(): number {
  return navigator.hardwareConcurrency;
}

/** Only workers may sleep in a browser. */
export function mayWait(): boolean {
  return typeof document === 'undefined';
}

export function startThread(start: ThreadStart): KernelThread {
  const worker = new Worker(new URL('./browser-worker.js', import.meta.url), { type: 'module' });
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = (event) => reject(new Error(event.message));
  });
  worker.postMessage(start);
  return { ready, close: async () => worker.terminate() };
}
