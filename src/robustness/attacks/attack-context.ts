// What an attack is given.

import type { Classifier } from '../network/classifier.ts';
import type { Differentiator } from '../network/differentiator.ts';
import type { AttackSettings } from '../settings.ts';
import type { Images, PixelRange } from '../subject.ts';

export interface AttackTools {
  /** For fgsm and pgd. */
  readonly differentiator?: Differentiator;
  /** For square. */
  readonly classifier?: Classifier;
  readonly range: PixelRange;
  readonly classes: number;
  /** Of an image, channels last. */
  readonly shape: readonly number[];
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Steps or queries done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

export type AttackOf<Kind extends AttackSettings['kind']> = Extract<AttackSettings, { kind: Kind }>;

/** An attack under way. */
export interface AttackContext {
  readonly epsilon: number;
  readonly images: Images;
  /** What the loss is taken of: the true classes, or those aimed at. */
  readonly labels: Uint8Array;
  /** 1: away from `labels`; -1, targeted: towards them. */
  readonly direction: 1 | -1;
  /** Values of an image. */
  readonly size: number;
  readonly range: PixelRange;
  readonly shape: readonly number[];
  readonly seed: number;
  /** To be awaited between steps; tells of progress and stops on request. */
  readonly pause: (done: number, total: number) => Promise<void>;
}
