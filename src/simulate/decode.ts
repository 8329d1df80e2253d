// From outputs over time to a class at every step. Ties go to the lowest class index. Where spikes decide and none has been
// fired yet, the answer is -1: undecided.
// T steps, C classes; outputs are row-major [samples, T, C].

import { ConfigError, NumericError } from '../core/index.ts';
import type { DecoderSpec } from '../model/index.ts';

type Values = ArrayLike<number>;

/** Index of the largest of `scores`; the lowest of equals. */
function largest(scores: Float64Array): number {
  let best = 0;
  for (let c = 1; c < scores.length; c++) if (scores[c]! > scores[best]!) best = c;
  return best;
}

/** What a decoder keeps of one sample while its steps pass by; gives the class so far. */
type Step = (row: Values, from: number) => number;

const STEPS: Readonly<Record<DecoderSpec['kind'], (classes: number) => Step>> = {
  'spike-count': (classes) => {
    const counts = new Float64Array(classes);
    return (row, from) => {
      for (let c = 0; c < classes; c++) counts[c]! += row[from + c]!;
      const best = largest(counts);
      return counts[best]! > 0 ? best : -1;
    };
  },
  'first-spike': (classes) => {
    let decided = -1;
    return (row, from) => {
      for (let c = 0; c < classes && decided < 0; c++) if (row[from + c]! > 0) decided = c;
      return decided;
    };
  },
  'max-membrane': (classes) => {
    const peaks = new Float64Array(classes).fill(-Infinity);
    return (row, from) => {
      for (let c = 0; c < classes; c++) peaks[c] = Math.max(peaks[c]!, row[from + c]!);
      return largest(peaks);
    };
  },
  'mean-membrane': (classes) => {
    const sums = new Float64Array(classes);
    return (row, from) => {
      for (let c = 0; c < classes; c++) sums[c]! += row[from + c]!;
      return largest(sums);
    };
  },
  'last-membrane': (classes) => {
    const last = new Float64Array(classes);
    return (row, from) => {
      for (let c = 0; c < classes; c++) last[c] = row[from + c]!;
      return largest(last);
    };
  },
};

/** Does the decoder read membranes (or spikes)? */
export const readsMembrane = (kind: DecoderSpec['kind']): boolean => kind.endsWith('membrane');

/** The decoder asked for, or the default. Throws ConfigError if the output cannot be read that way. */
export function chooseDecoder(decoder: DecoderSpec | undefined, fires: boolean): DecoderSpec['kind'] {
  const kinds = Object.keys(STEPS) as DecoderSpec['kind'][];
  const allowed = fires ? kinds : kinds.filter(readsMembrane);
  const kind = decoder?.kind ?? (fires ? 'spike-count' : 'last-membrane');
  if (allowed.includes(kind)) return kind;
  const why = kinds.includes(kind) ? ', but the output layer never fires' : '';
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
  const { samples, timesteps, classes } = shape;
  for (let sample = 0; sample < samples; sample++) {
    const step = STEPS[kind](classes);
    for (let t = 0; t < timesteps; t++)
      predictions[t]![at + sample] = step(outputs, (sample * timesteps + t) * classes);
  }
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
