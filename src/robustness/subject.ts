// What is attacked: a network with its weights, and how it is read.

import type { DecoderSpec, EncoderSpec, NetworkSpec, Weights } from '../model/index.ts';

export interface Subject {
  /** Unique among the networks compared: `ANN`, `SNN T=20`. */
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly mode: 'ann' | 'snn';
  /** 1 for an ANN. */
  readonly timesteps: number;
  readonly encoder: EncoderSpec;
  /** How a spiking network's output is read; an ANN's is its largest logit. */
  readonly decoder: DecoderSpec['kind'];
}

/** Images before normalisation, in the units of their own pixels: [n, size], row-major. */
export interface Images {
  readonly pixels: Float32Array;
  /** Index of each in its dataset: the key of its random draws, so that every network sees the same ones. */
  readonly ids: Uint32Array;
}

/** Values a pixel may take. */
export interface PixelRange {
  readonly low: number;
  readonly high: number;
}
