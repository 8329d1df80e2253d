// The table of a crossover: a line for each batch size and T.

import type { BreakEven, Crossover, CrossoverLine, CrossoverPath } from '../../timing/index.ts';
import { isMeasured } from '../../trials/index.ts';
import { type Column, NONE } from '../columns.ts';
import { significant } from '../quantity.ts';
import { batchWords, breakEvenCell, PATH_WORDS } from './words.ts';

/** A batch size and T. */
export interface CrossoverRow {
  readonly lines: readonly CrossoverLine[];
  /** Rates and ratios as the engine chooses, by rate. */
  readonly ratios: readonly { readonly rate: number; readonly text: string }[];
}

export function crossoverRows({ lines, points }: Crossover): readonly CrossoverRow[] {
  const keyOf = ({ batch, timesteps }: Pick<CrossoverLine, 'batch' | 'timesteps'>): string => `${batch}/${timesteps}`;
  const batches = [...new Set(lines.map(({ batch }) => batch))];
  const order = (a: CrossoverLine, b: CrossoverLine): number =>
    batches.indexOf(a.batch) - batches.indexOf(b.batch) || a.timesteps - b.timesteps;
  return [...new Set(lines.toSorted(order).map(keyOf))].map((key) => ({
    lines: lines.filter((line) => keyOf(line) === key),
    ratios: points
      .filter((point) => keyOf(point) === key && point.path === 'auto')
      .toSorted((a, b) => a.rate - b.rate)
      .map(({ rate, time: { ratio } }) => ({ rate, text: isMeasured(ratio) ? significant(ratio.value) : ratio.kind })),
  }));
}

export function crossoverColumns(crossover: Crossover): readonly Column<CrossoverRow>[] {
  const of = (row: CrossoverRow, path: CrossoverPath): CrossoverLine => row.lines.find((line) => line.path === path)!;
  const even = (path: CrossoverPath): Column<CrossoverRow> =>
    column(`time/${path}`, PATH_WORDS[path], 'break-even', (row) => cell(of(row, path).time));
  const end = (key: string, at: 0 | -1): Column<CrossoverRow> =>
    column(key, at === 0 ? 'Time × ANN, lowest rate' : 'highest rate', 'auto', ({ ratios }) => {
      const point = ratios.at(at);
      return point === undefined ? NONE : `${point.text} at ${significant(100 * point.rate)} %`;
    });
  return [
    column('batch', 'Batch', '', ({ lines }) => batchWords(lines[0]!)),
    column('timesteps', 'T', '', ({ lines }) => String(lines[0]!.timesteps)),
    ...(['events', 'dense', 'auto'] as const).map(even),
    ...[end('lowest', 0), end('highest', -1)],
    column('energy', 'Energy', 'break-even', (row) =>
      crossover.noEnergy === undefined
        ? cell(of(row, 'auto').energy)
        : crossover.noEnergy.split(':')[0]!.replace(' here', ''),
    ),
  ];
}

const cell = (even: BreakEven | undefined): string => (even === undefined ? NONE : breakEvenCell(even));

const column = (
  key: string,
  header: string,
  unit: string,
  text: (row: CrossoverRow) => string,
): Column<CrossoverRow> => ({
  ...{ key, header, unit, kind: 'label', align: key === 'batch' ? 'left' : 'right', text },
  value: () => null,
});
