// Fewer bits a value: the nearest of 2^bits values evenly over the range, both ends among them. Computed in float32 as bytes are
// scaled, k * (range / levels), so that 8 bits leave images of bytes from 0 to 1 as they are.

import type { Corrupt } from './corruption-kind.ts';

export const quantize: Corrupt = ({ pixels }, { range: { low, high } }) => {
  return (bits) => {
    const steps = 2 ** bits - 1;
    const step = Math.fround((high - low) / steps);
    return pixels.map((x) => low + Math.round(((x - low) / (high - low)) * steps) * step);
  };
};
