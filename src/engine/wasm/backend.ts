// The WebAssembly backend: one shared memory, one module, a thread a core.

import { mayWait, startThread, threadCount } from '#threads';
import { ConfigError } from '../../core/index.ts';
import type { Backend, CompileOptions } from '../backend.ts';
import type { Plan } from '../plan.ts';
import { allocatorOf } from './allocator.ts';
import { compilePlan } from './compile.ts';
import { compileKernels, instantiateKernels } from './module.ts';
import { denseAbove, type ProductPath } from './path.ts';
import { openProbe } from './probe.ts';
import { wasmProgram } from './program.ts';
import { SYNC } from './words.ts';

export interface WasmBackend extends Backend {
  /** Width of the vector operations the kernels run on: 256 where V8's revectoriser works, else 128. */
  readonly simdBits: 128 | 256;
}

export interface WasmOptions {
  /** Default: one a core. */
  readonly threads?: number;
  /** How products with sparse inputs are computed; default `auto`. The bits are the same, the time is not. */
  readonly path?: ProductPath;
  /** The kernel module, where it cannot be read from disk (browsers). */
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

const MAX_THREADS = 256;

/** Throws ConfigError for a thread count that is not a whole number from 1 to 256, or a path there is not. */
export async function wasmBackend(options: WasmOptions = {}): Promise<WasmBackend> {
  const threads = options.threads ?? Math.min(MAX_THREADS, Math.max(1, threadCount()));
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS)
    throw new ConfigError('threads', `got ${threads}, expected a whole number from 1 to ${MAX_THREADS}`);
  const products = denseAbove(options.path ?? 'auto');
  const { module, simdBits, wide } = compileKernels(options.bytes);
  const target = { threads, wide, denseAbove: products };
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
  const kernels = instantiateKernels(module, memory);
  const allocator = allocatorOf(memory);
  const words = new Int32Array(memory.buffer);
  words[SYNC.threads] = threads;
  words[SYNC.mainWaits] = mayWait() ? 1 : 0;
  const workers = Array.from({ length: threads - 1 }, (_, k) =>
    startThread({ module, memory, thread: k + 1, generation: 0, timeOrigin: performance.timeOrigin }),
  );
  await Promise.all(workers.map(({ ready }) => ready));

  const compile = (plan: Plan, { samples, memoryLimit, probe = false }: CompileOptions) => {
    if (!Number.isInteger(samples) || samples < 1)
      throw new ConfigError('samples', `got ${samples}, expected a whole number of at least 1`);
    const compiled = compilePlan(plan, samples, memoryLimit, allocator, target);
    return wasmProgram(compiled, allocator, kernels, probe ? openProbe(compiled, allocator, threads) : undefined);
  };
  const close = async (): Promise<void> => {
    Atomics.store(words, SYNC.stop, 1);
    Atomics.add(words, SYNC.generation, 1);
    Atomics.notify(words, SYNC.generation);
    await Promise.all(workers.map((worker) => worker.close()));
  };
  return { name: 'wasm', threads, simdBits, compile, close };
}
