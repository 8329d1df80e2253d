// The report as one HTML file.

import type { RunRecord } from '../../store/index.ts';
import { figuresOf } from '../figures/index.ts';
import { verdictOf } from '../verdict.ts';
import { comparisonSection } from './comparison.ts';
import { doctorSections } from './doctor.ts';
import { drawFigure, htmlDocument } from './document.ts';
import { assumptions } from './energy.ts';
import { latencies } from './latency.ts';
import { ledgerTables, viewsSection } from './ledger.ts';
import { html, type Markup } from './markup.ts';
import { measuredSection } from './measured.ts';
import { methodSection } from './method.ts';
import { robustnessSection } from './robustness.ts';

/** The whole page, a pure function of the record, which it also carries (`<script type="application/json" id="record">`). */
export async function renderHtml(record: RunRecord): Promise<string> {
  const drawn = await Promise.all(
    figuresOf(record).map(async (figure) => [figure.id, await drawFigure(figure)] as const),
  );
  const figures = new Map(drawn);
  const main = html`${introduction(record)}
${comparisonSection(record)}
${sections(record, figures)}
${viewsSection(record)}
${methodSection(record)}
<footer>Made by Spikewatt ${record.environment.spikewatt} from run ${record.id}. The run's record is inside this file: the text of the element with id <code>record</code>.</footer>`;
  return htmlDocument(`${record.name} – Spikewatt report`, main, record);
}

function introduction(record: RunRecord): Markup {
  const { headline, points } = verdictOf(record);
  const date = record.createdAt.slice(0, 16).replace('T', ' ');
  return html`<header><p class="eyebrow">Spikewatt report · ${record.data.name} · ${date} UTC</p>
<h1>${record.name}: would a spiking network do this job for less?</h1></header>
<section id="verdict" aria-label="Verdict"><p class="headline">${headline}</p>
<dl class="points">${points.map(({ title, text }) => html`<dt>${title}</dt><dd>${text}</dd>`)}</dl></section>`;
}

function sections(record: RunRecord, figures: ReadonlyMap<string, Markup>): Markup {
  const of = (id: string): Markup | null => figures.get(id) ?? null;
  const section = (id: string, title: string, parts: readonly (Markup | null)[]): Markup | null =>
    parts.every((part) => part === null) ? null : html`<section id="${id}"><h2>${title}</h2>${parts}</section>`;
  return html`${[
    section('accuracy', 'Accuracy', [of('accuracy-timesteps')]),
    section('time', 'Through time', [
      of('through-time'),
      of('accuracy-operations'),
      of('early-stop'),
      latencies(record),
    ]),
    ...doctorSections(record, of),
    section('energy', 'Energy', [of('energy'), assumptions(record), of('break-even')]),
    measuredSection(record, of),
    section('operations', 'Operations', [of('operations'), ledgerTables(record)]),
    section('activity', 'Activity', [of('firing-rates'), of('spike-raster'), of('membranes')]),
    robustnessSection(record, of),
    section('training', 'Training', [of('learning-curves')]),
  ]}`;
}
