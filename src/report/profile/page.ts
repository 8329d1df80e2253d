// A profile as one HTML file that loads nothing.

import type { Profile } from '../../profile/index.ts';
import { columnTable } from '../html/column-table.ts';
import { html, trusted } from '../html/markup.ts';
import { drawFigure, POLICY } from '../html/page.ts';
import { STYLE } from '../html/style.ts';
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
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light">
<title>${profile.network} – Spikewatt profile</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<header><p class="eyebrow">Spikewatt profile · ${profile.backend} · ${profile.encoder} input</p>
<h1>Where the time and memory went</h1></header>
<p class="headline">${profileHeadline(profile)}</p>
${drawn}
<section id="kernels"><h2>Every kernel</h2>
${columnTable('Kernels by time', profileColumns(rows, { stages: true }), rows)}
${profileNotes(profile).map((note) => html`<p class="note">${note}</p>`)}</section>
<section id="machine"><h2>Machine and memory</h2>
<p>${roofWords(profile)}</p>
<p>${memoryWords(profile)}</p></section>
</main>
</body>
</html>
`;
  return page.markup;
}
