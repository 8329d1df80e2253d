// The attacker of adversarial training: he attacks the network as it is at this update, by the loss of `attackLoss` unless
// told otherwise.

import type { Dataset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import type { NetworkSpec, Weights } from '../model/index.ts';
import { type Differentiator, openDifferentiator, type PixelSource, perturb } from '../robustness/index.ts';
import type { Disturber } from './disturber.ts';
import type { AdversarialTraining } from './harden-options.ts';
import { hardenSeed } from './harden-seed.ts';
import type { NetworkTraining } from './options.ts';

/** More than the steps of any attack: each epoch has random codes of its own. */
const DRAWS_AN_EPOCH = 4096;

/** The same network, but its random codes are those of the epoch. */
const inEpoch = (differentiator: Differentiator, epoch: number): Differentiator => ({
  ...differentiator,
  gradient: (images, labels, draw) => differentiator.gradient(images, labels, epoch * DRAWS_AN_EPOCH + draw),
});

/** Of the first epochs, a part: a spiking network that is attacked at full strength from the start may never begin to learn. */
const epsilonIn = ({ epsilon, warmup = 0 }: AdversarialTraining, epoch: number): number =>
  epsilon * Math.min(1, epoch / (warmup + 1));

/** `weights` gives the learner's at this moment. Throws as the lowering and the engine do. */
export function openAdversary(
  backend: Backend,
  spec: NetworkSpec,
  { source, classes }: { readonly source: PixelSource; readonly classes: Dataset['classes'] },
  options: NetworkTraining,
  harden: AdversarialTraining,
  weights: () => Weights,
): Disturber {
  const { mode, timesteps, encoder, decoder, batchSize, seed } = options;
  const subject = {
    ...{ name: spec.name, spec, weights: weights(), mode, timesteps, encoder },
    decoder: decoder.kind,
  };
  // Epoch 0 is never trained in, so its key is free for the attacker's codes.
  const settings = { ...harden.gradient, seed: hardenSeed(seed, 0), capacity: batchSize };
  let bytes = 0;
  const compile: Backend['compile'] = (plan, limits) => {
    const program = backend.compile(plan, limits);
    bytes += program.bytes;
    return program;
  };
  const differentiator = openDifferentiator({ ...backend, compile }, subject, source, settings);
  const { shape, range } = source;
  const attack = harden.attack.kind === 'pgd' ? { ...harden.attack, last: true } : harden.attack;
  return {
    async disturb(images, labels, epoch) {
      differentiator.load(weights());
      return perturb(attack, epsilonIn(harden, epoch), images, labels, {
        ...{ differentiator: inEpoch(differentiator, epoch), range, shape },
        ...{ classes: classes.length, seed: hardenSeed(seed, epoch) },
      });
    },
    bytes,
    close: () => differentiator.close(),
  };
}
