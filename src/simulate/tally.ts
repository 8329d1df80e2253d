// Sums of what the engine counted, batch by batch, into the activity trace.

import type { Program } from '../engine/index.ts';
import type { Probe } from '../lower/index.ts';
import type { LayerActivity } from './trace.ts';

/** One layer's tally: `add` after each batch, `finish` once. */
export interface Tally {
  add(program: Program, samples: number): void;
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

export function reluTally(probe: Extract<Probe, { kind: 'relu' }>): Tally {
  const sums = new CountSums(1);
  return {
    add: (program, samples) => sums.add(program.tensor(probe.counts!), samples),
    finish: () => ({ kind: 'relu', layer: probe.layer, features: probe.features, nonzeroOut: sums.byRow }),
  };
}

export function encoderTally(
  probe: Extract<Probe, { kind: 'encoder' }>,
  encoder: 'constant' | 'rate' | 'latency' | 'delta',
  rows: number,
): Tally {
  const sums = new CountSums(rows);
  return {
    add: (program, samples) => sums.add(program.tensor(probe.counts!), samples),
    finish: () => ({ kind: 'encoder', layer: probe.layer, encoder, features: probe.features, nonzeroOut: sums.byRow }),
  };
}
