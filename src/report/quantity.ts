// Numbers as people read them. Values come in SI; a column of a table has one scale, so that its rows compare at a glance.

/** A unit for a column: a value divided by `factor` is in `unit`. */
export interface Scale {
  readonly unit: string;
  readonly factor: number;
}

const SCALES = {
  joules: [
    { unit: 'pJ', factor: 1e-12 },
    { unit: 'nJ', factor: 1e-9 },
    { unit: 'µJ', factor: 1e-6 },
    { unit: 'mJ', factor: 1e-3 },
    { unit: 'J', factor: 1 },
  ],
  seconds: [
    { unit: 'ns', factor: 1e-9 },
    { unit: 'µs', factor: 1e-6 },
    { unit: 'ms', factor: 1e-3 },
    { unit: 's', factor: 1 },
  ],
  bytes: [
    { unit: 'B', factor: 1 },
    { unit: 'KiB', factor: 2 ** 10 },
    { unit: 'MiB', factor: 2 ** 20 },
    { unit: 'GiB', factor: 2 ** 30 },
  ],
  operations: [
    { unit: '', factor: 1 },
    { unit: 'k', factor: 1e3 },
    { unit: 'M', factor: 1e6 },
    { unit: 'G', factor: 1e9 },
  ],
} as const satisfies Record<string, readonly Scale[]>;

export type Dimension = keyof typeof SCALES;

/** The largest unit in which the smallest value above zero is still 1 or more, unless the largest would then need 6 digits. */
export function scaleOf(values: readonly number[], dimension: Dimension): Scale {
  const scales: readonly Scale[] = SCALES[dimension];
  const sizes = values.filter((value) => value > 0);
  if (sizes.length === 0) return scales[0]!;
  const fits = (value: number): number =>
    Math.max(
      0,
      scales.findLastIndex(({ factor }) => value >= factor),
    );
  return scales[Math.max(fits(Math.min(...sizes)), fits(Math.max(...sizes) / 99_999))]!;
}

/** A value with its own unit: `1.23 µJ`, `45.6 k`, `2.00 MiB`. */
export function quantity(value: number, dimension: Dimension): string {
  const scale = scaleOf([value], dimension);
  const text = significant(value / scale.factor);
  return scale.unit === '' ? text : `${text} ${scale.unit}`;
}

export const NO_BREAK = '\u00a0';

/** Three significant digits, whole numbers above 100, thousands from 10 000 on set apart by a no-break space. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4) return value.toExponential(1);
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(size))));
  const text = value.toFixed(digits);
  return size >= 10_000 ? text.replace(/\B(?=(\d{3})+$)/g, NO_BREAK) : text;
}

/** A share as a percentage without its sign: 0.98125 to `98.12`. */
export const percent = (share: number, digits = 2): string => (share * 100).toFixed(digits);

/** A whole number of things, never rounded: `40`, `10 000` (with a no-break space). */
export const whole = (count: number): string =>
  count >= 10_000 ? String(count).replace(/\B(?=(\d{3})+$)/g, NO_BREAK) : String(count);

/** Points between two shares: `0.43`. */
export const points = (difference: number): string => Math.abs(difference * 100).toFixed(2);

/** Two significant digits: `0.60 times`, `2.6 times`, `12 times`. */
export const times = (ratio: number): string => `${ratio >= 9.95 ? significantWhole(ratio) : twoDigits(ratio)} times`;

const significantWhole = (value: number): string => (value < 100 ? String(Math.round(value)) : significant(value));
const twoDigits = (value: number): string => (value < 1e-3 ? significant(value) : value.toPrecision(2));
