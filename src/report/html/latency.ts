// One image at a time, event by event: how long an inference takes on this machine, as a neuromorphic chip would be fed.

import type { RunRecord, StreamRecord } from '../../store/index.ts';
import { quantity, significant, whole } from '../quantity.ts';
import { scrolling } from './comparison.ts';
import { html, type Markup } from './markup.ts';

/** Null if no network was run image by image. */
export function latencies({ networks }: RunRecord): Markup | null {
  const rows = networks.flatMap(({ name, stream }) => (stream === undefined ? [] : [row(name, stream)]));
  if (rows.length === 0) return null;
  const head = ['Images', 'Median', '95th percentile', 'Longest', 'Events', 'Events', 'Synaptic operations'];
  const units = ['', 'an image', 'an image', 'an image', 'an image', 'a second', 'a second'];
  const table = html`<table><caption>Measured on this machine, one thread. An event is a nonzero value that arrives at a layer with weights or at a pool.</caption><thead><tr><th scope="col">Network</th>${head.map((title, i) => html`<th scope="col" class="number">${title} <span class="unit">${units[i]!}</span></th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
  return html`<h3>One image at a time</h3>${scrolling('Latency of one image at a time', table)}`;
}

function row(name: string, { samples, latency, ...rates }: StreamRecord): Markup {
  const cells = [
    whole(samples),
    ...[latency.median, latency.p95, latency.longest].map((seconds) => quantity(seconds, 'seconds')),
    significant(rates.eventsPerSample),
    ...[rates.eventsPerSecond, rates.synopsPerSecond].map((value) => quantity(value, 'operations')),
  ];
  return html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`;
}
