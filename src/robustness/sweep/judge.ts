// Who is still right: pixels go in, correct answers come out.

import type { Classifier } from '../network/classifier.ts';
import type { Subject } from '../subject.ts';
import { type Cohort, firstPositions, idsAt, labelsAt } from './cohort.ts';
import { CHUNK, type Laboratory } from './laboratory.ts';
import type { Answers } from './measured-line.ts';
import type { Task } from './meter.ts';

export interface Judgement {
  /** -1 where the network stayed silent. */
  readonly predictions: Int16Array;
  /** Score of the label minus the largest other. */
  readonly margins: Float32Array;
}

/** One network, with the encoder's draws of the usual test run. */
export interface Judge {
  readonly subject: Subject;
  /** Answers to `pixels`, [positions, size], which stand for the cohort's images at `positions`. */
  judge(pixels: Float32Array, positions: Uint32Array, task: Task): Promise<Judgement>;
  close(): void;
}

export function openJudge(lab: Laboratory, subject: Subject, cohort: Cohort): Judge {
  const classifier = lab.classifier(subject, 'defender');
  return {
    subject,
    judge: (pixels, positions, task) => judgeWith(classifier, subject, cohort, { pixels, positions, task }),
    close: () => classifier.close(),
  };
}

interface Question {
  readonly pixels: Float32Array;
  readonly positions: Uint32Array;
  readonly task: Task;
}

/** Asks in chunks, so that the event loop gets its turn. */
export async function judgeWith(
  classifier: Pick<Classifier, 'classify'>,
  subject: Subject,
  cohort: Cohort,
  { pixels, positions, task }: Question,
): Promise<Judgement> {
  const { size } = cohort.source;
  const predictions = new Int16Array(positions.length);
  const margins = new Float32Array(positions.length);
  for (let from = 0; from < positions.length; from += CHUNK) {
    const part = positions.subarray(from, from + CHUNK);
    const images = { pixels: pixels.subarray(from * size, (from + part.length) * size), ids: idsAt(cohort, part) };
    const answers = classifier.classify(images, labelsAt(cohort, part));
    predictions.set(answers.predictions, from);
    margins.set(answers.margins, from);
    await task.advance(part.length * passCost(subject));
  }
  return { predictions, margins };
}

/** Units of work of an image that goes through the network once. */
export const passCost = ({ mode, timesteps }: Subject): number => (mode === 'ann' ? 1 : timesteps);

/** 1 where the prediction is the label, else 0. */
export function rightOf(predictions: Int16Array, cohort: Cohort, positions: Uint32Array): Uint8Array {
  return Uint8Array.from(positions, (position, i) => (predictions[i] === cohort.labels[position] ? 1 : 0));
}

/** A network under test, with its answers to the untouched images. */
export interface Defender {
  readonly judge: Judge;
  readonly clean: Answers;
}

/** Answers of one network to the whole cohort, whose images became `pixels`. */
export async function answersTo(pixels: Float32Array, judge: Judge, cohort: Cohort, task: Task): Promise<Answers> {
  const all = firstPositions(cohort.labels.length);
  const { predictions } = await judge.judge(pixels, all, task);
  return Int8Array.from(rightOf(predictions, cohort, all));
}
