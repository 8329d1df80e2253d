// The scale of one slot: measured by calibration, or known from the activation itself.

import { ConfigError } from '../core/index.ts';
import type { SlotSpec, Weights } from '../model/index.ts';
import { ceilingOf } from './ceiling.ts';
import type { Scale } from './normalise.ts';
import type { ChannelScales } from './options.ts';

/** What a ReLU6 saturates at: a neuron that fires at every step must not stand for more. */
const CEILING_OF_RELU6 = 6;

/** One number for each of `channels`. Throws ConfigError for a scale that is missing or that nothing can be divided by. */
export function scaleFor(slot: SlotSpec, weights: Weights, scales: ChannelScales, channels: number): Scale {
  const ceiling = ceilingOf(slot, weights);
  if (ceiling !== undefined) return new Float64Array(channels).fill(ceiling);
  const measured = scales.get(slot.name);
  const list = typeof measured === 'object' ? measured : new Array<number>(channels).fill(measured ?? 0);
  const scale = Float64Array.from(list, (value) => checked(slot.name, value, measured, scales));
  if (scale.length !== channels)
    throw new ConfigError(
      `scales.${slot.name}`,
      `got ${scale.length} values, expected one number or ${channels}, one a channel; calibrate this network`,
    );
  return slot.ann === 'relu6' ? scale.map((value) => Math.min(value, CEILING_OF_RELU6)) : scale;
}

function checked(name: string, value: number, measured: unknown, scales: ChannelScales): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new ConfigError(
    `scales.${name}`,
    `got ${measured === undefined ? 'none' : value}, expected a positive number; calibrate the network first (there are: ${[...scales.keys()].join(', ') || 'none'})`,
  );
}
