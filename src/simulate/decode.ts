// A batch's outputs read as classes; how is in the model's decoders. Outputs are row-major [samples, T, C].

import { ConfigError, NumericError } from '../core/index.ts';
import { decode as classesOf, DECODERS, type DecoderSpec, readsSpikes } from '../model/index.ts';

type Values = ArrayLike<number>;

/** Does the decoder read membranes (or spikes)? */
export const readsMembrane = (kind: DecoderSpec['kind']): boolean => !readsSpikes({ kind });

/** The decoder asked for, or the default. Throws ConfigError if the output cannot be read that way. */
export function chooseDecoder(decoder: DecoderSpec | undefined, fires: boolean): DecoderSpec['kind'] {
  const allowed = fires ? DECODERS : DECODERS.filter(readsMembrane);
  const kind = decoder?.kind ?? (fires ? 'spike-count' : 'last-membrane');
  if (allowed.includes(kind)) return kind;
  const why = DECODERS.includes(kind) ? ', but the output layer never fires' : '';
  throw new ConfigError('decoder.kind', `got "${kind}"${why}; use ${allowed.join(', ')}`);
}

/** Class of every sample after every step, written to `predictions[t][at + sample]`. */
export function decode(
  kind: DecoderSpec['kind'],
  outputs: Values,
  shape: { readonly samples: number; readonly timesteps: number; readonly classes: number },
  predictions: readonly Int16Array[],
  at: number,
): void {
  const { samples, timesteps } = shape;
  const classes = classesOf(
    { kind },
    { ...shape, ...(readsMembrane(kind) ? { membrane: outputs } : { spikes: outputs }) },
  );
  for (let sample = 0; sample < samples; sample++)
    for (let t = 0; t < timesteps; t++) predictions[t]![at + sample] = classes[sample * timesteps + t]!;
}

/** Throws NumericError at the first NaN or infinite output, naming layer, step and sample. */
export function checkOutputs(
  layer: string,
  outputs: Values,
  shape: { readonly timesteps: number; readonly classes: number },
  firstSample: number,
): void {
  for (let k = 0; k < outputs.length; k++) {
    if (Number.isFinite(outputs[k])) continue;
    const row = Math.floor(k / shape.classes);
    throw new NumericError(
      `layer "${layer}": output ${k % shape.classes} is ${outputs[k]} at step ${row % shape.timesteps}, sample ${firstSample + Math.floor(row / shape.timesteps)}; the weights or the input hold values no network should have`,
    );
  }
}
