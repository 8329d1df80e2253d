// Ticks and labels of logarithmic axes: Vega's own are either too many or without units.

/** Whole powers of ten in a domain. */
export function decades([low, high]: readonly [number, number]): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => rounded(10 ** (first + i)));
}

/** Powers of ten; 1, 2 and 5 times each where those are few; even steps in a narrow domain. */
export function logTicks(domain: readonly [number, number]): number[] {
  const [low, high] = domain;
  const tens = decades(domain);
  if (tens.length >= FEW) return tens;
  const below = decades([low / 10, high]);
  const parts = below
    .flatMap((ten) => [1, 2, 5].map((n) => rounded(n * ten)))
    .filter((value) => value >= low && value <= high);
  return parts.length >= 3 ? parts : evenTicks(low, high);
}

const FEW = 4;

/** Without the rounding of a product, which a label would show. */
const rounded = (value: number): number => Number(value.toPrecision(12));

function evenTicks(low: number, high: number): number[] {
  const rough = (high - low) / FEW;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * [1, 2, 5, 10].find((n) => n * ten >= rough * (1 - 1e-9))!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => rounded((first + i) * step));
}

/** Vega expression: `1e-9` as `1 nJ`, `2e3` as `2 k` where there is no unit. */
export const siLabel = (unit: string): string =>
  `replace(format(datum.value, '~s'), /([a-zA-Zµ]?)$/, '${unit === '' ? '$1' : ` $1${unit}`}')`;
