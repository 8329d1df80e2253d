// The engine a study runs on.

import { UnsupportedError } from '../core/index.ts';
import { type Backend, type Plan, referenceBackend, wasmBackend } from '../engine/index.ts';

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
  /** Mebibytes a compiled network may take; null: what there is, 4 GiB at most. */
  readonly memory?: number | null;
}

const MEBIBYTE = 2 ** 20;

/** Opens the engine; `backend.close()` ends its threads. Throws ConfigError for a thread count that cannot be. */
export async function openBackend({ engine, threads, memory = null }: EngineChoice): Promise<OpenBackend> {
  if (engine === 'reference') return { backend: referenceBackend(), simdBits: 0 };
  const backend = await wasmBackend(threads === null ? {} : { threads });
  return { backend: telling(backend, memory), simdBits: backend.simdBits };
}

/** The backend with a limit for each program; where one does not fit, it is said what of it are parameters. */
const telling = (backend: Backend, memory: number | null): Backend => ({
  ...backend,
  compile(plan, options) {
    try {
      return backend.compile(plan, { ...(memory === null ? {} : { memoryLimit: memory * MEBIBYTE }), ...options });
    } catch (error) {
      if (!(error instanceof UnsupportedError && error.message.includes(' MiB '))) throw error;
      throw new UnsupportedError(`${error.message}. ${parameterWords(plan)}`, { cause: error });
    }
  },
});

/** `Its parameters, with gradients and the optimiser's state, take 2111 MiB by themselves.` */
function parameterWords({ parameters, update }: Plan): string {
  const bytes = parameters.reduce((sum, { rows, columns }) => sum + 4 * rows * columns, 0);
  const what = update.length > 0 ? "parameters, with gradients and the optimiser's state," : 'parameters';
  return `Its ${what} take ${Math.ceil(bytes / MEBIBYTE)} MiB by themselves`;
}
