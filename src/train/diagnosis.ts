// What is wrong with a run, in words, naming the layer. Thresholds are stated beside each finding.

import type { LossKind } from '../engine/index.ts';
import type { Evaluation } from './evaluate.ts';
import type { EpochReport } from './result.ts';
import type { Note } from './state.ts';

/** What the findings depend on beside the measurements. */
export interface DiagnosisContext {
  readonly classNames: readonly string[];
  readonly timesteps: number;
  readonly loss: LossKind;
  readonly trainSamples: number;
  readonly validationSamples: number;
}

/** Epochs after which a loss that has not left chance is said. */
const PATIENT_EPOCHS = 2;
/** A loss within this share of ln(C) has not left it. */
const NEAR_CHANCE = 0.01;
/** A layer that fires at this share of all its steps, or more, carries no information. */
const SATURATED = 0.95;
/** Predictions of one class, as a share of all, that count as always the same. */
const ONE_CLASS = 0.99;
/** Share of samples without any output spike that is worth saying. */
const UNDECIDED_SHARE = 0.1;
/** Training above validation accuracy by this, beyond what the sizes of the two sets explain. */
const OVER_FITTING = 0.05;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The loss of a network that gives every class the same score, where the loss has one. */
export function chanceLoss(loss: LossKind, classes: number, timesteps: number): number | undefined {
  switch (loss) {
    case 'cross-entropy':
    case 'ce-rate':
    case 'ce-count':
    case 'ce-max-membrane':
      return Math.log(classes);
    case 'ce-membrane':
      return timesteps * Math.log(classes);
    case 'mse-count':
    case 'mse-rate':
    case 'mse-membrane':
    case 'margin':
    case 'margin-rate':
    case 'margin-membrane':
    case 'mse':
    case 'mse-last-membrane':
      return undefined;
    default:
      throw new TypeError(`unknown loss ${loss satisfies never}`);
  }
}

/** Findings in the validation of `epoch`: silent and saturated layers, always the same class, no output. */
export function activityNotes(epoch: number, found: Evaluation, context: DiagnosisContext): Note[] {
  const notes = found.layers.flatMap((layer) => layerNote(epoch, layer, found.samples, context));
  const classes = context.classNames.length;
  const top = found.predicted.reduce((best, count, label) => (count > found.predicted[best]! ? label : best), 0);
  const times = found.predicted[top]!;
  // With a test of one class, or where nearly all samples are of it, always saying it is right.
  if (
    found.accuracy !== null &&
    classes > 1 &&
    times >= ONE_CLASS * found.samples &&
    found.accuracy < ONE_CLASS - 0.04
  ) {
    const text = `the network answers class ${top} ("${context.classNames[top]}") for ${times} of ${found.samples} validation samples; train longer, change optimizer.learningRate, or look for silent layers`;
    notes.push({ kind: 'one-class', layer: null, epoch, text });
  }
  if (found.undecided >= UNDECIDED_SHARE * found.samples) {
    const text = `${found.undecided} of ${found.samples} validation samples made no output neuron fire and count as wrong; lower the output's threshold, or use more timesteps or a membrane decoder`;
    notes.push({ kind: 'undecided', layer: null, epoch, text });
  }
  return notes;
}

function layerNote(
  epoch: number,
  layer: Evaluation['layers'][number],
  samples: number,
  context: DiagnosisContext,
): Note[] {
  const { kind, layer: name, neurons, rate } = layer;
  const over =
    kind === 'neuron'
      ? ` in ${context.timesteps} steps of ${samples} validation samples`
      : ` on ${samples} validation samples`;
  if (rate === 0) {
    const text =
      kind === 'neuron'
        ? `layer "${name}" is silent: none of its ${neurons} neurons fired${over}; lower its threshold, or raise the encoder's gain or the weights before it`
        : `layer "${name}" is dead: none of its ${neurons} ReLUs was above 0${over}; lower optimizer.learningRate or change the initialiser`;
    return [{ kind: 'silent-layer', layer: name, epoch, text }];
  }
  if (kind === 'neuron' && rate >= SATURATED) {
    const text = `layer "${name}" is saturated: its ${neurons} neurons fired at ${percent(rate)} of all steps${over}; raise its threshold, or lower the encoder's gain or optimizer.learningRate`;
    return [{ kind: 'saturated-layer', layer: name, epoch, text }];
  }
  return [];
}

/** Findings in the course of the epochs so far: a loss that stays at chance, over-fitting. */
export function historyNotes(history: readonly EpochReport[], context: DiagnosisContext): Note[] {
  return [...atChance(history, context), ...overFitting(history, context)];
}

function atChance(history: readonly EpochReport[], context: DiagnosisContext): Note[] {
  const last = history.at(-1);
  const classes = context.classNames.length;
  if (last === undefined || history.length < PATIENT_EPOCHS || classes < 2) return [];
  const advice =
    'try a higher optimizer.learningRate, look for silent layers, and check that labels belong to their samples';
  const note = (text: string): Note[] => [
    { kind: 'loss-at-chance', layer: null, epoch: last.epoch, text: `${text}; ${advice}` },
  ];
  const chance = chanceLoss(context.loss, classes, context.timesteps);
  if (chance !== undefined) {
    const stays = history.every(({ trainLoss }) => Math.abs(trainLoss - chance) <= NEAR_CHANCE * chance);
    const name = context.loss === 'ce-membrane' ? `${context.timesteps} ln(${classes})` : `ln(${classes})`;
    return stays
      ? note(
          `the training loss stays at ${name} = ${chance.toFixed(3)}, that of guessing, after ${history.length} epochs (${last.trainLoss.toFixed(3)})`,
        )
      : [];
  }
  const guess = 1 / classes;
  const bound = guess + 3 * Math.sqrt((guess * (1 - guess)) / context.trainSamples);
  if (last.trainAccuracy === null) return [];
  return history.every(({ trainAccuracy }) => trainAccuracy! <= bound)
    ? note(
        `the training accuracy stays at ${percent(last.trainAccuracy)}, that of guessing among ${classes} classes, after ${history.length} epochs`,
      )
    : [];
}

function overFitting(history: readonly EpochReport[], context: DiagnosisContext): Note[] {
  const last = history.at(-1);
  if (last === undefined || last.trainAccuracy === null || last.validationAccuracy === null) return [];
  const { trainAccuracy: train, validationAccuracy: validation } = last;
  const variance = (share: number, samples: number): number => (share * (1 - share)) / samples;
  const error = Math.sqrt(variance(train, context.trainSamples) + variance(validation, context.validationSamples));
  if (train - validation <= OVER_FITTING + 2 * error) return [];
  const text = `over-fitting: ${percent(train)} of the training samples are right but only ${percent(validation)} of the validation samples (epoch ${last.epoch}); use more data, dropout, weight decay or fewer units`;
  return [{ kind: 'over-fitting', layer: null, epoch: last.epoch, text }];
}
