// The table of `runs list`: a run a row, newest first.

import type { RunSummary } from '../store/index.ts';
import { layoutGrid } from './grid.ts';
import { painter } from './paint.ts';
import { percent, quantity } from './quantity.ts';
import type { TableOptions } from './table.ts';
import { clip } from './text-width.ts';

const LONGEST_FAULT = 48;

/** Runs with the accuracy of each of their networks; a damaged run has its fault instead. No trailing newline. */
export function runsTable(runs: readonly RunSummary[], options: Pick<TableOptions, 'width' | 'color'>): string {
  if (runs.length === 0) return 'No runs here yet.';
  const rows = runs.toSorted((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
  const column = (header: string, unit: string, align: 'left' | 'right', cell: (run: RunSummary) => string) => ({
    header: unit === '' ? [header] : [header, unit],
    title: unit === '' ? header : `${header} (${unit})`,
    align,
    cells: rows.map(cell),
  });
  const columns = [
    column('Run', '', 'left', (run) => run.id),
    column('Made', 'UTC', 'left', (run) => ('fault' in run ? '–' : run.createdAt.slice(0, 16).replace('T', ' '))),
    column('Data', '', 'left', (run) => ('fault' in run ? '–' : run.data)),
    column('Took', '', 'right', (run) => ('fault' in run ? '–' : quantity(run.wallSeconds, 'seconds'))),
    column('Networks', 'accuracy in %', 'left', (run) =>
      'fault' in run ? clip(`damaged: ${run.fault}`, LONGEST_FAULT) : accuracies(run),
    ),
  ];
  return layoutGrid(columns, options.width, painter(options.color));
}

/** `ANN 98.12, SNN T=20 97.27`, and how many more there are. */
function accuracies({ networks }: Extract<RunSummary, { networks: unknown }>): string {
  const shown = networks.slice(0, 3).map(({ name, accuracy }) => `${name} ${percent(accuracy)}`);
  return networks.length > 3 ? `${shown.join(', ')}, ${networks.length - 3} more` : shown.join(', ');
}
