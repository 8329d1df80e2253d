// The page of a comparison of forecasters: one HTML file, nothing loaded from anywhere.

import { VERSION } from '../../core/index.ts';
import type { ForecasterRecord, ForecastRecord } from '../../forecast/index.ts';
import type { Column } from '../columns.ts';
import { errorByStepAhead } from '../figures/forecast/by-step.ts';
import { errorAgainstEnergy } from '../figures/forecast/error-energy.ts';
import { forecastOverTime } from '../figures/forecast/over-time.ts';
import { deviceColumns, ERROR_COLUMNS, operationColumns } from '../forecast/columns.ts';
import { LEFT_OUT } from '../forecast/devices.ts';
import { errorNotes, operationNotes } from '../forecast/text.ts';
import { forecastVerdict } from '../forecast/verdict.ts';
import { columnTable } from './column-table.ts';
import { drawFigure, htmlDocument } from './document.ts';
import { html, type Markup } from './markup.ts';

/** The whole page, a pure function of the record, which it also carries (`<script type="application/json" id="record">`). */
export async function renderForecastHtml(record: ForecastRecord): Promise<string> {
  const { series, study, forecasters } = record;
  const [overTime, byStep, energy] = await Promise.all(
    [forecastOverTime(record), errorByStepAhead(record), errorAgainstEnergy(record)].map((figure) =>
      figure === null ? null : drawFigure(figure),
    ),
  );
  const { headline, points } = forecastVerdict(record);
  const table = (label: string, columns: readonly Column<ForecasterRecord>[], caption: string): Markup =>
    columnTable(label, columns, forecasters, caption);
  const notes = (texts: readonly string[]): Markup[] => texts.map((text) => html`<p class="note">${text}</p>`);
  const main = html`<header><p class="eyebrow">Spikewatt forecast · ${series.length} values · ${study.horizon} steps ahead</p>
<h1>${series.name}: would a spiking network forecast this for less?</h1></header>
<section id="verdict" aria-label="Verdict"><p class="headline">${headline}</p>
<dl class="points">${points.map(({ title, text }) => html`<dt>${title}</dt><dd>${text}</dd>`)}</dl></section>
<section id="errors"><h2>Errors</h2>${table('Errors on the test', ERROR_COLUMNS, 'Errors on the test, with 95 % intervals.')}${notes(errorNotes(record))}
${overTime!}${byStep ?? null}</section>
<section id="cost"><h2>What one forecast takes</h2>${table('Operations, energy and time', operationColumns(forecasters), 'Operations counted, energy estimated, time measured.')}${notes(operationNotes(record))}${energy ?? null}</section>
<section id="devices"><h2>The six devices of KerasSpiking's model</h2>
${table('By ModelEnergy', deviceColumns(forecasters, 'keras'), 'Energy of one forecast as its ModelEnergy has it.')}
${table('By what was executed', deviceColumns(forecasters, 'executed'), 'The same constants for all that was executed.')}
${notes(['–: it has no figure, or the device cannot run the network as it is.'])}
<h3>What that model leaves out</h3><ul>${LEFT_OUT.map((text) => html`<li>${text}</li>`)}</ul></section>
<section id="method"><h2>Data and method</h2><dl class="facts">${method(record).map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl></section>
<footer>Made by Spikewatt ${VERSION}. The record is inside this file: the text of the element with id <code>record</code>.</footer>`;
  return htmlDocument(`${series.name} – Spikewatt forecast`, main, record);
}

function method({
  series,
  study,
  stretches,
  scale,
  forecasters,
}: ForecastRecord): readonly (readonly [string, string])[] {
  const stretch = ({ from, to }: { readonly from: number; readonly to: number }): string => `${from} to ${to - 1}`;
  return [
    ['Series', series.source],
    ['Training', `values ${stretch(stretches.train)}`],
    ['Validation', `values ${stretch(stretches.validation)}; the epoch with the lowest loss there is kept`],
    ['Test', `values ${stretch(stretches.test)}; no value is in two parts`],
    [
      'Scaled by',
      `mean ${scale.mean.toPrecision(4)} and deviation ${scale.deviation.toPrecision(4)} of the training part`,
    ],
    [
      'Learning',
      `${study.epochs} epochs, batches of ${study.batchSize}, Adam at ${study.learningRate}, squared error, seed ${study.seed}`,
    ],
    ...forecasters.flatMap(({ name, run }): [string, string][] => {
      if (run === undefined) return [];
      const layers = run.spec.layers.map((layer) => layer.name).join(', ');
      const kept =
        run.training === undefined
          ? 'least squares'
          : `epoch ${run.training.bestEpoch} kept, trained in ${run.trainSeconds.toFixed(1)} s`;
      return [[name, `${layers}; ${kept}`]];
    }),
  ];
}
