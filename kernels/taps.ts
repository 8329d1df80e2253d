// Where a sliding window meets a map. Twelve words of a descriptor say how: height and width of input, output, kernel, stride,
// padding and dilation. Lists hold pixel numbers, 32 bits each.

import { word } from './memory';

/** Input pixels that output pixel (oy, ox) reads, in scan order of the window; returns how many. Those outside are left out. */
export function listTaps(d: usize, w: usize, oy: i32, ox: i32, list: usize): i32 {
  const height = word(d, w), width = word(d, w + 1);
  const y0 = oy * word(d, w + 6) - word(d, w + 8), x0 = ox * word(d, w + 7) - word(d, w + 9);
  let n = 0;
  for (let ky = 0; ky < word(d, w + 4); ky++) {
    const y = y0 + ky * word(d, w + 10);
    if (<u32>y >= <u32>height) continue;
    for (let kx = 0; kx < word(d, w + 5); kx++) {
      const x = x0 + kx * word(d, w + 11);
      if (<u32>x >= <u32>width) continue;
      store<i32>(list + (<usize>n << 2), y * width + x);
      n++;
    }
  }
  return n;
}

/** Output pixels that read input pixel (iy, ix), ascending; returns how many. */
export function listReaders(d: usize, w: usize, iy: i32, ix: i32, list: usize): i32 {
  const width = word(d, w + 3);
  let n = 0;
  for (let ky = word(d, w + 4) - 1; ky >= 0; ky--) {
    const oy = reader(d, w, iy, ky);
    if (oy < 0) continue;
    for (let kx = word(d, w + 5) - 1; kx >= 0; kx--) {
      const ox = reader(d, w + 1, ix, kx);
      if (ox < 0) continue;
      store<i32>(list + (<usize>n << 2), oy * width + ox);
      n++;
    }
  }
  return n;
}

/** How many outputs along one axis read place i; `w` is the first word of the axis. */
export function reach(d: usize, w: usize, i: i32): i32 {
  let n = 0;
  for (let k = 0; k < word(d, w + 4); k++) if (reader(d, w, i, k) >= 0) n++;
  return n;
}

/** The output along one axis whose tap k falls on place i, or -1. */
function reader(d: usize, w: usize, i: i32, k: i32): i32 {
  const from = i + word(d, w + 8) - k * word(d, w + 10), stride = word(d, w + 6);
  if (from < 0 || from % stride != 0) return -1;
  const o = from / stride;
  return o < word(d, w + 2) ? o : -1;
}
