// Philox4x32-10, a counter-based generator: block (c0,c1,c2,c3) under key (k0,k1) gives four 32-bit words.
// Random numbers are a function of (seed, stream, element), so they are the same for any thread count and backend.
// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011, doi 10.1145/2063384.2063405.

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** Named streams; the low key word is the seed, the high one the stream. */
export const STREAM = {
  init: 1,
  shuffle: 2,
  encode: 3,
  dropout: 4,
  split: 5,
  noise: 6,
  augment: 7,
  corrupt: 8,
  fault: 9,
  attack: 10,
  harden: 11,
  resample: 12,
} as const;

/** High 32 bits of a 32 x 32 bit product, by 16-bit halves. Every sum below stays under 2^32, so V8 keeps to integers. */
function mulHigh(aHigh: number, aLow: number, b: number): number {
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const low = Math.imul(aLow, bLow) >>> 16;
  const first = (Math.imul(aHigh, bLow) + low) >>> 0;
  const second = (Math.imul(aLow, bHigh) + (first & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (first >>> 16) + (second >>> 16)) | 0;
}

/** One Philox4x32-10 block. All words are 32-bit; the result is written to `out[0..3]`. */
export function philox(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  let y0 = k0 | 0;
  let y1 = k1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0 >>> 16, M0 & 0xffff, x0);
    const low0 = Math.imul(M0, x0);
    const high1 = mulHigh(M1 >>> 16, M1 & 0xffff, x2);
    const low1 = Math.imul(M1, x2);
    x0 = high1 ^ x1 ^ y0;
    x1 = low1;
    x2 = high0 ^ x3 ^ y1;
    x3 = low0;
    y0 = (y0 + W0) | 0;
    y1 = (y1 + W1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/** A sequential view of one (seed, stream): `uniform()` in [0,1), `below(n)`, `normal()`, `permutation(n)`. */
export interface Rng {
  /** Next 32-bit word. */
  word(): number;
  /** Uniform in [0,1), 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, n), without modulo bias. */
  below(n: number): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Fisher-Yates shuffle of 0..n-1. */
  permutation(n: number): Uint32Array;
}

/** The generator of (seed, stream, substream); the same arguments always give the same sequence. */
export function rng(seed: number, stream: number, substream = 0): Rng {
  const block = new Uint32Array(4);
  let counter = 0;
  let used = 4;
  const word = (): number => {
    if (used === 4) {
      philox(block, counter % 2 ** 32, Math.floor(counter / 2 ** 32), substream, 0, seed, stream);
      counter++;
      used = 0;
    }
    return block[used++]!;
  };
  const uniform = (): number => word() / 2 ** 32;
  const below = (n: number): number => {
    const limit = 2 ** 32 - (2 ** 32 % n);
    let value = word();
    while (value >= limit) value = word();
    return value % n;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const permutation = (n: number): Uint32Array => {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = below(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  };
  return { word, uniform, below, normal, permutation };
}
