// Fills the results of README.md from a real run: `node --conditions=source scripts/readme-table.ts runs/<id>`.
// What stands between the two markers is replaced; nothing there is written by hand.

import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { comparisonColumns, percent, verdictOf } from '../src/report/index.ts';
import { type RunRecord, readRecord } from '../src/store/index.ts';

const README = new URL('../README.md', import.meta.url);
export const BEGIN = '<!-- results: written by scripts/readme-table.ts from a run -->';
export const END = '<!-- end of results -->';

const UNITS: Readonly<Record<string, string>> = { counted: '', estimated: 'est. ', measured: 'meas. ', label: '' };

/** The results of a run as Markdown: what it was, the table, the verdict. */
export function readmeResults(record: RunRecord): string {
  const columns = comparisonColumns(record);
  const head = columns.map(({ header, unit, kind }) => {
    const words = `${UNITS[kind]}${unit}`.trim();
    return words === '' ? header : `${header}<br>${words}`;
  });
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  const rows = record.networks.map((network) => columns.map(({ text }) => text(network)));
  const lines = [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [BEGIN, aboutRun(record), lines.join('\n'), `> ${verdictOf(record).headline}`, END].join('\n\n');
}

function aboutRun({ data, environment, study, wallSeconds }: RunRecord): string {
  const { cpu, cores, node, backend, simdBits, threads } = environment;
  const images = `${data.trainSamples} training, ${data.validationSamples} validation and ${data.testSamples} test images of ${data.name}`;
  return `One run of the default study, seed ${String(study.seed)}: ${images}; ${cpu}, ${cores} cores, Node ${node}, ${backend} engine on ${threads} threads with ${simdBits}-bit SIMD; ${wallSeconds.toFixed(0)} seconds in all. Accuracies with their ${percent(0.95, 0)} % intervals; operations and energies are for one average image.`;
}

/** README with the results of a run put in. */
export function withResults(readme: string, record: RunRecord): string {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`README.md lacks the markers "${BEGIN}" and "${END}"`);
  return `${before}${readmeResults(record)}${after}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const record = await readRecord(process.argv[2] ?? '');
  writeFileSync(README, withResults(readFileSync(README, 'utf8'), record));
}
