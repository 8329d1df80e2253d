// The engine a study runs on.

import { type Backend, referenceBackend } from '../engine/index.ts';

export interface OpenBackend {
  readonly backend: Backend;
  /** 128, 256 (revectorised) or 0 (reference). */
  readonly simdBits: number;
}

/** Opens the engine; `close` it when done. `threads` null: one a core. */
export async function openBackend(_: { readonly threads: number | null }): Promise<OpenBackend> {
  return { backend: referenceBackend(), simdBits: 0 };
}
