// The engine a study runs on.

import { type Backend, referenceBackend, wasmBackend } from '../engine/index.ts';

export interface OpenBackend {
  readonly backend: Backend;
  /** 128, 256 (revectorised) or 0 (reference). */
  readonly simdBits: number;
}

export interface EngineChoice {
  /** `reference` is slow and exact in float64: for checks. */
  readonly engine: 'wasm' | 'reference';
  /** null: one a core. */
  readonly threads: number | null;
}

/** Opens the engine; `backend.close()` ends its threads. Throws ConfigError for a thread count that cannot be. */
export async function openBackend({ engine, threads }: EngineChoice): Promise<OpenBackend> {
  if (engine === 'reference') return { backend: referenceBackend(), simdBits: 0 };
  const backend = await wasmBackend(threads === null ? {} : { threads });
  return { backend, simdBits: backend.simdBits };
}
