// The ledger's columns. All are operations for ONE sample (an average over the samples run), over all its time steps.

export interface OpCounts {
  /** Multiply-accumulates of synapses that met a nonzero analog input. */
  readonly macs: number;
  /** Additions of synapses that met a spike (synaptic operations): spikes times fan-out actually delivered. */
  readonly acs: number;
  /** The same two, had zeros not been skipped. */
  readonly denseMacs: number;
  readonly denseAcs: number;
  /** Additions of biases. */
  readonly biasAcs: number;
  /** Neurons times steps; what one update costs is in the next four. */
  readonly neuronUpdates: number;
  /** Multiplications by a decay (membrane and synaptic current) or input gain. */
  readonly leakMacs: number;
  /** Additions of the current into the membrane, of rest terms, of a synaptic filter. */
  readonly stateAcs: number;
  /** Threshold comparisons. */
  readonly compares: number;
  /** Reset subtractions or overwrites: one a spike. */
  readonly resets: number;
  /** Rectifications of an ANN. */
  readonly reluOps: number;
  /** Encoder draws or conversions. */
  readonly encoderOps: number;
  /** Memory traffic, in words. */
  readonly inputReads: number;
  readonly weightReads: number;
  readonly biasReads: number;
  readonly stateReads: number;
  readonly stateWrites: number;
  readonly outputWrites: number;
}

export interface LayerCounts {
  readonly layer: string;
  readonly kind: string;
  readonly counts: OpCounts;
}

/** What a network did for one average sample. */
export interface Ledger {
  readonly samples: number;
  readonly timesteps: number;
  /** Does `macs`/`acs`, and the traffic they cause, skip zeros? The same switch for ANN and SNN. */
  readonly zeroSkipping: boolean;
  readonly total: OpCounts;
  readonly layers: readonly LayerCounts[];
  /** Synaptic operations (macs + acs) at each time step. */
  readonly synopsByStep: readonly number[];
  /** Synaptic operations of each sample, for their spread. */
  readonly synopsPerSample: readonly number[];
}
