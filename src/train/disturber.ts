// What makes the training images of hardening.

import type { Images } from '../robustness/index.ts';

/** Makes disturbed images of clean ones; what it draws depends on (seed, epoch, sample) alone. */
export interface Disturber {
  disturb(images: Images, labels: Uint8Array, epoch: number): Float32Array | Promise<Float32Array>;
  /** Memory of its own. */
  readonly bytes: number;
  close(): void;
}
