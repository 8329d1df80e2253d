// A profile as one HTML file that loads nothing.

import type { Profile } from '../../profile/index.ts';
import { columnTable } from '../html/column-table.ts';
import { drawFigure, htmlDocument } from '../html/document.ts';
import { html } from '../html/markup.ts';
import { profileColumns } from './columns.ts';
import { rooflineFigure } from './roofline-figure.ts';
import { shownRows } from './rows.ts';
import { timelineFigure } from './timeline-figure.ts';
import { memoryWords, profileHeadline, profileNotes, roofWords } from './words.ts';

export async function profileHtml(profile: Profile): Promise<string> {
  const rows = shownRows(profile, { few: false });
  const roofline = rooflineFigure(profile);
  const figures = [timelineFigure(profile), ...(roofline === null ? [] : [roofline])];
  const drawn = await Promise.all(figures.map(drawFigure));
  const main = html`<header><p class="eyebrow">Spikewatt profile · ${profile.backend} · ${profile.encoder} input</p>
<h1>Where the time and memory went</h1></header>
<p class="headline">${profileHeadline(profile)}</p>
${drawn}
<section id="kernels"><h2>Every kernel</h2>
${columnTable('Kernels by time', profileColumns(rows, { stages: true }), rows)}
${profileNotes(profile).map((note) => html`<p class="note">${note}</p>`)}</section>
<section id="machine"><h2>Machine and memory</h2>
<p>${roofWords(profile)}</p>
<p>${memoryWords(profile)}</p></section>`;
  return htmlDocument(`${profile.network} – Spikewatt profile`, main);
}
