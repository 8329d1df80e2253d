// What each layer counted up to the step at which each sample stopped, summed over the samples that stopped together. Memory grows
// with layers and steps, not with samples.

import type { Probe } from '../lower/index.ts';
import type { ReadTensor } from './tally.ts';
import type { ActivityTrace, LayerActivity, NeuronActivity } from './trace.ts';

/** Sums by the step the samples stopped after [T + 1]. */
interface LayerSums {
  /** Nonzero inputs, nonzero outputs, or spikes. */
  readonly counted: Float64Array;
  readonly reached: Float64Array;
  /** `counted` without the last step: what a recurrent connection fed back. */
  readonly fedBack: Float64Array;
}

export class StopSums {
  private readonly timesteps: number;
  private readonly probes: readonly Probe[];
  private readonly layers: readonly LayerSums[];

  constructor(timesteps: number, probes: readonly Probe[]) {
    this.timesteps = timesteps;
    this.probes = probes;
    const none = (): Float64Array => new Float64Array(timesteps + 1);
    this.layers = probes.map(() => ({ counted: none(), reached: none(), fedBack: none() }));
  }

  /** Adds a batch to several sums, each with its own steps [samples]; every tensor is read once. */
  static add(
    all: readonly { readonly sums: StopSums; readonly steps: Int16Array }[],
    read: ReadTensor,
    samples: number,
  ): void {
    const [first] = all;
    if (first === undefined) return;
    first.sums.probes.forEach((probe, index) => {
      if ('counts' in probe && probe.counts !== undefined) {
        const counts = read(probe.counts);
        for (const { sums, steps } of all) {
          const { counted, fedBack } = sums.layers[index]!;
          addUpTo(counted, counts, steps, samples, 0);
          if (probe.kind === 'neuron') addUpTo(fedBack, counts, steps, samples, 1);
        }
      }
      if ('reached' in probe && probe.reached !== undefined) {
        const reached = read(probe.reached);
        for (const { sums, steps } of all) addUpTo(sums.layers[index]!.reached, reached, steps, samples, 0);
      }
    });
  }

  /** A trace for each number of steps that occurs in `steps` [all samples]. */
  traces(trace: ActivityTrace, steps: Int16Array): ActivityTrace[] {
    const samples = new Array<number>(this.timesteps + 1).fill(0);
    for (const step of steps) samples[step]!++;
    return samples.flatMap((count, step) => (count === 0 ? [] : [this.traceOf(trace, step, count)]));
  }

  private traceOf(trace: ActivityTrace, timesteps: number, samples: number): ActivityTrace {
    const layers = trace.layers.map((layer, index) => {
      const { counted, reached, fedBack } = this.layers[index]!;
      const totals = { counted: counted[timesteps]!, reached: reached[timesteps]!, fedBack: fedBack[timesteps]! };
      return withTotals(layer, totals, { samples, timesteps, of: trace.timesteps });
    });
    return { mode: trace.mode, samples, timesteps, layers };
  }
}

/** sums[stop] += the sample's counts before step `stop - butLast`; a count with one row a sample counts as a whole. */
function addUpTo(
  sums: Float64Array,
  counts: ArrayLike<number>,
  steps: Int16Array,
  samples: number,
  butLast: number,
): void {
  const rows = counts.length / samples;
  for (let sample = 0; sample < samples; sample++) {
    const stop = steps[sample]!;
    const end = Math.min(stop - butLast, rows);
    let total = 0;
    for (let row = 0; row < end; row++) total += counts[sample * rows + row]!;
    sums[stop]! += total;
  }
}

interface Run {
  readonly samples: number;
  readonly timesteps: number;
  /** Steps of the run that was not stopped. */
  readonly of: number;
}

/** The activity of a layer that counted these totals. */
function withTotals(
  layer: LayerActivity,
  totals: { readonly counted: number; readonly reached: number; readonly fedBack: number },
  { samples, timesteps, of }: Run,
): LayerActivity {
  const rows = (executions: number): number => (executions === of ? timesteps : executions);
  const spread = (total: number, over: number): number[] => new Array<number>(over).fill(total / over);
  switch (layer.kind) {
    case 'encoder':
      return { ...layer, nonzeroOut: spread(totals.counted, rows(layer.nonzeroOut.length)) };
    case 'dense':
    case 'conv':
    case 'pool': {
      const executions = rows(layer.executions);
      const {
        nonzeroSynapses: _,
        ternaryCallSynapses: __,
        ...rest
      } = layer as Extract<LayerActivity, { kind: 'conv' }>;
      const inputs = {
        nonzeroIn: spread(totals.counted, executions),
        nonzeroInPerSample: spread(totals.counted, samples),
      };
      const reached = {
        ...('reachedPixels' in layer && { reachedPixels: spread(totals.reached, executions) }),
        ...('reachedPixelsPerSample' in layer && { reachedPixelsPerSample: spread(totals.reached, samples) }),
      };
      return { ...rest, executions, ...inputs, ...reached };
    }
    case 'batch-norm':
    case 'join':
      return { ...layer, executions: rows(layer.executions) };
    case 'neuron':
      return neuronWith(layer, totals, samples, timesteps);
    default:
      return layer;
  }
}

function neuronWith(
  { membraneChanges: _, ...layer }: NeuronActivity,
  { counted, fedBack }: { readonly counted: number; readonly fedBack: number },
  samples: number,
  timesteps: number,
): NeuronActivity {
  const before = new Array<number>(timesteps - 1).fill(fedBack / Math.max(1, timesteps - 1));
  return {
    ...layer,
    spikes: [...before, counted - fedBack],
    spikesPerSample: new Array<number>(samples).fill(counted / samples),
    ...(layer.recurrent !== 'none' && { recurrentSpikesPerSample: new Array<number>(samples).fill(fedBack / samples) }),
  };
}
