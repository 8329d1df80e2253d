// What the networks took on a machine, as it was measured there: the ratios as a figure, a table a batch size, and what was dropped.

import type { MeasuredRecord, RunRecord } from '../../store/index.ts';
import type { ContestSummary } from '../../timing/index.ts';
import { isMeasured } from '../../trials/index.ts';
import type { Column } from '../columns.ts';
import { type MeasuredRow, measuredColumns, rowsOf } from '../measured/columns.ts';
import { contestHeading, measuredNotes } from '../measured/text.ts';
import { quantity, significant } from '../quantity.ts';
import { columnTable } from './column-table.ts';
import { html, type Markup } from './markup.ts';

/** Null if nothing was measured. */
export function measuredSection({ measured }: RunRecord, figure: (id: string) => Markup | null): Markup | null {
  if (measured === undefined) return null;
  const tables = measured.contests.map(
    (contest) => html`<h3>${contestHeading(contest)}</h3>${measuredTable(contest)}
${measuredNotes(contest).map((note) => html`<p class="note">${note}</p>`)}`,
  );
  const { onnx } = measured;
  const missing = onnx.startsWith('ONNX Runtime') ? null : html`<p class="note">ANN in ONNX Runtime: ${onnx}.</p>`;
  return html`<section id="measured"><h2>Measured on this machine</h2><p class="headline">${headline(measured)}</p>
<p>${where(measured)}</p><p>${NOT_ESTIMATED}</p>
${figure('measured-ratios')}${tables}${missing}</section>`;
}

const NOT_ESTIMATED =
  'Everything in this section was measured there: time by the clock, energy by a meter or not at all. The energy section is the other kind: estimated from counted operations, for chips that nothing ran on here. The two are not to be added or compared.';

function where({ environment, governor, measuredAt }: MeasuredRecord): string {
  const { cpu, cores, threads, node, platform } = environment;
  const clocks = governor === null ? '' : `, clocks by ${governor}`;
  return `${cpu.trim()}, ${cores} ${cores === 1 ? 'processor' : 'processors'}, ${threads} ${threads === 1 ? 'thread' : 'threads'} used${clocks}; ${platform}, Node ${node.replace(/^v/, '')}; ${measuredAt.slice(0, 16).replace('T', ' ')} UTC.`;
}

/** A sentence a batch size: the time of the first network, and of each other as a multiple of it. */
const headline = ({ contests }: MeasuredRecord): string => contests.map(sentenceOf).join(' ');

function sentenceOf({ batch, result: { subjects } }: ContestSummary): string {
  const [first, ...others] = subjects;
  const when =
    batch === 'best' ? 'Each at its best batch' : batch === 1 ? 'One image at a time' : `In batches of ${batch}`;
  const { perInference } = first!.time;
  const took = isMeasured(perInference)
    ? `took ${quantity(perInference.value, 'seconds')} an image`
    : `has no time left that counts`;
  const multiples = others.map(({ name, time: { ratio } }) =>
    isMeasured(ratio) ? `${name} ${significant(ratio.value)} times that` : `${name} has no ratio that counts`,
  );
  return `${when}, ${first!.name} ${took}${multiples.map((text) => `; ${text}`).join('')}.`;
}

function measuredTable(contest: ContestSummary): Markup {
  const { noEnergy } = contest.result;
  const columns = measuredColumns(contest).flatMap((column): readonly Column<MeasuredRow>[] => {
    if (column.key === 'used') return [usedColumn, droppedColumn];
    if (column.key === 'energy' && noEnergy !== undefined)
      return [{ ...column, unit: '', align: 'left', text: () => noEnergy }];
    return [column];
  });
  return columnTable(`${contestHeading(contest)}, measured`, columns, rowsOf(contest));
}

const words = { unit: '', kind: 'label', value: () => null } as const;

const usedColumn: Column<MeasuredRow> = {
  ...words,
  ...{ key: 'used', header: 'Trials used', align: 'right' },
  text: ({ subject: { used, rejected } }) => `${used} of ${used + rejected.length}`,
};

const droppedColumn: Column<MeasuredRow> = {
  ...words,
  ...{ key: 'rejected', header: 'Rejected, and why', align: 'left' },
  text: ({ subject: { rejected } }) =>
    rejected.length === 0 ? 'none' : `${rejected.length}; the first because ${rejected[0]!.reason}`,
};
