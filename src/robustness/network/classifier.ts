// A network as its user sees it: images in, predictions out, with the random codes of the normal test run (epoch 0), so that an
// untouched image is classified as it is there.

import { NumericError } from '../../core/index.ts';
import type { Backend } from '../../engine/index.ts';
import { argmax, finalScores, readsSpikes, UNDECIDED, type Weights } from '../../model/index.ts';
import type { PixelSource } from '../pixels.ts';
import type { Images, Subject } from '../subject.ts';
import { openProgram, type SubjectProgram } from './subject-program.ts';

/** What a network says to images. */
export interface Verdicts {
  /** Class of each image; UNDECIDED (-1) where a spiking network stayed silent. */
  readonly predictions: Int16Array;
  /** Score of the label minus the largest other score: above 0 where the label wins alone. */
  readonly margins: Float32Array;
}

/** A network as its user sees it. */
export interface Classifier {
  /** Any number of images, and the label of each. */
  classify(images: Images, labels: Uint8Array): Verdicts;
  /** Other weights of the same network: of a later training step, or disturbed. */
  load(weights: Weights): void;
  close(): void;
}

export interface ClassifierOptions {
  /** The study's: that of the test run. */
  readonly seed: number;
  /** Images run at once at most; results do not depend on it. */
  readonly capacity?: number;
}

/**
 * The subject on `backend`, compiled once. Throws ShapeError and UnsupportedError for what does not fit together; `classify` throws
 * NumericError for an output that is no number.
 */
export function openClassifier(
  backend: Backend,
  subject: Subject,
  source: PixelSource,
  { seed, capacity }: ClassifierOptions,
): Classifier {
  const opened = openProgram(backend, subject, source, { purpose: 'infer', encoder: subject.encoder }, capacity);
  const { lowered } = opened;
  const classes = lowered.outputs.features;
  const silent = subject.mode === 'snn' && readsSpikes({ kind: subject.decoder });
  return {
    classify(images, labels) {
      const predictions = new Int16Array(labels.length);
      const margins = new Float32Array(labels.length);
      opened.forEach(images, (batch, from) => {
        opened.run({ ...batch, seed, epoch: 0 });
        const scores = scoresOf(opened, subject, batch.samples);
        for (let i = 0; i < batch.samples; i++) {
          const row = scores.subarray(i * classes, (i + 1) * classes);
          const best = argmax(row, 0, classes);
          predictions[from + i] = silent && row[best] === 0 ? UNDECIDED : best;
          margins[from + i] = marginOf(row, labels[from + i]!);
          if (!Number.isFinite(margins[from + i]))
            throw new NumericError(
              `network "${subject.name}": scores of image ${images.ids[from + i]} are ${row.join(', ')}, expected finite numbers that float32 can compare; check its weights`,
            );
        }
      });
      return { predictions, margins };
    },
    load: opened.load,
    close: opened.close,
  };
}

/** What each class scored, [samples, classes]. */
function scoresOf(
  { lowered, program }: SubjectProgram,
  { decoder }: Subject,
  samples: number,
): Float32Array | Float64Array {
  const { outputs, plan } = lowered;
  if (outputs.logits !== undefined) return program.tensor(outputs.logits);
  const read = (id: string | undefined): ArrayLike<number> | undefined =>
    id === undefined ? undefined : program.tensor(id);
  return finalScores(
    { kind: decoder },
    {
      samples,
      timesteps: plan.timesteps,
      classes: outputs.features,
      spikes: read(outputs.spikes),
      membrane: read(outputs.membrane),
    },
  );
}

function marginOf(scores: ArrayLike<number>, label: number): number {
  let other = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < scores.length; c++) if (c !== label && !(scores[c]! <= other)) other = scores[c]!;
  return scores[label]! - other;
}
