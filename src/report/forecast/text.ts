// A comparison of forecasters on a terminal: errors, operations, the six devices twice, what they leave out, the verdict.

import type { ForecasterRecord, ForecastRecord } from '../../forecast/index.ts';
import type { Column } from '../columns.ts';
import { layoutGrid } from '../grid.ts';
import { type Paint, painter } from '../paint.ts';
import { whole } from '../quantity.ts';
import { gridColumn, type TableOptions } from '../table.ts';
import { wrap } from '../text-width.ts';
import { deviceColumns, ERROR_COLUMNS, operationColumns } from './columns.ts';
import { LEFT_OUT } from './devices.ts';
import { forecastVerdict } from './verdict.ts';

type Options = Pick<TableOptions, 'width' | 'color'>;

const LONGEST_LINE = 100;

/** Which samples, how the intervals were made: a sentence each. */
export function errorNotes({ study, series, origins, block, stretches }: ForecastRecord): readonly string[] {
  const { train, test } = stretches;
  return [
    `${whole(origins)} forecasts of "${series.name}", 1 to ${study.horizon} steps ahead from ${study.window} values each, all after the ${whole(train.to - train.from)} values trained on (${whole(test.to - test.from)} values held out).`,
    `Intervals: 95 %, circular block bootstrap over time, blocks of ${block} forecasts (neighbours that share values), ${whole(study.draws)} draws.${intervalsMissing(origins, block)}`,
    'NRMSE 1: as bad as the mean of the test. MASE 1: as bad as persistence was on the training part.',
  ];
}

const intervalsMissing = (origins: number, block: number): string =>
  origins < 4 * block ? ' None here: the test has fewer than 4 blocks.' : '';

export const operationNotes = ({ study }: ForecastRecord): readonly string[] => [
  `For one average forecast, counted while running, zeros ${study.zeroSkipping ? 'skipped' : 'not skipped'} on both sides.`,
  'est.: estimated from the counts and published constants, measured on no chip. meas.: wall time on this machine, in batches, median of five runs.',
];

/** Tables and verdict; no trailing newline. */
export function forecastText(record: ForecastRecord, { width, color }: Options): string {
  const paint = painter(color);
  const { forecasters } = record;
  const line = Math.min(LONGEST_LINE, width);
  const table = (title: string, columns: readonly Column<ForecasterRecord>[], notes: readonly string[]): string =>
    [
      ...wrap(title, line).map((text) => paint(text, 'bold')),
      grid(columns, forecasters, width, paint),
      ...notes.flatMap((note) => wrap(note, line)).map((text) => paint(text, 'dim')),
    ].join('\n');
  return [
    table('Errors on the test', ERROR_COLUMNS, errorNotes(record)),
    table('What one forecast takes', operationColumns(forecasters), operationNotes(record)),
    table("Energy of one forecast as KerasSpiking's ModelEnergy has it", deviceColumns(forecasters, 'keras'), [
      'est.: by its constants. –: it has no figure; an ANN on a spiking chip would be assumed to be converted.',
    ]),
    table('The same constants for all that was executed', deviceColumns(forecasters, 'executed'), [
      '–: the device cannot run the network as it is.',
    ]),
    [paint('What that model leaves out', 'bold'), ...LEFT_OUT.flatMap((text) => bullet(text, line))].join('\n'),
    verdictText(record, line, paint),
  ].join('\n\n');
}

const grid = (
  columns: readonly Column<ForecasterRecord>[],
  rows: readonly ForecasterRecord[],
  width: number,
  paint: Paint,
): string =>
  layoutGrid(
    columns.map((column) => gridColumn(column, rows)),
    width,
    paint,
    (text, row) => (rows[row]!.kind === 'snn' ? paint(text, 'blue') : text),
  );

const bullet = (text: string, width: number): string[] =>
  wrap(text, width - 2).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`));

function verdictText(record: ForecastRecord, width: number, paint: Paint): string {
  const { headline, points } = forecastVerdict(record);
  const paragraphs = points.map(({ title, text }) =>
    wrap(`${title}: ${text}`, width).join('\n').replace(title, paint(title, 'bold')),
  );
  const head = wrap(headline, width).map((line) => paint(line, 'bold'));
  return [head.join('\n'), ...paragraphs].join('\n\n');
}
