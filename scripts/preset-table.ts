// Writes the presets into docs/model.md: run it after changing one. A test fails when the page is out of date.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countParameters, PRESET_LIST, type PresetDescription, preset } from '../src/model/index.ts';

const DOCUMENT = new URL('../docs/model.md', import.meta.url);
const START = '<!-- table: presets -->';
const END = '<!-- end: presets -->';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** Presets of one source, with what had to be chosen for them. */
function section(source: string, presets: readonly PresetDescription[]): string {
  const rows = presets.map(({ name, title, input, classes }) => [
    `\`${name}\``,
    cell(title),
    input.join(' x '),
    String(classes),
    countParameters(preset(name), 'ann').toLocaleString('en-US'),
  ]);
  const head = ['preset', 'network', 'input', 'classes', 'parameters'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const notes = new Map<string, string[]>();
  for (const { name, notes: own } of presets)
    for (const note of own) notes.set(note, [...(notes.get(note) ?? []), `\`${name}\``]);
  const lines = [...notes].map(([note, names]) =>
    names.length === presets.length ? `- ${note}` : `- ${names.join(', ')}: ${note}`,
  );
  return [`**${source}**`, '', ...table, '', ...(lines.length > 0 ? [...lines, ''] : [])].join('\n');
}

/** Every preset, by source. */
export function presetTable(): string {
  const sources = [...new Set(PRESET_LIST.map(({ source }) => source))];
  return sources
    .map((source) =>
      section(
        source,
        PRESET_LIST.filter((about) => about.source === source),
      ),
    )
    .join('\n');
}

/** The document with the presets between their markers. */
export function withPresets(document: string): string {
  const [from, to] = [document.indexOf(START), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/model.md: no "${START}" ... "${END}"; put the markers back`);
  return `${document.slice(0, from + START.length)}\n${presetTable()}${document.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT, withPresets(readFileSync(DOCUMENT, 'utf8')));
}
