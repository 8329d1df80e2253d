// The kernel module: compiled once, with V8's revectoriser where it works, and shared by all threads.

import { forcedSimd, kernelBytes, restoreCompiler, setRevectorizer } from '#threads';

export interface Kernels {
  run(program: number): void;
  serve(thread: number, generation: number): void;
  gemmPanel(
    rows: number,
    a: number,
    panelStride: number,
    lanes: number,
    K: number,
    b: number,
    init: number,
    initStride: number,
    y: number,
    wide: number,
    columns: number,
  ): void;
}

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** 256 where the revectoriser is on and passed its check, else 128. */
  readonly simdBits: 128 | 256;
  /** The 6x16 register block is faster than the 6x8 one here. */
  readonly wide: boolean;
}

/** `timeOrigin`: of the thread whose clock all threads are to agree with; only a probed run looks at it. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  timeOrigin = performance.timeOrigin,
): Kernels {
  const shift = performance.timeOrigin - timeOrigin;
  const env = {
    memory,
    clock: () => performance.now() + shift,
    abort: () => {
      throw new Error('kernel aborted');
    },
  };
  return new WebAssembly.Instance(module, { env }).exports as unknown as Kernels;
}

/** An empty custom section. V8 keeps compiled code by the module's bytes: without a difference it would serve what it has. */
const EMPTY_SECTION = [0, 2, 1, 0x5f];

function withEmptySection(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(bytes.length + EMPTY_SECTION.length);
  longer.set(bytes);
  longer.set(EMPTY_SECTION, bytes.length);
  return longer;
}

/** Compiles the kernels. `bytes`: the module, where it cannot be read from disk (browsers). */
export function compileKernels(bytes: Uint8Array<ArrayBuffer> = kernelBytes()): KernelModule {
  try {
    return compileChecked(bytes);
  } finally {
    restoreCompiler();
  }
}

function compileChecked(bytes: Uint8Array<ArrayBuffer>): KernelModule {
  const forced = forcedSimd();
  const tries = forced === '128' ? [false] : [true, false];
  for (const revectorize of tries) {
    setRevectorizer(revectorize);
    const module = new WebAssembly.Module(revectorize ? bytes : withEmptySection(bytes));
    const check = checkProduct(module);
    if (check === undefined) continue;
    const wide = check.wideSeconds < check.narrowSeconds;
    return { module, simdBits: revectorize && wide ? 256 : 128, wide };
  }
  throw new Error('kernels failed their self-check with and without 256-bit code; please report this machine');
}

/** Sizes of the check: rows a multiple of six, K more than two panels and not a multiple of 32. */
const CHECK = { rows: 96, K: 203, a: 1 << 16, b: 1 << 18, y: 1 << 19, zeros: 1536 } as const;
const ROUNDS = 15;

/**
 * A product against plain JavaScript, for both register blocks, and the best time of each, measured in turns so that a busy
 * moment meets both; about 3 ms. Undefined if either is wrong.
 */
function checkProduct(module: WebAssembly.Module): { wideSeconds: number; narrowSeconds: number } | undefined {
  const { rows, K, a, b, y, zeros } = CHECK;
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
  const kernels = instantiateKernels(module, memory);
  const floats = new Float32Array(memory.buffer);
  const stride = rows * 128;
  for (let i = 0; i < Math.ceil(K / 32) * rows * 32; i++) floats[a / 4 + i] = Math.sin(i + 1);
  for (let i = 0; i < K * 32; i++) floats[b / 4 + i] = Math.cos(3 * i);
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const wide = round % 2;
    const start = performance.now();
    kernels.gemmPanel(rows, a, stride, 32, K, b, zeros, 0, y, wide, 32);
    best[wide] = Math.min(best[wide]!, performance.now() - start);
    if (round < 2 && !productIsRight(floats)) return undefined;
  }
  return { narrowSeconds: best[0]!, wideSeconds: best[1]! };
}

/** Rounding of 203 float32 sums of products of at most 1 stays far below this. */
const CHECK_TOLERANCE = 1e-4;

function productIsRight(floats: Float32Array): boolean {
  const { rows, K, a, b, y } = CHECK;
  for (let r = 0; r < rows; r += 5) {
    for (let j = 0; j < 32; j++) {
      let sum = 0;
      for (let k = 0; k < K; k++)
        sum += floats[a / 4 + (k >> 5) * rows * 32 + r * 32 + (k & 31)]! * floats[b / 4 + k * 32 + j]!;
      if (!(Math.abs(floats[y / 4 + r * 32 + j]! - sum) < CHECK_TOLERANCE)) return false;
    }
  }
  return true;
}
