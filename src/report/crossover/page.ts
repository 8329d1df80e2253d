// A crossover as one HTML file that loads nothing.

import type { Crossover } from '../../timing/index.ts';
import { columnTable } from '../html/column-table.ts';
import { html, trusted } from '../html/markup.ts';
import { drawFigure, POLICY } from '../html/page.ts';
import { STYLE } from '../html/style.ts';
import { crossoverColumns, crossoverRows } from './columns.ts';
import { crossoverFigure } from './figure.ts';
import { crossoverHeadline, crossoverNotes } from './words.ts';

/** `machine`: the processor, for the reader. */
export async function crossoverHtml(crossover: Crossover, machine: string): Promise<string> {
  const figures = [crossoverFigure(crossover, 'time'), crossoverFigure(crossover, 'energy')].filter(
    (one) => one !== null,
  );
  const drawn = await Promise.all(figures.map(drawFigure));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light">
<title>${crossover.network} – Spikewatt crossover</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<header><p class="eyebrow">Spikewatt crossover · ${crossover.network} · ${crossover.data} · ${machine}</p>
<h1>When does the spiking network take less on this machine?</h1></header>
<p class="headline">${crossoverHeadline(crossover)}</p>
${drawn}
<section id="break-even"><h2>Break-even</h2>
${columnTable('Break-even by batch size and time steps', crossoverColumns(crossover), crossoverRows(crossover))}
${crossoverNotes(crossover).map((note) => html`<p class="note">${note}</p>`)}</section>
</main>
</body>
</html>
`.markup;
}
