// Where a sliding window meets a map: every output pixel, and the input pixels its taps fall on. Pixels are numbered row by row.

import type { TensorSpec, Window } from '../plan.ts';

/** One tap of one output pixel; `tap` is ky kw + kx. Taps outside the map are left out. */
export interface Tap {
  readonly output: number;
  readonly input: number;
  readonly tap: number;
}

/** Every tap of every output pixel, in scan order of the outputs, then of the taps. */
export function tapsOf({ input, output, kernel, stride, padding, dilation }: Window): Tap[] {
  const taps: Tap[] = [];
  for (let oy = 0; oy < output[0]; oy++) {
    for (let ox = 0; ox < output[1]; ox++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        for (let kx = 0; kx < kernel[1]; kx++) {
          const y = oy * stride[0] - padding[0] + ky * dilation[0];
          const x = ox * stride[1] - padding[1] + kx * dilation[1];
          if (y < 0 || y >= input[0] || x < 0 || x >= input[1]) continue;
          taps.push({ output: oy * output[1] + ox, input: y * input[1] + x, tap: ky * kernel[1] + kx });
        }
      }
    }
  }
  return taps;
}

/** The taps of each output pixel. */
export function tapsByOutput(window: Window): Tap[][] {
  const pixels: Tap[][] = Array.from({ length: window.output[0] * window.output[1] }, () => []);
  for (const tap of tapsOf(window)) pixels[tap.output]!.push(tap);
  return pixels;
}

/** How many output pixels read each input pixel. */
export function reachOf(window: Window): Uint32Array {
  const reach = new Uint32Array(window.input[0] * window.input[1]);
  for (const { input } of tapsOf(window)) reach[input]!++;
  return reach;
}

/** Channels of a tensor; a flat one is a single pixel. */
export const channelsOf = ({ features, channels }: TensorSpec): number => channels ?? features;
