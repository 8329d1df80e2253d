// A crossover as one HTML file that loads nothing.

import type { Crossover } from '../../timing/index.ts';
import { columnTable } from '../html/column-table.ts';
import { drawFigure, htmlDocument } from '../html/document.ts';
import { html } from '../html/markup.ts';
import { crossoverColumns, crossoverRows } from './columns.ts';
import { crossoverFigure } from './figure.ts';
import { crossoverHeadline, crossoverNotes } from './words.ts';

/** `machine`: the processor, for the reader. */
export async function crossoverHtml(crossover: Crossover, machine: string): Promise<string> {
  const figures = [crossoverFigure(crossover, 'time'), crossoverFigure(crossover, 'energy')].filter(
    (one) => one !== null,
  );
  const drawn = await Promise.all(figures.map(drawFigure));
  const main = html`<header><p class="eyebrow">Spikewatt crossover · ${crossover.network} · ${crossover.data} · ${machine}</p>
<h1>When does the spiking network take less on this machine?</h1></header>
<p class="headline">${crossoverHeadline(crossover)}</p>
${drawn}
<section id="break-even"><h2>Break-even</h2>
${columnTable('Break-even by batch size and time steps', crossoverColumns(crossover), crossoverRows(crossover))}
${crossoverNotes(crossover).map((note) => html`<p class="note">${note}</p>`)}</section>`;
  return htmlDocument(`${crossover.network} – Spikewatt crossover`, main);
}
