// One case on the engine: training steps and inference over a dataset, batch by batch.

import type { Dataset } from '../src/data/index.ts';
import type { Backend } from '../src/engine/index.ts';
import { readWeights, writeWeights } from '../src/lower/index.ts';
import type { Weights } from '../src/model/index.ts';
import { BATCH, type BenchCase, plansOf } from './cases.ts';

export interface Workload {
  /** One training step; the mean loss of its batch. */
  trainStep(): number;
  /** Runs all samples with the weights trained so far; the share classified rightly. */
  infer(data: Dataset): number;
  /** As trained so far, copied. */
  weights(): Weights;
  /** Bytes of both programs. */
  readonly bytes: number;
  close(): void;
}

/** Training batches taken in turn, in the order of the data: fetching them is no part of a step, here as for the libraries compared with. */
const POOL = 40;

export function workload(backend: Backend, entry: BenchCase, train: Dataset, start: Weights): Workload {
  const { training, inference } = plansOf(entry);
  const trainer = backend.compile(training.plan, { samples: BATCH });
  const inferrer = backend.compile(inference.plan, { samples: BATCH });
  writeWeights(trainer, training, start);
  const size = train.values.length / train.samples;
  const pool = Math.min(POOL, Math.floor(train.samples / BATCH));
  const batches = Array.from({ length: pool }, (_, k) => ({
    samples: BATCH,
    input: train.values.subarray(k * BATCH * size, (k + 1) * BATCH * size),
    labels: train.labels.subarray(k * BATCH, (k + 1) * BATCH),
    sampleIds: Uint32Array.from({ length: BATCH }, (_, i) => k * BATCH + i),
    seed: 1,
  }));
  let step = 0;
  let current = false;

  const trainStep = (): number => {
    const epoch = Math.floor(step / pool);
    trainer.run({ ...batches[step++ % pool]!, epoch });
    trainer.update({ learningRate: entry.learningRate, step });
    current = false;
    let sum = 0;
    for (const loss of trainer.tensor(training.outputs.losses!)) sum += loss;
    return sum;
  };

  const infer = (data: Dataset): number => {
    if (!current) writeWeights(inferrer, inference, readWeights(trainer, training));
    current = true;
    const { logits, spikes, membrane, features } = inference.outputs;
    const output = spikes ?? membrane ?? logits!;
    const outputs = new Float32Array(BATCH * entry.lowering.timesteps * features);
    const sums = new Float32Array(features);
    let right = 0;
    for (let first = 0; first < data.samples; first += BATCH) {
      const samples = Math.min(BATCH, data.samples - first);
      const input = data.values.subarray(first * size, (first + samples) * size);
      const sampleIds = Uint32Array.from({ length: samples }, (_, i) => first + i);
      inferrer.run({ samples, input, sampleIds, seed: 1, epoch: 0 });
      const values = inferrer.tensor(output, outputs);
      for (let n = 0; n < samples; n++)
        if (
          mostActive(
            values as Float32Array,
            n * entry.lowering.timesteps * features,
            entry.lowering.timesteps,
            sums,
          ) === data.labels[first + n]
        )
          right++;
    }
    return right / data.samples;
  };

  const weights = (): Weights => readWeights(trainer, training);
  const close = (): void => {
    trainer.close();
    inferrer.close();
  };
  return { trainStep, infer, weights, bytes: trainer.bytes + inferrer.bytes, close };
}

/** The class with the largest sum over time of the values from `at` on; the first of equals. */
function mostActive(values: Float32Array, at: number, timesteps: number, sums: Float32Array): number {
  const classes = sums.length;
  sums.fill(0);
  for (let t = 0; t < timesteps; t++, at += classes)
    for (let c = 0; c < classes; c++) sums[c] = sums[c]! + values[at + c]!;
  let best = 0;
  for (let c = 1; c < classes; c++) if (sums[c]! > sums[best]!) best = c;
  return best;
}
