// Events and synaptic operations of each sample, from the trace.

import type { ActivityTrace, LayerActivity } from './trace.ts';

/** Nonzero values that arrived at layers with weights, recurrent ones included, and at pools [samples]. */
export const eventsPerSample = (trace: ActivityTrace): Float64Array =>
  addUp(trace, (layer) => {
    if (layer.kind === 'dense' || layer.kind === 'conv') return [layer.nonzeroInPerSample, 1];
    if (layer.kind === 'pool') return [layer.nonzeroInPerSample ?? [], 1];
    return [fedBack(layer), 1];
  });

/** Synapses that a nonzero value crossed [samples]. */
export const synopsPerSample = (trace: ActivityTrace): Float64Array =>
  addUp(trace, (layer) => {
    if (layer.kind === 'dense') return [layer.nonzeroInPerSample, layer.outputs];
    if (layer.kind === 'conv') return [layer.reachedPixelsPerSample, layer.filters / layer.groups];
    return [fedBack(layer), layer.kind === 'neuron' && layer.recurrent === 'all-to-all' ? layer.neurons : 1];
  });

const fedBack = (layer: LayerActivity): readonly number[] =>
  layer.kind === 'neuron' && layer.recurrent !== 'none' ? (layer.recurrentSpikesPerSample ?? []) : [];

function addUp(
  { samples, layers }: ActivityTrace,
  of: (layer: LayerActivity) => readonly [counts: readonly number[], factor: number],
): Float64Array {
  const sums = new Float64Array(samples);
  for (const layer of layers) {
    const [counts, factor] = of(layer);
    for (let sample = 0; sample < counts.length; sample++) sums[sample]! += counts[sample]! * factor;
  }
  return sums;
}
