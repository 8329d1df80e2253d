// What noise and attacks do to the networks: the verdict, figures, tables, alarms and examples of disturbed images.

import type { AttackSweep, RobustnessResult } from '../../robustness/index.ts';
import type { RunRecord } from '../../store/index.ts';
import { attackColumns } from '../robustness/attack-columns.ts';
import { attackName, NOISE_NAME, NOT_EVIDENCE, unbroken } from '../robustness/names.ts';
import { noiseColumns } from '../robustness/noise-columns.ts';
import { attackNotes, NO_ALARM, noiseNotes } from '../robustness/text.ts';
import { robustnessVerdict } from '../robustness/verdict.ts';
import { columnTable } from './column-table.ts';
import { exampleImages } from './example-images.ts';
import { html, type Markup } from './markup.ts';

/** Null if the record has no study of robustness. */
export function robustnessSection(record: RunRecord, figure: (id: string) => Markup | null): Markup | null {
  const { robustness } = record;
  if (robustness === undefined) return null;
  const { attack, noise } = robustness;
  const { headline, points } = robustnessVerdict(robustness);
  return html`<section id="robustness"><h2>Robustness</h2><p class="headline">${unbroken(headline)}</p>
<dl class="points">${points.map(({ title, text }) => html`<dt>${title}</dt><dd>${unbroken(text)}</dd>`)}</dl>
${attack === null ? null : attacksPart(robustness, attack, figure)}
${noise.length === 0 ? null : noisePart(robustness, figure)}
${exampleImages(robustness.examples, record.data.classes)}</section>`;
}

function attacksPart(result: RobustnessResult, sweep: AttackSweep, figure: (id: string) => Markup | null): Markup {
  const networks = [...new Set(sweep.lines.map(({ network }) => network))];
  const tables = networks.map((network) => {
    const lines = sweep.lines.filter((line) => line.network === network);
    return columnTable(`Attacks on ${network}`, attackColumns(sweep), lines, `${network} under attack, accuracy in %`);
  });
  return html`${figure('robustness-compared')}${figure('robustness-attacks')}
${alarmsPart(sweep)}
<h3>How to read this</h3>${HOW_TO_READ.map((text) => html`<p>${text}</p>`)}
<h3>Attacks in numbers</h3>${tables}${attackNotes(result, sweep).map((note) => html`<p class="note">${unbroken(note)}</p>`)}`;
}

const HOW_TO_READ: readonly string[] = [
  'An attack looks for the change of an image, no larger than epsilon, that makes the network wrong. It shows what it finds, never that there is nothing to be found: accuracy under attack is an upper bound of the robustness.',
  `A weak attack therefore looks like a strong network. The naive attack follows the gradient that automatic differentiation gives; where a random or a timed code of spikes stands between pixels and network, that gradient is zero, and nothing was attacked. The proper attack carries the gradient through the code; transferred images were made against another network; the black-box attack needs no gradient. The worst case of all of them is the line to compare networks by.`,
  `An alarm means that a line fails a check that every true measure of robustness passes: an attack with a gradient does more harm than random noise and than attacks without one, more steps of it do little more, and where epsilon reaches every image nothing is left but guessing. Such a line is ${NOT_EVIDENCE}, however high it is.`,
];

function alarmsPart({ lines }: AttackSweep): Markup {
  const alarmed = lines.filter(({ alarms }) => alarms.length > 0);
  const title = html`<h3>Masking alarms</h3>`;
  if (alarmed.length === 0) return html`${title}<p>${NO_ALARM}</p>`;
  const items = alarmed.map(
    (line) =>
      html`<dt>${line.network}, ${attackName(line)}</dt><dd><strong>${NOT_EVIDENCE}</strong>: ${unbroken(line.alarms.map(({ text }) => text).join('; '))}.</dd>`,
  );
  return html`${title}<dl class="points">${items}</dl>`;
}

function noisePart(result: RobustnessResult, figure: (id: string) => Markup | null): Markup {
  const tables = result.noise.map((sweep) =>
    columnTable(NOISE_NAME[sweep.kind], noiseColumns(sweep), sweep.curves, `${NOISE_NAME[sweep.kind]}, ${sweep.unit}`),
  );
  return html`${figure('robustness-noise')}<details><summary>Noise in numbers</summary>${tables}${noiseNotes(result).map((note) => html`<p class="note">${unbroken(note)}</p>`)}</details>`;
}
