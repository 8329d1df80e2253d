// What an attack costs: gradients by the pixels, as attacks take them, beside training steps on the same batches, and untouched
// classification beside both. Sides take turns.

import { loadDataset } from '../src/data/index.ts';
import { wasmBackend } from '../src/engine/index.ts';
import { initialWeights, type Weights } from '../src/model/index.ts';
import {
  type GradientSettings,
  openClassifier,
  openDifferentiator,
  openPixels,
  type Subject,
} from '../src/robustness/index.ts';
import { BATCH, type BenchCase, stepsOf } from './cases.ts';
import { readImages, readWeightsFile } from './image-set.ts';
import { interleave, type Timing } from './statistics.ts';
import { digits, textTable } from './text-table.ts';
import { workload } from './workload.ts';

export interface AttackResult {
  readonly about: string;
  readonly threads: number;
  /** Milliseconds of a batch. */
  readonly training: Timing;
  readonly gradient: Timing;
  readonly classification: Timing;
}

/** As many as a batch of training has. */
const CAPACITY = BATCH;

const subjectOf = ({ name, network, lowering }: BenchCase, weights: Weights): Subject => ({
  ...{ name, spec: network, weights, mode: lowering.mode, timesteps: lowering.timesteps, decoder: 'spike-count' },
  encoder: lowering.encoder ?? { kind: 'constant' },
});

export async function benchAttack(
  cases: readonly BenchCase[],
  { threads, steps, folder }: { readonly threads: number; readonly steps: number; readonly folder: string | undefined },
): Promise<readonly AttackResult[]> {
  const backend = await wasmBackend({ threads });
  const mnist = await loadDataset('mnist', { train: 40 * BATCH, test: BATCH });
  const results: AttackResult[] = [];
  for (const entry of cases) {
    const isMnist = entry.data === 'mnist';
    if (!isMnist && folder === undefined) continue;
    const { train } = isMnist ? mnist : readImages(folder!);
    const start = isMnist ? initialWeights(entry.network, 1) : readWeightsFile(folder!, entry.name, entry.network);
    const work = workload(backend, entry, train, start);
    const rounds = stepsOf(entry, steps);
    // trained a little, so that what is attacked spikes as a network in use does
    for (let step = 0; step < rounds; step++) work.trainStep();
    const subject = subjectOf(entry, work.weights());
    const source = openPixels(train, { capacity: CAPACITY });
    const images = source.images(Uint32Array.from({ length: BATCH }, (_, i) => i));
    const labels = train.labels.slice(0, BATCH);
    const settings: GradientSettings = { through: 'straight-through', draws: 1, slope: 1, loss: entry.loss.kind };
    const differentiator = openDifferentiator(backend, subject, source, { ...settings, seed: 1, capacity: CAPACITY });
    const classifier = openClassifier(backend, subject, source, { seed: 1, capacity: CAPACITY });
    const [training, gradient, classification] = interleave(
      [
        () => work.trainStep(),
        () => differentiator.gradient(images, labels, 0),
        () => classifier.classify(images, labels),
      ],
      3,
      rounds,
    );
    results.push({
      ...{ about: entry.about, threads },
      ...{ training: training!, gradient: gradient!, classification: classification! },
    });
    for (const each of [work, differentiator, classifier]) each.close();
  }
  await backend.close();
  return results;
}

export function attackTable(results: readonly AttackResult[]): string {
  const both = ({ min, median }: Timing): string => `${digits(min)} / ${digits(median)}`;
  const rows = results.map(({ about, threads, training, gradient, classification }) => [
    about,
    String(threads),
    both(training),
    both(gradient),
    `${(training.median / gradient.median).toFixed(2)}x`,
    both(classification),
  ]);
  const header = ['128 images', 'threads', 'training step, ms', 'gradient, ms', 'speed', 'classification, ms'];
  return textTable(header, rows);
}
