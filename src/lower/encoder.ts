// The input: staged data is loaded, and, in a spiking network, encoded in time.

import { ConfigError, UnsupportedError } from '../core/index.ts';
import type { EncoderSpec } from '../model/index.ts';
import type { PlanBuilder, Signal } from './builder.ts';

/** The layer name under which the input and its encoder appear. */
export const INPUT_LAYER = 'input';

/** Layer names hold no `@`, so this clashes with none of their tensors. */
const INPUT = '@input';

/**
 * Loads [features] values a sample, or [timesteps, features] for sequences, and encodes them. A constant input keeps one row a
 * sample: whatever stands before the first neuron layer is then computed once and not at every step.
 */
export function lowerInput(builder: PlanBuilder, features: number): Signal {
  const { options } = builder;
  const encoder: EncoderSpec = options.encoder ?? { kind: 'constant' };
  const sequence = options.input.sequence === true || encoder.kind === 'delta';
  if (options.mode === 'ann') refuseForAnn(encoder, sequence);
  if (sequence && encoder.kind === 'latency')
    throw new UnsupportedError(
      'encoder "latency": got samples that are sequences, it encodes one static sample; use constant, rate or delta',
    );
  const wanted = options.purpose === 'attack' || (builder.training && options.observe?.inputGradient === true);
  const x = builder.tensor(INPUT, { rows: sequence ? 'step' : 'sample', features });
  builder.forward.push({
    kernel: 'load',
    layer: INPUT_LAYER,
    source: options.input.source,
    scale: options.input.scale ?? 1 / 255,
    x,
  });
  const loaded: Signal = {
    id: x,
    rows: sequence ? 'step' : 'sample',
    features,
    values: 'analog',
    events: false,
    wanted,
  };
  const encoded = encode(builder, encoder, loaded);
  builder.probes.push({ kind: 'encoder', layer: INPUT_LAYER, features, ...builder.count(INPUT_LAYER, encoded) });
  return encoded;
}

function refuseForAnn(encoder: EncoderSpec, sequence: boolean): void {
  if (encoder.kind !== 'constant')
    throw new ConfigError(
      'encoder',
      `got "${encoder.kind}" for an ANN, expected constant: an ANN reads its input as it is; encode in mode snn`,
    );
  if (sequence)
    throw new UnsupportedError(
      'input: got samples that are sequences for an ANN, which has one time step; flatten time into the input shape, or use mode snn',
    );
}

function encode(builder: PlanBuilder, encoder: EncoderSpec, x: Signal): Signal {
  if (encoder.kind === 'constant') return x;
  if (encoder.kind === 'delta') {
    const { threshold, offSpikes, padding } = encoder;
    const y = builder.tensor(`${INPUT}@events`, x, offSpikes ? 'analog' : 'spikes');
    builder.forward.push({ kernel: 'encode-delta', layer: INPUT_LAYER, threshold, offSpikes, padding, x: x.id, y });
    return { ...x, id: y, values: offSpikes ? 'analog' : 'spikes', events: true };
  }
  const spikes = builder.tensor(`${INPUT}@spikes`, { ...x, rows: 'step' }, 'spikes');
  if (encoder.kind === 'rate') {
    const { gain, offset } = encoder;
    builder.forward.push({ kernel: 'encode-rate', layer: INPUT_LAYER, gain, offset, x: x.id, spikes });
    // a pixel drives its spikes alike at every step
    if (x.rows === 'sample') return spiking(x, spikes, builder.options.purpose === 'attack');
  } else {
    const { kind: _, ...choices } = encoder;
    builder.forward.push({ kernel: 'encode-latency', layer: INPUT_LAYER, ...choices, x: x.id, spikes });
  }
  return spiking(x, spikes, false);
}

const spiking = (x: Signal, id: string, summed: boolean): Signal => ({
  ...{ ...x, id, rows: 'step', values: 'spikes', events: true },
  ...(summed && { summed }),
});
