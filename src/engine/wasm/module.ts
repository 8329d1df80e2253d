// The kernel module: compiled once, with V8's revectoriser where it works, and shared by all threads.

import { forcedSimd, kernelBytes, setRevectorizer } from '#threads';

export interface Kernels {
  run(program: number): void;
  serve(thread: number, generation: number): void;
  gemmPanel(
    rows: number,
    a: number,
    panelStride: number,
    K: number,
    b: number,
    init: number,
    initStride: number,
    y: number,
    wide: number,
  ): void;
}

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** 256 where the revectoriser is on and passed its check, else 128. */
  readonly simdBits: 128 | 256;
  /** The 6x16 register block is faster than the 6x8 one here. */
  readonly wide: boolean;
}

export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const env = {
    memory,
    abort: () => {
      throw new Error('kernel aborted');
    },
  };
  return new WebAssembly.Instance(module, { env }).exports as unknown as Kernels;
}

/** Compiles the kernels. `bytes`: the module, where it cannot be read from disk (browsers). */
export function compileKernels(bytes: Uint8Array<ArrayBuffer> = kernelBytes()): KernelModule {
  const forced = forcedSimd();
  const tries = forced === '128' ? [false] : [true, false];
  for (const revectorize of tries) {
    setRevectorizer(revectorize);
    const module = new WebAssembly.Module(bytes);
    const check = checkProduct(module);
    if (check === undefined) continue;
    const wide = check.wideSeconds < check.narrowSeconds;
    return { module, simdBits: revectorize && wide ? 256 : 128, wide };
  }
  throw new Error('kernels failed their self-check with and without 256-bit code; please report this machine');
}

/** A small product against plain JavaScript, for both register blocks, and how long each takes; undefined if it is wrong. */
function checkProduct(module: WebAssembly.Module): { wideSeconds: number; narrowSeconds: number } | undefined {
  const [rows, K] = [30, 75];
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
  const kernels = instantiateKernels(module, memory);
  const view = new Float32Array(memory.buffer);
  const [a, b, y] = [65536, 131072, 196608];
  const stride = rows * 128;
  for (let q = 0; q < 3; q++)
    for (let i = 0; i < rows * 32; i++) view[(a + q * stride) / 4 + i] = Math.fround(Math.sin(i + 1000 * q));
  for (let i = 0; i < K * 32; i++) view[b / 4 + i] = Math.fround(Math.cos(3 * i));
  const seconds = [0, 1].map((wide) => {
    let best = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat < 20; repeat++) {
      const start = performance.now();
      for (let k = 0; k < 10; k++) kernels.gemmPanel(rows, a, stride, K, b, 1536, 0, y, wide);
      best = Math.min(best, performance.now() - start);
    }
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < 32; j++) {
        let sum = 0;
        for (let k = 0; k < K; k++)
          sum += view[(a + (k >> 5) * stride) / 4 + r * 32 + (k & 31)]! * view[b / 4 + k * 32 + j]!;
        if (!(Math.abs(view[y / 4 + r * 32 + j]! - sum) < 1e-4)) return undefined;
      }
    }
    return best;
  });
  const [narrowSeconds, wideSeconds] = seconds;
  return narrowSeconds === undefined || wideSeconds === undefined ? undefined : { narrowSeconds, wideSeconds };
}
