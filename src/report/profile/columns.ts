// The columns of a profile's table.

import { type Column, NONE } from '../columns.ts';
import { percent, scaleOf, significant, whole } from '../quantity.ts';
import type { ShownRow } from './rows.ts';

type Of = (row: ShownRow) => number | null | undefined;

/** Columns for these rows; times share one unit. `stages`: with the stage a kernel belongs to, which its name mostly tells. */
export function profileColumns(
  rows: readonly ShownRow[],
  { stages }: { readonly stages: boolean },
): readonly Column<ShownRow>[] {
  const time = scaleOf([Math.max(...rows.map(({ seconds }) => seconds)) / 10], 'seconds');
  return [
    label('kernel', 'Kernel', ({ name, kernel }) => `${name} ${kernel}`),
    ...(stages ? [label('stage', 'Stage', ({ stage }) => stage)] : []),
    number(
      'calls',
      'Calls',
      '/batch',
      ({ calls }) => calls,
      (calls) => (calls % 1 === 0 ? whole(calls) : significant(calls)),
    ),
    number('seconds', 'Time', `${time.unit}/batch`, ({ seconds }) => seconds, fixed(time.factor)),
    number(
      'share',
      'Share',
      '%',
      ({ share }) => share,
      (share) => percent(share, 1),
    ),
    ...rateColumns(),
  ];
}

/** Of one thread while it ran the kernel. */
const rateColumns = (): readonly Column<ShownRow>[] => [
  number(
    'flops',
    'Done',
    'GFLOP/s',
    arithmetic(({ flopsPerSecond }) => flopsPerSecond),
    giga,
  ),
  number(
    'dense',
    'Dense',
    'GFLOP/s',
    arithmetic(({ denseFlopsPerSecond }) => denseFlopsPerSecond),
    giga,
  ),
  number('bytes', 'Traffic', 'GB/s', ({ rates }) => rates?.bytesPerSecond, giga),
  number(
    'intensity',
    'FLOP',
    '/byte',
    arithmetic(({ intensity }) => intensity),
    significant,
  ),
  number(
    'roof',
    'Roof',
    '%',
    ({ rates }) => rates?.roofShare,
    (share) => percent(share, 0),
  ),
  label('bound', 'Bound', ({ rates }) => rates?.bound ?? ''),
];

/** Kernels that only move data have no arithmetic to speak of. */
const arithmetic =
  (of: (rates: NonNullable<ShownRow['rates']>) => number): Of =>
  ({ rates }) =>
    rates === undefined || rates.denseFlopsPerSecond === 0 ? null : of(rates);

const giga = (value: number): string => significant(value / 1e9);
const fixed =
  (factor: number) =>
  (seconds: number): string =>
    (seconds / factor).toFixed(2);

const label = (key: string, header: string, text: (row: ShownRow) => string): Column<ShownRow> => ({
  ...{ key, header, unit: '', kind: 'label', align: 'left', text },
  value: () => null,
});

/** Everything in the table is measured, so no column says so. */
function number(key: string, header: string, unit: string, of: Of, text: (value: number) => string): Column<ShownRow> {
  const value = (row: ShownRow): number | null => of(row) ?? null;
  const shown = (row: ShownRow): string => {
    const found = value(row);
    return found === null ? NONE : text(found);
  };
  return { key, header, unit, kind: 'counted', align: 'right', text: shown, value };
}
