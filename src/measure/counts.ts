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
  /** Multiply-accumulates of a decay (membrane, synaptic current) or an input gain: the state's addition is part of them. */
  readonly leakMacs: number;
  /** Additions of the current or of a rest term into the state that no multiply-accumulate of `leakMacs` already does. */
  readonly stateAcs: number;
  /** Threshold comparisons. */
  readonly compares: number;
  /** Reset subtractions or overwrites: one a spike. */
  readonly resets: number;
  /** Activations of an ANN: one a value, its comparison with 0. */
  readonly reluOps: number;
  /** What other activations than a ReLU do besides: comparisons, additions and roundings; and multiplications. */
  readonly activationOps: number;
  readonly activationMuls: number;
  /** Exponentials of a softmax, each with its addition and division. */
  readonly softmaxOps: number;
  /** Pools: additions (of an average, or to the counters of a winner pool), multiplications by 1 / window, and comparisons. */
  readonly poolAcs: number;
  readonly poolMuls: number;
  readonly poolCompares: number;
  /** Multiply-accumulates of batch norms that were not folded into weights. */
  readonly normMacs: number;
  /** Joins: additions, or gates of spikes. */
  readonly joinOps: number;
  /** Encoder draws or conversions. */
  readonly encoderOps: number;
  /**
   * Memory traffic, in words; each layer's sums are taken to stay in its accumulators until its activation is done.
   * Inputs: one a nonzero input (zeros too without zero skipping) of each execution; a neuron layer reads a stored constant
   * drive once an update, and its own fed-back spikes; an encoder reads the value behind each draw. A pool reads each input once,
   * a join those operands that do not come straight from the layer before it.
   */
  readonly inputReads: number;
  /** One a synapse delivered: an event fetches its whole row, and fetches it again at its next spike. */
  readonly weightReads: number;
  readonly biasReads: number;
  /** Membrane, and synaptic current where there is one: one read and one write an update. Counters of a winner pool. */
  readonly stateReads: number;
  readonly stateWrites: number;
  /** Spikes or nonzero activations (all of them without zero skipping); a result kept for reuse, or a final one: every value. */
  readonly outputWrites: number;
}

export type Column = keyof OpCounts;

/** Every column, in the order tables show them. */
export const COLUMNS: readonly Column[] = [
  'macs',
  'acs',
  'denseMacs',
  'denseAcs',
  'biasAcs',
  'neuronUpdates',
  'leakMacs',
  'stateAcs',
  'compares',
  'resets',
  'reluOps',
  'activationOps',
  'activationMuls',
  'softmaxOps',
  'poolAcs',
  'poolMuls',
  'poolCompares',
  'normMacs',
  'joinOps',
  'encoderOps',
  'inputReads',
  'weightReads',
  'biasReads',
  'stateReads',
  'stateWrites',
  'outputWrites',
];

/** Counts with the given columns, all others 0. */
export function countsOf(columns: Partial<OpCounts>): OpCounts {
  const zero = Object.fromEntries(COLUMNS.map((column) => [column, 0])) as unknown as OpCounts;
  return { ...zero, ...columns };
}

/** Column by column: value of `combine`. */
export function mapCounts(combine: (column: Column) => number): OpCounts {
  return Object.fromEntries(COLUMNS.map((column) => [column, combine(column)])) as unknown as OpCounts;
}

/** Sum of several, column by column. */
export function sumCounts(all: readonly OpCounts[]): OpCounts {
  return mapCounts((column) => all.reduce((sum, counts) => sum + counts[column], 0));
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
