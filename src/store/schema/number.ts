// Numbers of a record. JSON has no NaN and no Infinity, and zod refuses both, so every number read or written is finite.

import { z } from 'zod';
import { joules } from '../../core/index.ts';

/** Any finite number. */
export const finite = z.number();

/** A finite number that cannot be negative: counts (averages over samples), seconds, bytes. */
export const amount = z.number().nonnegative();

/** A whole number from 0. */
export const whole = z.int().nonnegative();

/** A whole number from 1. */
export const positive = z.int().positive();

/** A share, in [0, 1]. */
export const share = z.number().min(0).max(1);

/** An energy in joules. */
export const energy = z.number().nonnegative().transform(joules);
