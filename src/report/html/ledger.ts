// The counts behind the figures: what each layer did, and how other tools would have counted the same run.

import type { Ledger, OpCounts, ViewCounts } from '../../measure/index.ts';
import type { NetworkSpec } from '../../model/index.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { layerWords } from '../layer-words.ts';
import { quantity, significant } from '../quantity.ts';
import { otherOperations, type Stage, stagesOf } from '../stages.ts';
import { scrolling } from './comparison.ts';
import { words } from './energy.ts';
import { html, type Markup } from './markup.ts';

/** With more layers than this they go down, by stages first. */
const MOST_ACROSS = 8;

export function ledgerTables({ networks }: RunRecord): Markup {
  return html`<h3>Every layer, every column</h3><p class="note">Operations and words of memory for one average image over all its time steps. Columns that are zero everywhere are left out.</p>${networks.map(
    (network) =>
      html`<details><summary>${network.name}</summary>${network.ledger.layers.length > MOST_ACROSS ? deepLedger(network) : ledgerTable(network)}</details>`,
  )}`;
}

type Key = keyof OpCounts;
const keysOf = ({ total }: Ledger): Key[] => (Object.keys(total) as Key[]).filter((key) => total[key] > 0);

/** Quantities down, layers across: a network of few layers. */
function ledgerTable({ name, ledger }: NetworkRecord): Markup {
  const head = ledger.layers.map(
    ({ layer, kind }) => html`<th scope="col" class="number">${layer}<span class="unit">${kind}</span></th>`,
  );
  const row = (key: Key) =>
    html`<tr><th scope="row">${words(key)}</th>${ledger.layers.map(({ counts }) => number(counts[key]))}${number(ledger.total[key])}</tr>`;
  return scrolling(
    `Ledger of ${name}`,
    html`<table><thead><tr><th scope="col">Quantity</th>${head}<th scope="col" class="number">all</th></tr></thead><tbody>${keysOf(ledger).map(row)}</tbody></table>`,
  );
}

/** A network of many layers: a row a stage with the main columns; every layer and column folded away below. */
function deepLedger({ name, spec, ledger }: NetworkRecord): Markup {
  const keys = keysOf(ledger);
  const row = ({ layer, kind, counts }: Ledger['layers'][number]) =>
    html`<tr><th scope="row">${layer}</th><td>${kind}</td>${keys.map((key) => number(counts[key]))}</tr>`;
  const all = scrolling(
    `Ledger of ${name}, every layer`,
    html`<table class="compact"><thead><tr><th scope="col">Layer</th><th scope="col">Kind</th>${keys.map((key) => html`<th scope="col" class="number">${words(key)}</th>`)}</tr></thead><tbody>${ledger.layers.map(row)}<tr class="sum"><th scope="row">all</th><td></td>${keys.map((key) => number(ledger.total[key]))}</tr></tbody></table>`,
  );
  return html`${stageTable(name, spec, ledger)}<details><summary>Every layer of ${name}, every column</summary>${all}</details>`;
}

const STAGE_COLUMNS: readonly (readonly [string, (counts: OpCounts) => number])[] = [
  ['MACs', ({ macs }) => macs],
  ['ACs', ({ acs }) => acs],
  ['Neuron updates', ({ neuronUpdates }) => neuronUpdates],
  ['Other operations', otherOperations],
  ['Weight reads', ({ weightReads }) => weightReads],
  ['State reads and writes', ({ stateReads, stateWrites }) => stateReads + stateWrites],
];

function stageTable(name: string, spec: NetworkSpec, ledger: Ledger): Markup {
  const columns = STAGE_COLUMNS.filter(([, of]) => of(ledger.total) > 0);
  const row = ({ name: stage, counts }: Stage) =>
    html`<tr><th scope="row">${stage}</th><td>${layerWords(spec, stage)}</td>${columns.map(([, of]) => number(of(counts)))}</tr>`;
  return scrolling(
    `Ledger of ${name} by stages`,
    html`<table class="compact"><caption>A row is a layer with what follows it up to the next with weights.</caption><thead><tr><th scope="col">From layer</th><th scope="col">Window, filters</th>${columns.map(([title]) => html`<th scope="col" class="number">${title}</th>`)}</tr></thead><tbody>${stagesOf(ledger).map(row)}<tr class="sum"><th scope="row">all</th><td></td>${columns.map(([, of]) => number(of(ledger.total)))}</tr></tbody></table>`,
  );
}

const number = (value: number): Markup => html`<td class="number">${significant(value)}</td>`;

/** `energy: 482 nJ`, `MACs: 203 operations`. */
const inWords = ({ name, value, unit }: ViewCounts['quantities'][number]): string =>
  `${name}: ${unit === 'J' ? quantity(value, 'joules') : `${significant(value)} ${unit}`}`;

export function viewsSection({ networks }: RunRecord): Markup | null {
  const rows = networks.flatMap(({ name, views }) =>
    views.map(
      ({ view, quantities, differs }) =>
        html`<tr><th scope="row">${name}</th><td>${view}</td><td>${quantities.map((each) => html`${inWords(each)}<br>`)}</td><td>${differs}</td></tr>`,
    ),
  );
  if (rows.length === 0) return null;
  return html`<section id="views"><h2>As other tools would count it</h2>
<p>Tools disagree on what an operation is. These are the same runs, counted by the rules of each, for one image, with the reason each differs from the ledger above.</p>
${scrolling('Counts by the rules of other tools', html`<table><thead><tr><th scope="col">Network</th><th scope="col">Tool</th><th scope="col" style="width: 42%">Its quantities</th><th scope="col">Why it differs</th></tr></thead><tbody>${rows}</tbody></table>`)}</section>`;
}
