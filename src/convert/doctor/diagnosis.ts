// What the conversion doctor says, as plain data that can be written as JSON, printed, and drawn.

/** Something about one layer that a person should know. */
export interface Finding {
  /** Empty for the network as a whole. */
  readonly layer: string;
  /** refused: cannot be converted. loses: accuracy. costs: operations or memory. note: nothing is lost. */
  readonly severity: 'refused' | 'loses' | 'costs' | 'note';
  readonly problem: string;
  readonly remedy: string;
}

/**
 * How faithfully one layer carries the ANN's activations. A value is one neuron for one sample: its ANN activation a, against
 * r s, its spikes per step times its scale (at an output that never fires, its summed input per step).
 */
export interface LayerDiagnosis {
  readonly layer: string;
  readonly fires: boolean;
  /** Mean of the layer's scales. */
  readonly scale: number;
  /** Values compared. */
  readonly values: number;
  readonly meanActivation: number;
  /** Spikes per neuron and step. */
  readonly meanRate: number;
  /** Pearson's, of a with r s; null where one of them never changes. */
  readonly correlation: number | null;
  /** Of |a - r s|, in the ANN's unit. */
  readonly meanError: number;
  /** 99th percentile of |a - r s|, to 1/2048 of the largest. */
  readonly percentileError: number;
  /** Root mean square of a - r s, over that of a: the whole network up to here. 0 for a layer that is always 0. */
  readonly relativeError: number;
  /**
   * The same for this layer alone: its neurons driven by the ANN's own input to them, constant through time, which is exact.
   * What the layer adds by rounding to T steps and by saturating; the rest came from the layers before, or from spikes that come
   * unevenly. 0 at an output that never fires: it adds up exactly.
   */
  readonly ownError: number;
  /** Share of values that fire at every step while the ANN asks for more. */
  readonly saturated: number;
  /** Share of values that never fire while the ANN's is above 0. */
  readonly silent: number;
  readonly histogram: RateHistogram;
  /** At most 500 values drawn at random from those that are not 0 in both. */
  readonly scatter: readonly { readonly activation: number; readonly rate: number }[];
}

/** Shares of values in bins of a / s and of r, `width` each from 0 on; the last bin holds what lies beyond, too. */
export interface RateHistogram {
  readonly width: number;
  readonly activations: readonly number[];
  readonly rates: readonly number[];
}

/** One thing that could be done, tried. */
export interface TriedFix {
  readonly fix: string;
  /** What to set. */
  readonly change: string;
  readonly timesteps: number;
  readonly accuracy: number;
  /** Accuracy gained over the conversion as it is. */
  readonly gain: number;
}

export interface ConversionDiagnosis {
  readonly timesteps: number;
  readonly samples: number;
  readonly annAccuracy: number;
  readonly accuracy: number;
  /** In the order of the network. */
  readonly layers: readonly LayerDiagnosis[];
  readonly findings: readonly Finding[];
  /** Most gain first; empty if none were asked for. */
  readonly fixes: readonly TriedFix[];
}
