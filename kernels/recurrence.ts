// Spikes of the last step fed back into their own layer, a sample and a step at a time.

import { address, PANEL_BYTES, weightStride, word } from './memory';
import { addRows } from './events';
import { fma } from './gemm';
import {
  NEURONS, CURRENT_BYTES, BITS_BYTES, STEP_BYTES, REC_WEIGHT, REC_SCALE, REC_BIAS, REC_TRANSPOSED,
} from './neuron-fields';

/** drive[N] = current row + bias + spikes of the row before times the recurrent weights; the event list follows the drive. */
export function recurrentDrive(d: usize, panels: i32, cur: usize, bits: usize, row: usize, spiked: bool, drive: usize): void {
  const neurons = word(d, NEURONS);
  const list = drive + <usize>panels * PANEL_BYTES;
  let n = 0;
  for (let q = 0; spiked && q < panels; q++) {
    let w = load<u32>(bits + <usize>q * address(d, BITS_BYTES) + ((row - 1) << 2));
    while (w != 0) {
      store<u32>(list + (<usize>n << 2), (<u32>(q << 5) + ctz<u32>(w)) << 7);
      n++;
      w &= w - 1;
    }
  }
  const weight = address(d, REC_WEIGHT), scale = address(d, REC_SCALE), bias = address(d, REC_BIAS);
  for (let p = 0; p < panels; p++) {
    const out = drive + <usize>p * PANEL_BYTES, x = cur + <usize>p * address(d, CURRENT_BYTES);
    for (let j: usize = 0; j < PANEL_BYTES; j += 16) {
      const v = v128.load(x + j);
      v128.store(out + j, bias ? f32x4.add(v, v128.load(bias + <usize>p * PANEL_BYTES + j)) : v);
    }
    if (weight) addRows(n, list, weight + <usize>p * weightStride(neurons), out, out);
  }
  if (!scale) return;
  for (let e = 0; e < n; e++) {
    const o = <usize>(load<u32>(list + (<usize>e << 2)) >> 7) << 2;
    store<f32>(drive + o, load<f32>(drive + o) + load<f32>(scale + o));
  }
}

/** dSpikes[t - 1] += what the spikes of step t - 1 did through the recurrence at step t; `dx`, `dSpikes` at row 0. */
export function recurrentBackward(d: usize, panels: i32, dx: usize, dxBytes: usize, dSpikes: usize, t: i32): void {
  const neurons = word(d, NEURONS), step = address(d, STEP_BYTES);
  const transposed = address(d, REC_TRANSPOSED), scale = address(d, REC_SCALE);
  for (let q = 0; q < panels; q++) {
    const out = dSpikes + <usize>q * step + <usize>(t - 1) * PANEL_BYTES;
    for (let j: usize = 0; j < PANEL_BYTES; j += 16) {
      let acc = v128.load(out + j);
      if (transposed) {
        let w = transposed + <usize>q * weightStride(neurons) + j;
        for (let k = 0; k < neurons; k++) {
          const p = dx + <usize>(k >> 5) * dxBytes + <usize>t * PANEL_BYTES + (<usize>(k & 31) << 2);
          acc = fma(v128.load_splat<f32>(p), v128.load(w), acc);
          w += PANEL_BYTES;
        }
      } else {
        const p = dx + <usize>q * dxBytes + <usize>t * PANEL_BYTES + j;
        acc = fma(v128.load(p), v128.load(scale + <usize>q * PANEL_BYTES + j), acc);
      }
      v128.store(out + j, acc);
    }
  }
}
