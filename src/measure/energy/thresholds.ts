// Where the literature draws the line: above so many spikes a synapse and inference, a spiking network costs more than an ANN.
// Each holds under its own assumptions; they are shown beside a measured figure, never as a verdict.

export interface Threshold {
  readonly id: string;
  /** Spikes a synapse and inference; a range where the answer depends on how the ANN is built. */
  readonly low: number;
  readonly high: number;
  readonly assumes: string;
  readonly source: string;
  readonly year: number;
  readonly reference: string;
}

export const THRESHOLDS: readonly Threshold[] = [
  {
    id: 'davidson-furber',
    low: 1.72,
    high: 1.72,
    assumes: '22 nm; weights of 8 bits fetched from SRAM for each synapse on both sides; state updates not counted',
    source: 'Davidson and Furber, Front. Neurosci. 2021',
    year: 2021,
    reference: '10.3389/fnins.2021.651141',
  },
  {
    id: 'dampfhoffer',
    low: 0.15,
    high: 1.38,
    assumes: 'memory accesses on both sides; the range is how well the ANN reuses data and skips zeros',
    source: 'Dampfhoffer et al., IEEE TETCI 2023',
    year: 2023,
    reference: '10.1109/TETCI.2022.3214509',
  },
  {
    id: 'yan',
    low: 0.285,
    high: 0.285,
    assumes:
      'T = 5 at a spike rate of 5.7 %; 4-bit weights, 4096 sources, data movement counted, ANN of 3 bits (version 4 on)',
    source: 'Yan et al., arXiv:2409.08290',
    year: 2024,
    reference: 'https://arxiv.org/abs/2409.08290',
  },
];

export type Standing = 'below' | 'within' | 'above';

/** Where a measured number of spikes a synapse and inference stands; at a bound is within. */
export function standing(spikesPerSynapse: number, { low, high }: Threshold): Standing {
  return spikesPerSynapse < low ? 'below' : spikesPerSynapse > high ? 'above' : 'within';
}
