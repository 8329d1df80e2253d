// A measured comparison on a terminal.

import type { ContestSummary } from '../../timing/index.ts';
import { isMeasured, type Median, TOO_FEW, type TrialsSummary } from '../../trials/index.ts';
import { layoutGrid } from '../grid.ts';
import { painter } from '../paint.ts';
import { significant } from '../quantity.ts';
import { gridColumn, type TableOptions } from '../table.ts';
import { wrap } from '../text-width.ts';
import { measuredColumns, rowsOf } from './columns.ts';

/** Heading, table, and what was dropped, refused or missing; no trailing newline. */
export function measuredText(contest: ContestSummary, { width, color }: Pick<TableOptions, 'width' | 'color'>): string {
  const paint = painter(color);
  const rows = rowsOf(contest);
  const columns = measuredColumns(contest).map((column) => gridColumn(column, rows));
  return [
    ...wrap(contestHeading(contest), width).map((line) => paint(line, 'bold')),
    '',
    layoutGrid(columns, width, paint),
    '',
    ...measuredNotes(contest).flatMap((note) => wrap(note, width)),
  ].join('\n');
}

/** Over its table. */
export const contestHeading = ({ batch }: Pick<ContestSummary, 'batch'>): string =>
  batch === 'best' ? 'Batch by batch, each at its best size' : `Batches of ${batch}`;

/** Sentences below the table. */
export function measuredNotes({ contestants, result }: ContestSummary): readonly string[] {
  const { settings, subjects, noEnergy, disturbance } = result;
  const engines = contestants
    .filter(({ engine }) => engine !== 'Spikewatt')
    .map(({ name, engine }) => `${name}: ${engine}.`);
  const cold = subjects.filter(({ warmUp }) => !warmUp.settled).map(({ name }) => name);
  return [
    `Medians of ${settings.trials} trials of ${significant(settings.window)} s, taken in turn, with 95 % intervals (bootstrap, or exact where that is wider); ratios are of trials next to each other.`,
    ...engines,
    noEnergy === undefined ? energyNote(result) : `Energy: ${noEnergy}.`,
    `Others: ${disturbance}.`,
    ...subjects.flatMap(({ name, rejected }) =>
      rejected.length === 0
        ? []
        : [
            `! ${name}: ${rejected.length} of ${settings.trials} trials dropped; the first because ${rejected[0]!.reason}.`,
          ],
    ),
    ...(cold.length === 0 ? [] : [`! Times of ${cold.join(', ')} had not settled when the warm-up ended.`]),
    ...reasons(result).map((reason) => `! ${reason}.`),
  ];
}

function energyNote({ sources }: TrialsSummary): string {
  const parts = sources.map(({ label, idleBefore, idleAfter, within }) => {
    const idle = [idleBefore, idleAfter].map((power) => (power === undefined ? 'unknown' : significant(power)));
    return `${label}${within === undefined ? '' : ' (a part)'}, idle ${idle[0]} W before and ${idle[1]} W after`;
  });
  return `Energy of the whole device, idle included unless said: ${parts.join('; ')}.`;
}

/** Each reason for a missing number once. */
function reasons({ subjects, noEnergy }: TrialsSummary): readonly string[] {
  const medians = subjects.flatMap(({ time, cpuTime, energy }): readonly Median[] => [
    ...[time.perInference, time.ratio, cpuTime.perInference],
    ...(noEnergy === undefined
      ? energy.flatMap(({ total, aboveIdle }) => [
          total.perInference,
          total.ratio,
          aboveIdle.perInference,
          aboveIdle.ratio,
        ])
      : []),
  ]);
  const told = medians.flatMap((median) => (isMeasured(median) ? [] : [median]));
  const tooFew = told.some(({ reason }) => reason.includes(TOO_FEW));
  const others = told.filter(({ reason }) => !reason.includes(TOO_FEW));
  return [
    ...new Set(others.map(({ kind, reason }) => `${kind}: ${reason}`)),
    ...(tooFew
      ? ['Too few trials were left for a number; close other programs, or allow more of them (--others)']
      : []),
  ];
}
