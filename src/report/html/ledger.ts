// The counts behind the figures: what each layer did, and how other tools would have counted the same run.

import type { OpCounts, ViewCounts } from '../../measure/index.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { quantity, significant } from '../quantity.ts';
import { scrolling } from './comparison.ts';
import { words } from './energy.ts';
import { html, type Markup } from './markup.ts';

export function ledgerTables({ networks }: RunRecord): Markup {
  return html`<h3>Every layer, every column</h3><p class="note">Operations and words of memory for one average image over all its time steps. Columns that are zero everywhere are left out.</p>${networks.map(
    (network) => html`<details><summary>${network.name}</summary>${ledgerTable(network)}</details>`,
  )}`;
}

/** Quantities down, layers across: a network has few layers and many quantities. */
function ledgerTable({ name, ledger }: NetworkRecord): Markup {
  const keys = (Object.keys(ledger.total) as (keyof OpCounts)[]).filter((key) => ledger.total[key] > 0);
  const head = ledger.layers.map(
    ({ layer, kind }) => html`<th scope="col" class="number">${layer}<span class="unit">${kind}</span></th>`,
  );
  const row = (key: keyof OpCounts) =>
    html`<tr><th scope="row">${words(key)}</th>${ledger.layers.map(({ counts }) => number(counts[key]))}${number(ledger.total[key])}</tr>`;
  return scrolling(
    `Ledger of ${name}`,
    html`<table><thead><tr><th scope="col">Quantity</th>${head}<th scope="col" class="number">all</th></tr></thead><tbody>${keys.map(row)}</tbody></table>`,
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
