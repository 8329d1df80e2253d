// Which neuron fired when, for a few samples: what a raster plot shows.

/** Spikes of one sample, a layer each. */
export interface Raster {
  readonly sample: number;
  readonly label: number;
  /** -1: undecided */
  readonly prediction: number;
  readonly layers: readonly RasterLayer[];
}

export interface RasterLayer {
  readonly layer: string;
  readonly neurons: number;
  /** Only every so-many-th neuron, from the first on, is in `spikes`. Absent: all are. */
  readonly every?: number;
  /** [step, neuron], by step, then neuron. */
  readonly spikes: readonly (readonly [step: number, neuron: number])[];
}

/** The least stride of at least `least` that shares no factor with `n`: channels lie side by side, and none should be drawn alone. */
function strideThrough(n: number, least: number): number {
  const commonFactor = (a: number, b: number): number => (b === 0 ? a : commonFactor(b, a % b));
  let stride = least;
  while (commonFactor(n, stride) > 1) stride++;
  return stride;
}

/** Spikes of sample `index` of a batch of row-major [samples, timesteps, neurons], of at most `most` neurons. */
export function rasterLayer(
  layer: string,
  spikes: ArrayLike<number>,
  index: number,
  timesteps: number,
  neurons: number,
  most: number,
): RasterLayer {
  const every = strideThrough(neurons, Math.max(1, Math.ceil(neurons / most)));
  const fired: [number, number][] = [];
  for (let t = 0; t < timesteps; t++)
    for (let n = 0; n < neurons; n += every)
      if (spikes[(index * timesteps + t) * neurons + n] !== 0) fired.push([t, n]);
  return { layer, neurons, ...(every > 1 && { every }), spikes: fired };
}
