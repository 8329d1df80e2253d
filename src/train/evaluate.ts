// What a batch, and what the validation set, came to: losses, predictions, and how active each layer was.

import type { Dataset } from '../data/index.ts';
import { argmax, type DecoderSpec, decode, UNDECIDED } from '../model/index.ts';
import type { Runner } from './session.ts';

/** Sum of the losses the program has just computed: the batch's mean loss. */
export function batchLoss({ program, lowered }: Runner): number {
  let sum = 0;
  for (const loss of program.tensor(lowered.outputs.losses!)) sum += loss;
  return sum;
}

/** Predicted class of each of the `samples` samples last run; UNDECIDED where an SNN stayed silent. */
export function predictions(runner: Runner, decoder: DecoderSpec, samples: number): Int16Array {
  const { program, lowered } = runner;
  const { outputs, plan } = lowered;
  const classes = outputs.features;
  if (outputs.logits !== undefined) {
    const logits = program.tensor(outputs.logits);
    return Int16Array.from({ length: samples }, (_, i) => argmax(logits, i * classes, classes));
  }
  const { timesteps } = plan;
  const read = (id: string | undefined): ArrayLike<number> | undefined =>
    id === undefined ? undefined : program.tensor(id);
  const steps = decode(decoder, {
    samples,
    timesteps,
    classes,
    spikes: read(outputs.spikes),
    membrane: read(outputs.membrane),
  });
  return Int16Array.from({ length: samples }, (_, i) => steps[(i + 1) * timesteps - 1]!);
}

/** How many of `found` are the label. */
export function countCorrect(found: ArrayLike<number>, labels: ArrayLike<number>): number {
  let correct = 0;
  for (let i = 0; i < found.length; i++) if (found[i] === labels[i]) correct++;
  return correct;
}

/** Mean activity of one layer: spikes a neuron a step, or the share of ReLUs that are not zero. */
export interface LayerRate {
  readonly kind: 'neuron' | 'relu';
  readonly layer: string;
  readonly neurons: number;
  readonly rate: number;
}

/** A pass over the validation set. */
export interface Evaluation {
  readonly samples: number;
  readonly loss: number;
  /** null of a regression. */
  readonly accuracy: number | null;
  /** Samples predicted as each class, and those without a prediction. */
  readonly predicted: readonly number[];
  readonly undecided: number;
  readonly layers: readonly LayerRate[];
}

/**
 * Runs the whole of `dataset` through the validating program. Random encoders draw as in epoch 0, which no training epoch is:
 * every validation sees the same input. `pause` is awaited between batches.
 */
export async function evaluate(
  runner: Runner,
  dataset: Dataset,
  options: { readonly decoder: DecoderSpec; readonly seed: number },
  pause: () => Promise<void>,
): Promise<Evaluation> {
  const { program, stage, capacity, lowered } = runner;
  const ids = Uint32Array.from({ length: dataset.samples }, (_, i) => i);
  const predicted = new Array<number>(lowered.outputs.features).fill(0);
  const active = new Float64Array(lowered.probes.length);
  let [loss, correct, undecided] = [0, 0, 0];
  for (let start = 0; start < ids.length; start += capacity) {
    const batch = await stage.batch(ids.subarray(start, start + capacity), options.seed, 0);
    program.run(batch);
    loss += batchLoss(runner) * batch.samples;
    const found = dataset.targets ? [] : predictions(runner, options.decoder, batch.samples);
    correct += countCorrect(found, batch.labels!);
    for (const label of found) {
      if (label === UNDECIDED) undecided++;
      else predicted[label]!++;
    }
    addActivity(runner, active);
    await pause();
  }
  const { samples } = dataset;
  return {
    samples,
    loss: loss / samples,
    accuracy: dataset.targets ? null : correct / samples,
    predicted,
    undecided,
    layers: layerRates(runner, active, samples),
  };
}

function addActivity({ program, lowered }: Runner, active: Float64Array): void {
  for (const [i, probe] of lowered.probes.entries()) {
    if ((probe.kind !== 'neuron' && probe.kind !== 'relu') || probe.counts === undefined) continue;
    for (const nonzero of program.tensor(probe.counts)) active[i]! += nonzero;
  }
}

function layerRates({ lowered }: Runner, active: Float64Array, samples: number): LayerRate[] {
  return lowered.probes.flatMap((probe, i) => {
    if ((probe.kind !== 'neuron' && probe.kind !== 'relu') || probe.counts === undefined) return [];
    const neurons = probe.kind === 'neuron' ? probe.neurons : probe.features;
    const steps = probe.kind === 'neuron' ? lowered.plan.timesteps : 1;
    return [{ kind: probe.kind, layer: probe.layer, neurons, rate: active[i]! / (samples * steps * neurons) }];
  });
}
