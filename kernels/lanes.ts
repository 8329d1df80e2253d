// Bits of a word as masks of 32 lanes, eight vectors of four.

/** Lanes 4 j to 4 j + 3 of a word that fills all four lanes: all ones where the bit is set. */
// @ts-ignore: decorator
@inline
export function lanes(word: v128, j: i32): v128 {
  const bits = j == 0 ? i32x4(1, 2, 4, 8)
    : j == 1 ? i32x4(16, 32, 64, 128)
    : j == 2 ? i32x4(0x100, 0x200, 0x400, 0x800)
    : j == 3 ? i32x4(0x1000, 0x2000, 0x4000, 0x8000)
    : j == 4 ? i32x4(0x10000, 0x20000, 0x40000, 0x80000)
    : j == 5 ? i32x4(0x100000, 0x200000, 0x400000, 0x800000)
    : j == 6 ? i32x4(0x1000000, 0x2000000, 0x4000000, 0x8000000)
    : i32x4(0x10000000, 0x20000000, 0x40000000, 0x80000000);
  return i32x4.eq(v128.and(word, bits), bits);
}
