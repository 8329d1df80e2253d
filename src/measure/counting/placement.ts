// Where a layer stands among the others: whose results it reads, who reads its own, and whether that goes through memory.
// A result stays in the accumulators if one layer alone reads it, value by value, each time it is computed: an activation, a
// neuron, a norm, a softmax, or a join that stands right behind it (its other operand had to wait in memory).

import { NumericError } from '../../core/index.ts';
import type { ActivityTrace, LayerActivity } from '../../simulate/index.ts';
import { sum } from './activity-checks.ts';
import type { Source } from './layer-tally.ts';

export interface Placement {
  readonly written: boolean;
  readonly nonzeroOut: number | null;
  readonly sources: readonly Source[];
}

/** Indices of the layers whose outputs each layer reads. Throws NumericError for a name that no earlier layer has. */
export function sourcesOf({ layers }: ActivityTrace): number[][] {
  return layers.map(({ layer, reads }, index) => {
    if (reads === undefined) return index === 0 ? [] : [index - 1];
    return reads.map((name) => {
      const found = layers.findIndex((each) => each.layer === name);
      if (found >= 0 && found < index) return found;
      throw new NumericError(`layer "${layer}": reads "${name}", which is no layer before it; the trace is incomplete`);
    });
  });
}

/** The placement of every layer. */
export function placementsOf(trace: ActivityTrace): Placement[] {
  const { layers, timesteps } = trace;
  const sources = sourcesOf(trace);
  const readers = layers.map((_, index) => sources.flatMap((read, reader) => (read.includes(index) ? [reader] : [])));
  const results = layers.map((layer, index): Source => {
    const readBy = readers[index]!.map((reader) => ({ layer: layers[reader]!, adjacent: reader === index + 1 }));
    return {
      written: isWritten(layer, readBy, timesteps),
      executions: executionsOf(layer, timesteps),
      nonzeroOut: nonzeroOut(
        layer,
        readBy.map((each) => each.layer),
        timesteps,
      ),
    };
  });
  return layers.map((_, index) => ({
    written: results[index]!.written,
    nonzeroOut: results[index]!.nonzeroOut,
    sources: sources[index]!.map((source) => results[source]!),
  }));
}

/** Times a layer's result is computed for each sample. */
export function executionsOf(layer: LayerActivity, timesteps: number): number {
  switch (layer.kind) {
    case 'encoder':
      return layer.encoder === 'constant' ? 1 : timesteps;
    case 'dense':
    case 'conv':
    case 'pool':
    case 'batch-norm':
    case 'join':
      return layer.executions;
    default:
      return timesteps;
  }
}

interface Reader {
  readonly layer: LayerActivity;
  readonly adjacent: boolean;
}

function isWritten(layer: LayerActivity, readers: readonly Reader[], timesteps: number): boolean {
  const [reader] = readers;
  if (layer.kind === 'encoder' || reader === undefined || readers.length > 1) return true;
  if (executionsOf(layer, timesteps) !== executionsOf(reader.layer, timesteps)) return true;
  if (layer.kind === 'neuron' && layer.fires) return true;
  return !takesValueByValue(reader);
}

function takesValueByValue({ layer, adjacent }: Reader): boolean {
  switch (layer.kind) {
    case 'relu':
    case 'activation':
    case 'neuron':
    case 'batch-norm':
    case 'softmax':
      return true;
    case 'join':
      return adjacent;
    default:
      return false;
  }
}

/** Nonzero values a layer gave: its own count, or that of a layer that read them each time they were computed. */
function nonzeroOut(layer: LayerActivity, readers: readonly LayerActivity[], timesteps: number): number | null {
  if (layer.kind === 'neuron') return layer.fires ? sum(layer.spikes) : null;
  if (layer.kind === 'encoder' || layer.kind === 'relu' || layer.kind === 'activation') return sum(layer.nonzeroOut);
  for (const reader of readers) {
    if (reader.kind !== 'dense' && reader.kind !== 'conv' && reader.kind !== 'pool') continue;
    if (reader.executions === executionsOf(layer, timesteps)) return sum(reader.nonzeroIn);
  }
  return null;
}

/**
 * Which layers do the same at every step, so that they are computed once a sample: those that read nothing but a constant input.
 * In a run of one step that cannot be told from the number of executions.
 */
export function constantLayers(trace: ActivityTrace): boolean[] {
  const sources = sourcesOf(trace);
  const constant: boolean[] = [];
  trace.layers.forEach((layer, index) => {
    const reads = sources[index]!;
    if (layer.kind === 'encoder') constant.push(layer.encoder === 'constant');
    else if (layer.kind === 'neuron') constant.push(false);
    else if (reads.length > 0) constant.push(reads.every((source) => constant[source]));
    else constant.push('input' in layer && layer.input === 'analog' && layer.executions === 1);
  });
  return constant;
}

/**
 * Which layers give nothing but spikes, or sums and averages of spikes: without spikes they would give zeros. An average pool of
 * spikes is analog, and yet its reader has less to do when fewer spikes arrive.
 */
export function spikeDriven(trace: ActivityTrace): boolean[] {
  const sources = sourcesOf(trace);
  const driven: boolean[] = [];
  trace.layers.forEach((layer, index) => {
    if (layer.kind === 'encoder') driven.push(layer.encoder !== 'constant');
    else if (layer.kind === 'neuron') driven.push(layer.fires);
    else if (layer.kind !== 'pool' && layer.kind !== 'join') driven.push(false);
    else
      driven.push(
        layer.input === 'spikes' || (sources[index]!.length > 0 && sources[index]!.every((at) => driven[at])),
      );
  });
  return driven;
}
