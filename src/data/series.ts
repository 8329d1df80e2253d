// A time series: one value at each of evenly spaced moments.

export interface Series {
  readonly name: string;
  /** Where it came from, for the record: an equation with its constants, a file with its column. */
  readonly source: string;
  readonly values: Float64Array;
}
