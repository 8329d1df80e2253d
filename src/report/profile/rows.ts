// The rows of a profile as they are shown: kernels, then what was no kernel's time. They add up to all threads' time.

import type { Profile, ProfileRow } from '../../profile/index.ts';
import { stageName } from './words.ts';

export interface ShownRow {
  readonly name: string;
  readonly kernel: string;
  readonly stage: string;
  /** Executions a batch. */
  readonly calls: number | null;
  /** Of threads, a batch. */
  readonly seconds: number;
  readonly share: number;
  readonly rates: ProfileRow['rates'];
}

/** Rows of a smaller share are shown as one, where rows are to be few. */
const SMALL = 0.003;

/** Kernels by time, then waits, idle threads, the caller. `few`: small ones are taken together. */
export function shownRows({ table, batches }: Profile, { few }: { readonly few: boolean }): readonly ShownRow[] {
  const kernels = table.rows.map(
    (row): ShownRow => ({
      name: row.layer === '' ? '–' : row.layer,
      kernel: row.kernel,
      stage: stageName(row.stage),
      calls: row.calls / batches,
      seconds: row.seconds / batches,
      share: row.share,
      rates: row.rates,
    }),
  );
  const small = few ? kernels.filter(({ share }) => share < SMALL) : [];
  const shown = small.length > 1 ? kernels.filter((row) => !small.includes(row)) : kernels;
  const total = table.threads * table.wallSeconds;
  const other = (name: string, kernel: string, seconds: number): ShownRow => ({
    ...{ name, kernel, stage: '', calls: null, rates: undefined },
    ...{ seconds: seconds / batches, share: seconds / total },
  });
  return [
    ...shown,
    ...(small.length > 1 ? [together(small)] : []),
    other('(waiting', 'at barriers)', table.waitSeconds),
    other('(idle', 'threads)', table.idleSeconds),
    other('(caller', 'itself)', table.callerSeconds),
  ];
}

function together(rows: readonly ShownRow[]): ShownRow {
  const sum = (of: (row: ShownRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    ...{ name: `(${rows.length} more)`, kernel: '', stage: '', rates: undefined },
    calls: sum(({ calls }) => calls ?? 0),
    seconds: sum(({ seconds }) => seconds),
    share: sum(({ share }) => share),
  };
}
