// Numbers out of files and programs. What is no number, negative, or too large to be exact is refused, never guessed.

import { MeterError } from './meter-error.ts';

const shown = (text: string): string => JSON.stringify(text.slice(0, 40));

/** A whole number of a sysfs file, of at most 2^53. Throws MeterError. */
export function parseWhole(where: string, text: string): number {
  const trimmed = text.trim();
  const value = /^\d{1,16}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new MeterError('nonsense', where, `got ${shown(text)}, expected a whole number of 0 or more`);
  }
  return value;
}

/** Like parseWhole, but with a sign, which drivers use for a direction. Throws MeterError. */
export function parseSigned(where: string, text: string): number {
  const trimmed = text.trim();
  return trimmed.startsWith('-') ? -parseWhole(where, trimmed.slice(1)) : parseWhole(where, trimmed);
}

/** A decimal number such as `45.23`, up to 15 digits before the point. Throws MeterError. */
export function parseDecimal(where: string, text: string): number {
  const trimmed = text.trim();
  if (!/^\d{1,15}(\.\d{1,12})?$/.test(trimmed)) {
    throw new MeterError('nonsense', where, `got ${shown(text)}, expected a number of 0 or more`);
  }
  return Number(trimmed);
}
