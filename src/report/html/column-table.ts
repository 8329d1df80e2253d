// A table of the page from columns and rows, in a box that scrolls by itself.

import type { Column } from '../columns.ts';
import { scrolling } from './comparison.ts';
import { html, type Markup } from './markup.ts';

/** The first column's cells are the rows' headers. */
export function columnTable<Row>(
  label: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  caption = '',
): Markup {
  const number = ({ align }: Column<Row>): Markup | null => (align === 'right' ? html` class="number"` : null);
  const head = columns.map(
    (column) =>
      html`<th scope="col"${number(column)}><span style="white-space: normal">${column.header}</span>${column.unit === '' ? null : html` <span class="unit">${column.unit}</span>`}</th>`,
  );
  const cell = (column: Column<Row>, row: Row, i: number): Markup =>
    i === 0 ? html`<th scope="row">${column.text(row)}</th>` : html`<td${number(column)}>${column.text(row)}</td>`;
  const body = rows.map((row) => html`<tr>${columns.map((column, i) => cell(column, row, i))}</tr>`);
  const above = caption === '' ? null : html`<caption>${caption}</caption>`;
  return scrolling(
    label,
    html`<table class="compact">${above}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`,
  );
}
