// Philox4x32-10 on eight counters at once (Salmon et al. 2011, doi 10.1145/2063384.2063405): word j of block i is lane i of
// the j-th result. The blocks share c2, c3 and the key and differ in c0 and c1.

// @ts-ignore: decorator
@lazy let out0: v128 = i32x4.splat(0);
// @ts-ignore: decorator
@lazy let out1: v128 = i32x4.splat(0);
// @ts-ignore: decorator
@lazy let out2: v128 = i32x4.splat(0);
// @ts-ignore: decorator
@lazy let out3: v128 = i32x4.splat(0);
// @ts-ignore: decorator
@lazy let out4: v128 = i32x4.splat(0);
// @ts-ignore: decorator
@lazy let out5: v128 = i32x4.splat(0);
// @ts-ignore: decorator
@lazy let out6: v128 = i32x4.splat(0);
// @ts-ignore: decorator
@lazy let out7: v128 = i32x4.splat(0);

/** Bytes of a key schedule: two key words, each in four lanes, for ten rounds. */
export const KEYS_BYTES: usize = 320;

/** The round keys of key (k0, k1), ready for four lanes. */
export function keySchedule(k0: u32, k1: u32, keys: usize): void {
  for (let round: usize = 0; round < 320; round += 32) {
    v128.store(keys + round, i32x4.splat(k0));
    v128.store(keys + round, i32x4.splat(k1), 16);
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
}

/**
 * Eight blocks under one key schedule: counters (c0 lanes, c1 lanes, c2, c3) and (d0, d1, c2, c3). Two chains of
 * rounds side by side hide each other's latency. Read the first four blocks with word0..word3, the others with word4..word7.
 */
export function philox8(c0: v128, c1: v128, d0: v128, d1: v128, c2: u32, c3: u32, keys: usize): void {
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  let x0 = c0, x1 = c1, x2 = i32x4.splat(c2), x3 = i32x4.splat(c3);
  let y0 = d0, y1 = d1, y2 = x2, y3 = x3;
  for (const end = keys + KEYS_BYTES; keys < end; keys += 32) {
    const k0 = v128.load(keys), k1 = v128.load(keys, 16);
    const a = i64x2.extmul_low_i32x4_u(m0, x0), b = i64x2.extmul_high_i32x4_u(m0, x0);
    const c = i64x2.extmul_low_i32x4_u(m1, x2), e = i64x2.extmul_high_i32x4_u(m1, x2);
    const f = i64x2.extmul_low_i32x4_u(m0, y0), g = i64x2.extmul_high_i32x4_u(m0, y0);
    const h = i64x2.extmul_low_i32x4_u(m1, y2), i = i64x2.extmul_high_i32x4_u(m1, y2);
    x0 = v128.xor(v128.xor(v128.shuffle<i32>(c, e, 1, 3, 5, 7), x1), k0);
    x2 = v128.xor(v128.xor(v128.shuffle<i32>(a, b, 1, 3, 5, 7), x3), k1);
    y0 = v128.xor(v128.xor(v128.shuffle<i32>(h, i, 1, 3, 5, 7), y1), k0);
    y2 = v128.xor(v128.xor(v128.shuffle<i32>(f, g, 1, 3, 5, 7), y3), k1);
    x1 = v128.shuffle<i32>(c, e, 0, 2, 4, 6);
    x3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
    y1 = v128.shuffle<i32>(h, i, 0, 2, 4, 6);
    y3 = v128.shuffle<i32>(f, g, 0, 2, 4, 6);
  }
  out0 = x0; out1 = x1; out2 = x2; out3 = x3;
  out4 = y0; out5 = y1; out6 = y2; out7 = y3;
}

// @ts-ignore: decorator
@inline
export function word0(): v128 { return out0; }
// @ts-ignore: decorator
@inline
export function word1(): v128 { return out1; }
// @ts-ignore: decorator
@inline
export function word2(): v128 { return out2; }
// @ts-ignore: decorator
@inline
export function word3(): v128 { return out3; }
// @ts-ignore: decorator
@inline
export function word4(): v128 { return out4; }
// @ts-ignore: decorator
@inline
export function word5(): v128 { return out5; }
// @ts-ignore: decorator
@inline
export function word6(): v128 { return out6; }
// @ts-ignore: decorator
@inline
export function word7(): v128 { return out7; }
