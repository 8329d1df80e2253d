// How many synapses with a nonzero weight each input value has. A convolution's value at a border has fewer: taps that would read
// beyond the map belong to no synapse.

import type { Window } from '../engine/index.ts';

/** `weight`: [inputs, outputs] -> [inputs] */
export function nonzeroDenseSynapses(weight: Float32Array, inputs: number, outputs: number): Float64Array {
  const found = new Float64Array(inputs);
  for (let i = 0; i < inputs; i++) for (let o = 0; o < outputs; o++) if (weight[i * outputs + o] !== 0) found[i]!++;
  return found;
}

interface Convolution {
  readonly window: Window;
  readonly inputChannels: number;
  readonly filters: number;
  readonly groups: number;
}

/** `weight`: [kernel height * kernel width * channels / groups, filters] -> [height * width * channels] */
export function nonzeroConvSynapses(weight: Float32Array, convolution: Convolution): Float64Array {
  const { window, inputChannels } = convolution;
  const nonzero = nonzeroOfTaps(weight, convolution);
  const found = new Float64Array(window.input[0] * window.input[1] * inputChannels);
  forEachTap(window, (pixel, tap) => {
    for (let c = 0; c < inputChannels; c++) found[pixel * inputChannels + c]! += nonzero[tap * inputChannels + c]!;
  });
  return found;
}

/** Nonzero weights of each tap and input channel, over the filters of the channel's group [taps, channels]. */
function nonzeroOfTaps(weight: Float32Array, { window, inputChannels, filters, groups }: Convolution): Float64Array {
  const taps = window.kernel[0] * window.kernel[1];
  const [inGroup, outGroup] = [inputChannels / groups, filters / groups];
  const nonzero = new Float64Array(taps * inputChannels);
  for (let tap = 0; tap < taps; tap++)
    for (let c = 0; c < inputChannels; c++) {
      const row = (tap * inGroup + (c % inGroup)) * filters;
      const first = Math.floor(c / inGroup) * outGroup;
      for (let o = first; o < first + outGroup; o++) if (weight[row + o] !== 0) nonzero[tap * inputChannels + c]!++;
    }
  return nonzero;
}

/** Calls `visit` for each pair of output pixel and tap inside the map. */
function forEachTap(window: Window, visit: (inputPixel: number, tap: number) => void): void {
  const { input, output, kernel, stride, padding, dilation } = window;
  for (let oy = 0; oy < output[0]; oy++)
    for (let ky = 0; ky < kernel[0]; ky++) {
      const y = oy * stride[0] - padding[0] + ky * dilation[0];
      if (y < 0 || y >= input[0]) continue;
      for (let ox = 0; ox < output[1]; ox++)
        for (let kx = 0; kx < kernel[1]; kx++) {
          const x = ox * stride[1] - padding[1] + kx * dilation[1];
          if (x >= 0 && x < input[1]) visit(y * input[1] + x, ky * kernel[1] + kx);
        }
    }
}
