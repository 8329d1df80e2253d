// Sums of what the engine counted, batch by batch, into the activity trace.

import type { Probe } from '../lower/index.ts';
import type { LayerActivity } from './trace.ts';

/** A tensor of the batch last run, row-major; valid until the next is read. */
export type ReadTensor = (id: string) => ArrayLike<number>;

/** One layer's tally: `add` after each batch, `finish` once. */
export interface Tally {
  add(read: ReadTensor, samples: number): void;
  finish(): LayerActivity;
}

/** Row counts summed over samples [rows] and over rows [samples]. */
export class CountSums {
  readonly byRow: number[];
  readonly bySample: number[] = [];
  /** The same without the last row: what a recurrent connection feeds back. */
  readonly bySampleButLast: number[] = [];

  constructor(rows: number) {
    this.byRow = new Array<number>(rows).fill(0);
  }

  /** `counts`: [samples, rows] */
  add(counts: ArrayLike<number>, samples: number): void {
    const rows = this.byRow.length;
    for (let sample = 0; sample < samples; sample++) {
      let total = 0;
      for (let row = 0; row < rows; row++) {
        const value = counts[sample * rows + row]!;
        this.byRow[row]! += value;
        total += value;
      }
      this.bySample.push(total);
      this.bySampleButLast.push(total - counts[sample * rows + rows - 1]!);
    }
  }
}

/** Of a layer that only its description matters of. */
export const fixedTally = (activity: LayerActivity): Tally => ({ add: () => {}, finish: () => activity });

export function activationTally(probe: Extract<Probe, { kind: 'relu' | 'activation' }>): Tally {
  const { layer, features } = probe;
  const sums = new CountSums(1);
  return {
    add: (read, samples) => sums.add(read(probe.counts!), samples),
    finish: () =>
      probe.kind === 'relu'
        ? { kind: 'relu', layer, features, nonzeroOut: sums.byRow }
        : { kind: 'activation', layer, form: probe.form, features, nonzeroOut: sums.byRow },
  };
}

export function encoderTally(
  probe: Extract<Probe, { kind: 'encoder' }>,
  encoder: 'constant' | 'rate' | 'latency' | 'delta',
  rows: number,
): Tally {
  const sums = new CountSums(rows);
  return {
    add: (read, samples) => sums.add(read(probe.counts!), samples),
    finish: () => ({ kind: 'encoder', layer: probe.layer, encoder, features: probe.features, nonzeroOut: sums.byRow }),
  };
}

export function poolTally(probe: Extract<Probe, { kind: 'pool' }>): Tally {
  const { layer, mode, window, channels, input, executions } = probe;
  const sums = new CountSums(executions);
  const reached = new CountSums(executions);
  return {
    add(read, samples) {
      sums.add(read(probe.counts!), samples);
      if (probe.reached !== undefined) reached.add(read(probe.reached), samples);
    },
    finish: () => ({
      kind: 'pool',
      layer,
      mode,
      window,
      channels,
      input,
      executions,
      nonzeroIn: sums.byRow,
      nonzeroInPerSample: sums.bySample,
      ...(probe.reached !== undefined && { reachedPixels: reached.byRow }),
    }),
  };
}
