// A network as an attacker with its weights sees it: the gradient of a loss by the pixels, through time and through the encoder.
// He cannot know the dice of the network he attacks: his random codes are of epochs from 1 on, the test's of epoch 0.

import { ConfigError, NumericError } from '../../core/index.ts';
import type { Backend } from '../../engine/index.ts';
import type { Weights } from '../../model/index.ts';
import type { PixelSource } from '../pixels.ts';
import type { GradientSettings } from '../settings.ts';
import type { Images, Subject } from '../subject.ts';
import { attackLoss } from './attack-loss.ts';
import { type Passage, passageOf } from './passage.ts';
import { openProgram, type SubjectProgram } from './subject-program.ts';
import { dividedBy, summedReadout } from './summed-readout.ts';
import { withSurrogateSlope } from './surrogate-slope.ts';

export interface LossGradient {
  /** Derivative of each image's loss by its own pixels, [n, size]; it does not depend on who else is in the batch. */
  readonly values: Float32Array;
  /** Loss of each image. */
  readonly losses: Float32Array;
}

/** A network as an attacker with its weights sees it. */
export interface Differentiator {
  /** Different `draw`s see different random codes. */
  gradient(images: Images, labels: Uint8Array, draw: number): LossGradient;
  load(weights: Weights): void;
  close(): void;
}

export interface DifferentiatorOptions extends GradientSettings {
  /** The study's. */
  readonly seed: number;
  /** Images run at once at most; results do not depend on it. */
  readonly capacity?: number;
}

/** Where nothing gets through the encoder: zeros, and nothing is run. */
const BLOCKED: Differentiator = {
  gradient: ({ pixels, ids }) => ({
    values: new Float32Array(pixels.length),
    losses: new Float32Array(ids.length),
  }),
  load: () => {},
  close: () => {},
};

/**
 * The subject on `backend`, compiled once. A code that is not random is drawn once, whatever `draws` says. Where the encoder passes
 * nothing (`through: none`), gradients and losses are all 0. Throws ConfigError, ShapeError and UnsupportedError for what does not fit
 * together; `gradient` throws NumericError for a gradient that is no number.
 */
export function openDifferentiator(
  backend: Backend,
  subject: Subject,
  source: PixelSource,
  settings: DifferentiatorOptions,
): Differentiator {
  checkSettings(settings);
  const passage = passageOf(subject, settings.through, source.size);
  if (passage === undefined) return BLOCKED;
  const summed = settings.loss === undefined && subject.mode === 'snn' ? summedReadout(subject.spec) : undefined;
  const soften = (weights: Weights): Weights =>
    summed === undefined ? weights : dividedBy(subject.timesteps, summed, weights);
  const softened = {
    ...subject,
    spec: withSurrogateSlope(subject.spec, settings.slope),
    weights: soften(subject.weights),
  };
  const options = {
    purpose: 'attack',
    encoder: passage.encoder,
    loss: { kind: settings.loss ?? attackLoss(subject) },
  } as const;
  const opened = openProgram(backend, softened, source, options, settings.capacity);
  const draws = passage.random ? settings.draws : 1;
  const byPixel = source.deviation.map((deviation) => 1 / (deviation * draws));
  return {
    gradient(images, labels, draw) {
      const values = new Float32Array(images.pixels.length);
      const losses = new Float32Array(images.ids.length);
      opened.forEach(images, (batch, from, to) => {
        const dx = values.subarray(from * source.size, to * source.size);
        const epochs = Array.from({ length: draws }, (_, k) => 1 + draw * draws + k);
        const own = { labels: labels.slice(from, to), losses: losses.subarray(from, to), dx };
        accumulate(opened, passage, batch, own, { seed: settings.seed, epochs });
        for (let k = 0, c = 0; k < dx.length; k++, c = c + 1 === byPixel.length ? 0 : c + 1) dx[k]! *= byPixel[c]!;
        for (let i = from; i < to; i++) losses[i]! /= draws;
      });
      checkFinite(values, losses, images.ids, subject.name);
      return { values, losses };
    },
    load: (weights) => opened.load(soften(weights)),
    close: opened.close,
  };
}

type StagedBatch = Parameters<Parameters<SubjectProgram['forEach']>[1]>[0];

/** Adds losses, and gradients by the staged values, over `epochs`. With `lossSamples` 1 no image's depends on the size of the batch. */
function accumulate(
  { program, lowered, run }: SubjectProgram,
  { feed, back }: Passage,
  batch: StagedBatch,
  { labels, losses, dx }: { labels: Uint8Array; losses: Float32Array; dx: Float32Array },
  { seed, epochs }: { seed: number; epochs: readonly number[] },
): void {
  const { losses: lossId, inputGradient } = lowered.outputs;
  const input = batch.input as Float32Array;
  const x = feed === undefined ? input : input.slice();
  feed?.(input);
  for (const epoch of epochs) {
    run({ ...batch, labels, seed, epoch, lossSamples: 1 });
    const found = program.tensor(lossId!);
    for (let i = 0; i < losses.length; i++) losses[i]! += found[i]!;
    back(program.tensor(inputGradient!), x, dx);
  }
}

function checkSettings({ through, draws }: GradientSettings): void {
  if (through !== 'none' && through !== 'straight-through' && through !== 'expected')
    throw new ConfigError('gradient.through', `got "${through}", expected none, straight-through or expected`);
  if (!(Number.isInteger(draws) && draws >= 1))
    throw new ConfigError('gradient.draws', `got ${draws}, expected a whole number of at least 1`);
}

function checkFinite(values: Float32Array, losses: Float32Array, ids: Uint32Array, name: string): void {
  const fail = (what: string, i: number, value: number): never => {
    throw new NumericError(
      `network "${name}": ${what} of image ${ids[i]} is ${value}, expected a finite number; check its weights, or attack it with another surrogate slope`,
    );
  };
  for (let i = 0; i < losses.length; i++) if (!Number.isFinite(losses[i])) fail('the loss', i, losses[i]!);
  const size = values.length / ids.length;
  for (let k = 0; k < values.length; k++)
    if (!Number.isFinite(values[k])) fail('the gradient', Math.floor(k / size), values[k]!);
}
