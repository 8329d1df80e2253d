// What sweeps work with: ways to ask a network, to differentiate it and to attack it. Tests bring their own.

import type { Backend } from '../../engine/index.ts';
import { perturb } from '../attacks/attack.ts';
import { type Classifier, openClassifier } from '../network/classifier.ts';
import { type Differentiator, openDifferentiator } from '../network/differentiator.ts';
import type { PixelSource } from '../pixels.ts';
import type { GradientSettings } from '../settings.ts';
import type { Subject } from '../subject.ts';

/** Images handed over at once: enough to be fast, few enough to stop and to show progress. Results do not depend on it. */
export const CHUNK = 256;

export interface Laboratory {
  /** Key of all random draws. */
  readonly seed: number;
  /** Of the encoder's random codes: the `defender` has those of the usual test run, which no `attacker` can know. */
  classifier(subject: Subject, dice: 'defender' | 'attacker'): Classifier;
  /** Its draws are not the defender's. */
  differentiator(subject: Subject, settings: GradientSettings): Differentiator;
  readonly perturb: typeof perturb;
}

/** Any other seed would do. */
const ATTACKER = 0x5eed_a77c;

/** The real one. What it opens is its caller's to close. */
export function openLaboratory(backend: Backend, source: PixelSource, seed: number): Laboratory {
  return {
    seed,
    classifier: (subject, dice) =>
      openClassifier(backend, subject, source, {
        seed: dice === 'defender' ? seed : (seed ^ ATTACKER) >>> 0,
        capacity: CHUNK,
      }),
    differentiator: (subject, settings) =>
      openDifferentiator(backend, subject, source, { ...settings, seed, capacity: CHUNK }),
    perturb,
  };
}
