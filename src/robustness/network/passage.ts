// How a gradient gets from a network's input through its encoder to the staged values. Random and rounded codes have a derivative of
// zero almost everywhere; what stands in for it here is told in `GradientSettings`.

import { UnsupportedError } from '../../core/index.ts';
import { type LatencyCode, latencyStep, latencyTime } from '../../engine/index.ts';
import type { EncoderSpec, LatencyEncoderSpec } from '../../model/index.ts';
import type { GradientSettings } from '../settings.ts';
import type { Subject } from '../subject.ts';

export interface Passage {
  /** The encoder the network is differentiated with. */
  readonly encoder: EncoderSpec;
  /** Does the code depend on a draw? */
  readonly random: boolean;
  /** From staged values to what that encoder is fed, in place. Default: as they are. */
  readonly feed?: (staged: Float32Array) => void;
  /**
   * Adds the gradient by the staged values `x` [n, size] to `dx`, given that by the network's input: [n, size], of a latency code
   * [n, timesteps, size].
   */
  back(dInput: ArrayLike<number>, x: Float32Array, dx: Float32Array): void;
}

const f = Math.fround;

/** undefined: nothing gets through. Throws UnsupportedError for an encoder of sequences. */
export function passageOf(
  { name, encoder, timesteps }: Pick<Subject, 'name' | 'encoder' | 'timesteps'>,
  through: GradientSettings['through'],
  size: number,
): Passage | undefined {
  if (encoder.kind === 'constant') return constantPassage;
  if (encoder.kind === 'delta')
    throw new UnsupportedError(
      `network "${name}": a delta encoder reads samples that run through time, and only still images are attacked; use constant, rate or latency`,
    );
  if (through === 'none') return undefined;
  if (encoder.kind === 'latency') return latencyPassage(encoder, timesteps, size);
  return through === 'expected' ? expectedPassage(encoder) : ratePassage(encoder);
}

const constantPassage: Passage = {
  encoder: { kind: 'constant' },
  random: false,
  back(dInput, _, dx) {
    for (let k = 0; k < dx.length; k++) dx[k]! += dInput[k]!;
  },
};

type RateEncoder = Extract<EncoderSpec, { kind: 'rate' }>;

const rawRate = ({ gain, offset }: RateEncoder, x: number): number => f(f(x * f(gain)) + f(offset));

/**
 * d spike / d x = gain where the probability is not clipped. At 0 and 1 exactly it is not: a black pixel can only become brighter, and
 * its derivative upwards is the gain.
 */
function ratePassage(encoder: RateEncoder): Passage {
  return {
    encoder,
    random: true,
    back(dInput, x, dx) {
      for (let k = 0; k < dx.length; k++) {
        const raw = rawRate(encoder, x[k]!);
        if (raw >= 0 && raw <= 1) dx[k]! += encoder.gain * dInput[k]!;
      }
    },
  };
}

/** The network is fed the probabilities themselves at every step: the mean of its random input. */
function expectedPassage(encoder: RateEncoder): Passage {
  return {
    ...ratePassage(encoder),
    encoder: { kind: 'constant' },
    random: false,
    feed(staged) {
      for (let k = 0; k < staged.length; k++) staged[k] = Math.min(1, Math.max(0, rawRate(encoder, staged[k]!)));
    },
  };
}

/** Difference of values over which a spike's time is differentiated: about four levels of a byte. */
const STEP = 2 ** -6;

/** Change of the spike's time by the value; what is too dark to spike is taken at the least value that does. */
function timeSlope(code: LatencyCode, timesteps: number, x: number): number {
  const least = code.convention === 'snntorch' ? f(code.threshold) : 0;
  const low = Math.max(least, x - STEP);
  const high = Math.max(least, x) + STEP;
  return (latencyTime(code, timesteps, high) - latencyTime(code, timesteps, low)) / (high - low);
}

/**
 * A spike at step t moves in time: dL/dt = (g[t+1] - g[t-1]) / 2, at the first and last step the one-sided difference, times dt/dx. A
 * value that does not spike stands behind the last step, where a spike has no effect: dL/dt = -g[T-1].
 */
function latencyPassage(encoder: LatencyEncoderSpec, timesteps: number, size: number): Passage {
  const last = timesteps - 1;
  const byTime = (g: (t: number) => number, t: number): number => {
    if (t > last) return -g(last);
    const [before, after] = [Math.max(0, t - 1), Math.min(last, t + 1)];
    return after === before ? 0 : (g(after) - g(before)) / (after - before);
  };
  return {
    encoder,
    random: false,
    back(dInput, x, dx) {
      for (let k = 0; k < dx.length; k++) {
        const from = (k - (k % size)) * timesteps + (k % size);
        const moved = byTime((t) => dInput[from + t * size]!, latencyStep(encoder, timesteps, x[k]!));
        if (moved !== 0) dx[k]! += moved * timeSlope(encoder, timesteps, x[k]!);
      }
    },
  };
}
