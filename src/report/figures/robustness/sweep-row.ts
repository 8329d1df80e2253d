// A point of a line of accuracy against epsilon, as a figure has it.

export interface SweepRow {
  /** Which line of the panel it belongs to. */
  readonly line: string;
  /** What the line is called in the legend. */
  readonly series: string;
  readonly epsilon: number;
  /** Is it joined to the points beside it? Not where an attack was run at a few epsilons only. */
  readonly joined: boolean;
  readonly evidence: 'yes' | 'no';
  /** In per cent, like its interval's ends. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}
