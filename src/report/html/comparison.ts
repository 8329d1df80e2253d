// The comparison table of the page, its columns grouped by how their numbers came to be.

import type { RunRecord } from '../../store/index.ts';
import { type Column, comparisonColumns } from '../columns.ts';
import { percent } from '../quantity.ts';
import { tableNotes } from '../table.ts';
import { html, type Markup } from './markup.ts';

const GROUP: Record<Column['kind'], string> = {
  label: '',
  counted: 'counted',
  estimated: 'estimated energy',
  measured: 'measured',
};

export function comparisonSection(record: RunRecord): Markup {
  const columns = comparisonColumns(record);
  return html`<section id="comparison"><h2>Side by side</h2>
${scrolling(
  'Comparison of the networks',
  html`<table class="compact"><caption>One network description, ${record.networks.length} readings of it.</caption>
<thead><tr class="group">${groups(columns)}</tr><tr>${columns.map(header)}</tr></thead>
<tbody>${record.networks.map((network) => html`<tr>${columns.map((column, i) => cell(column, network, i === 0))}</tr>`)}</tbody></table>`,
)}
${tableNotes(record).map((note) => html`<p class="note">${expand(note)}</p>`)}</section>`;
}

/** The terminal's short forms, spelled out. */
const expand = (note: string): string => note.replace(/^est\.: e/, 'E').replace(/^meas\.: m/, 'M');

/** A box that scrolls by itself where a table or figure is wider than the page; reachable by keyboard. */
export const scrolling = (label: string, content: Markup): Markup =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${content}</div>`;

function groups(columns: readonly Column[]): Markup[] {
  const runs: { kind: Column['kind']; span: number }[] = [];
  for (const { kind } of columns) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.span++;
    else runs.push({ kind, span: 1 });
  }
  return runs.map(({ kind, span }) =>
    kind === 'label'
      ? html`<td colspan="${span}"></td>`
      : html`<th scope="colgroup" colspan="${span}">${GROUP[kind]}</th>`,
  );
}

function header({ header: title, unit, align, key }: Column): Markup {
  const name = key === 'accuracy' ? 'Accuracy' : title.replace(/^Energy, /, '');
  const detail = key === 'accuracy' ? '% [95 % interval]' : unit;
  const rest = detail === '' ? null : html` <span class="unit">${detail}</span>`;
  return html`<th scope="col"${align === 'right' ? html` class="number"` : null}>${wrapName(name)}${rest}</th>`;
}

/** Names may break in the header though numbers may not. */
const wrapName = (name: string): Markup => html`<span style="white-space: normal">${name}</span>`;

function cell(column: Column, network: RunRecord['networks'][number], isFirst: boolean): Markup {
  if (isFirst) return html`<th scope="row">${column.text(network)}</th>`;
  if (column.key !== 'accuracy') return html`<td class="number">${column.text(network)}</td>`;
  const { value, low, high } = network.accuracy;
  return html`<td class="number">${percent(value)} <span class="interval">[${percent(low)}, ${percent(high)}]</span></td>`;
}
