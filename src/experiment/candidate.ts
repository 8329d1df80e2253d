// A network of a study, ready to be run on its test set.

import { type ConversionDiagnosis, foldNorms } from '../convert/index.ts';
import type { NetworkSpec, Weights } from '../model/index.ts';
import type { ConversionRecord, Reading, TrainingRecord } from '../store/index.ts';

/** A network ready to be run, and how it came to be. */
export interface Candidate {
  /** Unique within the run: `ANN`, `SNN T=20`. */
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly reading: Reading;
  readonly training: TrainingRecord | null;
  readonly trainSeconds: number | null;
  readonly trainBytes: number | null;
  readonly conversion: ConversionRecord | null;
  /** Of a converted network: how it compares with its ANN. */
  readonly diagnosis?: ConversionDiagnosis;
  /** Is it looked at closely: through time, stopped early, one image at a time? Not where a longer run says the same. */
  readonly close?: boolean;
}

/** What a network is called in tables: `ANN`, `SNN T=20`, `converted T=50`. */
export const nameOf = ({ kind, timesteps }: Pick<Reading, 'kind' | 'timesteps'>): string =>
  kind === 'ann' ? 'ANN' : `${kind === 'snn' ? 'SNN' : 'converted'} T=${timesteps}`;

/** The candidate with its batch norms folded into the layers before them, as anybody would run it: what is tested and counted. */
export function deployed<C extends Pick<Candidate, 'spec' | 'weights' | 'reading'>>(candidate: C): C {
  const mode = candidate.reading.kind === 'ann' ? 'ann' : 'snn';
  return { ...candidate, ...foldNorms(candidate.spec, candidate.weights, mode) };
}
