// Networks as text: the list, and one of them layer by layer.

import type { NetworkSummary } from '../experiment/index.ts';
import type { PresetDescription } from '../model/index.ts';
import { layoutGrid, painter, quantity, type TableOptions, wrap } from '../report/index.ts';

type Options = Pick<TableOptions, 'width' | 'color'>;

interface Listed {
  readonly about: PresetDescription;
  readonly summary: NetworkSummary;
}

const column = (title: string, align: 'left' | 'right', cells: readonly string[], unit = '') => ({
  header: unit === '' ? [title] : [title, unit],
  title: unit === '' ? title : `${title} (${unit})`,
  align,
  cells,
});

const amount = (value: number): string => (value === 0 ? '0' : quantity(value, 'operations'));

/** A network a row, by the publication it comes from; no trailing newline. */
export function networkList(networks: readonly Listed[], { width, color }: Options): string {
  const paint = painter(color);
  const sources = [...new Set(networks.map(({ about }) => about.source))];
  const blocks = sources.map((source) => {
    const own = networks.filter(({ about }) => about.source === source);
    const heading = wrap(source, width).map((line) => paint(line, 'bold'));
    return [...heading, ...own.flatMap((network) => entryLines(network, width))].join('\n');
  });
  return [...blocks, 'Layers, shapes and notes: spikewatt networks <name>'].join('\n\n');
}

const NAME_WIDTH = 31;

function entryLines({ about, summary }: Listed, width: number): string[] {
  const { name, title, input, classes } = about;
  const figures = `${input.join('x')} to ${classes}, ${amount(summary.parameters)} parameters, ${amount(summary.macs)} MACs`;
  const indent = ' '.repeat(NAME_WIDTH);
  if (width < 2 * NAME_WIDTH)
    return [`  ${name}`, ...wrap(`${title}. ${figures}`, width - 4).map((line) => `    ${line}`)];
  const [first, ...rest] = [...wrap(title, width - NAME_WIDTH), ...wrap(figures, width - NAME_WIDTH)];
  return [`  ${name}`.padEnd(NAME_WIDTH) + first, ...rest.map((line) => indent + line)];
}

/** Source, notes, options, and a row for each layer; no trailing newline. */
export function networkDetails(about: PresetDescription, summary: NetworkSummary, { width, color }: Options): string {
  const paint = painter(color);
  const { layers } = summary;
  const graph = layers.some(({ reads }) => reads.length > 0);
  const columns = [
    column(
      'Layer',
      'left',
      layers.map(({ layer }) => layer),
    ),
    column(
      'Kind',
      'left',
      layers.map(({ kind, detail }) => (detail === '' ? kind : `${kind} ${detail}`)),
    ),
    column(
      'Output',
      'right',
      layers.map(({ output }) => output.join('x')),
    ),
    column(
      'Parameters',
      'right',
      layers.map(({ parameters }) => (parameters === 0 ? '' : parameters.toLocaleString('en').replaceAll(',', ' '))),
    ),
    column(
      'MACs',
      'right',
      layers.map(({ macs }) => (macs === 0 ? '' : amount(macs))),
      'an image',
    ),
    ...(graph
      ? [
          column(
            'Reads',
            'left',
            layers.map(({ reads }) => reads.join(', ')),
          ),
        ]
      : []),
  ];
  const total = `Input ${summary.input.join('x')}; ${summary.parameters.toLocaleString('en').replaceAll(',', ' ')} parameters as an ANN, ${amount(summary.macs)} multiply-accumulates an image (borders counted as the rest).`;
  const parts = [
    [paint(about.name, 'bold'), ...wrap(about.title, width)].join('\n'),
    wrap(`Source: ${about.source}`, width).join('\n'),
    about.notes.map((note) => wrap(`• ${note}`, width).join('\n')).join('\n'),
    layoutGrid(columns, width, paint),
    wrap(total, width).join('\n'),
    wrap(
      `Options in a study, as network: {preset: ${about.name}, ...}: ${about.options.filter((option) => !FITTED.includes(option)).join(', ')}.`,
      width,
    ).join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Options that a study takes from its neuron and its data. */
const FITTED: readonly string[] = ['neuron', 'input', 'classes'];
