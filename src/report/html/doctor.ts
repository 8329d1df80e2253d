// The conversion, explained: what was to be expected, what each layer lost, and which change gains most.

import type { ConversionDiagnosis, ConversionStep, Finding, TriedFix } from '../../convert/index.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { LAYER_NOTES, layerColumns } from '../doctor/columns.ts';
import { diagnosed } from '../doctor/diagnosed.ts';
import { groupFindings, layersWords } from '../doctor/grouped.ts';
import { gainWords, lossWords, sampleWords, severityWords } from '../doctor/text.ts';
import { percent } from '../quantity.ts';
import { columnTable } from './column-table.ts';
import { scrolling } from './comparison.ts';
import { html, type Markup } from './markup.ts';

const FIGURES = ['error-depth', 'activation-scatter', 'activation-histogram'];

/** None if nothing was converted, or nothing is known of how. */
export function doctorSections(record: RunRecord, figure: (id: string) => Markup | null): readonly Markup[] {
  const conversion = record.networks.find((network) => network.conversion !== null)?.conversion;
  const found = diagnosed(record);
  const [before, steps] = [conversion?.findings ?? [], conversion?.steps ?? []];
  if (found.length === 0 && before.length === 0) return [];
  return [
    html`<section id="conversion"><h2>The conversion, explained</h2>
${before.length === 0 ? null : html`<h3>What was to be expected</h3>${findingsTable('Findings before converting', before)}`}
${found.map(({ network, diagnosis }) => diagnosisPart(record, network, diagnosis))}
${FIGURES.map(figure)}
${steps.length === 0 ? null : stepsList(steps)}</section>`,
  ];
}

function diagnosisPart(record: RunRecord, { name, spec }: NetworkRecord, diagnosis: ConversionDiagnosis): Markup {
  const { findings, fixes } = diagnosis;
  return html`<h3>${name}, layer by layer</h3><p>${lossWords(diagnosis)}</p>
${columnTable(`Layers of ${name}`, layerColumns(spec), diagnosis.layers)}
${[sampleWords(record, diagnosis), ...LAYER_NOTES].map((note) => html`<p class="note">${note}</p>`)}
${findings.length === 0 ? null : html`<h3>What is lost</h3>${findingsTable(`Findings about ${name}`, findings)}`}
${fixes.length === 0 ? null : fixesTable(name, fixes)}`;
}

function findingsTable(label: string, findings: readonly Finding[]): Markup {
  const rows = groupFindings(findings).map(
    ({ layers, severity, problem, remedy }) =>
      html`<tr><th scope="row"${layers.length > 1 ? html` title="${layers.join(', ')}"` : null}>${layersWords(layers)}</th><td>${severityWords(severity)}</td><td>${problem}</td><td>${remedy}</td></tr>`,
  );
  return scrolling(
    label,
    html`<table><thead><tr><th scope="col" style="width: 18%">Layer</th><th scope="col" style="width: 13%">Effect</th><th scope="col">What</th><th scope="col">What to do</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function fixesTable(name: string, fixes: readonly TriedFix[]): Markup {
  const rows = fixes.map(
    ({ fix, change, timesteps, accuracy, gain }) =>
      html`<tr><th scope="row">${fix}</th><td class="number">${gainWords(gain)}</td><td class="number">${percent(accuracy)}</td><td class="number">${timesteps}</td><td><code>${change}</code></td></tr>`,
  );
  return html`<h3>What would help</h3><p class="note">Each change was tried by itself on the same images, most gain first. A gain smaller than the choice of so few images can tell is none.</p>${scrolling(
    `Changes tried on ${name}`,
    html`<table><thead><tr><th scope="col">Change</th><th scope="col" class="number">Gain</th><th scope="col" class="number">Accuracy <span class="unit">%</span></th><th scope="col" class="number">T <span class="unit">steps</span></th><th scope="col">To set</th></tr></thead><tbody>${rows}</tbody></table>`,
  )}`;
}

const stepsList = (steps: readonly ConversionStep[]): Markup =>
  html`<details><summary>What each pass did to the network</summary><ul>${steps.map(({ pass, layer, effect }) => html`<li>${pass}, ${layer}: ${effect}</li>`)}</ul></details>`;
