// The columns of a profile's table.

import { type Column, NONE } from '../columns.ts';
import { percent, scaleOf, significant } from '../quantity.ts';
import type { ShownRow } from './rows.ts';

type Of = (row: ShownRow) => number | null | undefined;

/** Columns for these rows; times share one unit. */
export function profileColumns(rows: readonly ShownRow[]): readonly Column<ShownRow>[] {
  const time = scaleOf([Math.max(...rows.map(({ seconds }) => seconds)) / 10], 'seconds');
  return [
    label('layer', 'Layer', ({ name }) => name),
    label('kernel', 'Kernel', ({ kernel }) => kernel),
    label('stage', 'Stage', ({ stage }) => stage),
    number('calls', 'Calls', '/batch', ({ calls }) => calls, significant),
    number('seconds', 'Time', `${time.unit}/batch`, ({ seconds }) => seconds, fixed(time.factor)),
    number(
      'share',
      'Share',
      '%',
      ({ share }) => share,
      (share) => percent(share, 1),
    ),
    number(
      'flops',
      'Arithmetic',
      'GFLOP/s',
      arithmetic(({ flopsPerSecond }) => flopsPerSecond),
      giga,
    ),
    number(
      'dense',
      'If dense',
      'GFLOP/s',
      arithmetic(({ denseFlopsPerSecond }) => denseFlopsPerSecond),
      giga,
    ),
    number('bytes', 'Traffic', 'GB/s', ({ rates }) => rates?.bytesPerSecond, giga),
    number(
      'intensity',
      'Intensity',
      'FLOP/B',
      arithmetic(({ intensity }) => intensity),
      significant,
    ),
    number(
      'roof',
      'Of roof',
      '%',
      ({ rates }) => rates?.roofShare,
      (share) => percent(share, 0),
    ),
    label('bound', 'Bound by', ({ rates }) => rates?.bound ?? ''),
  ];
}

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
