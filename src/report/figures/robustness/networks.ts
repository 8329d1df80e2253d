// A colour, a point and a dash for each network of a study of robustness, told apart in grey too.

import type { RunRecord } from '../../../store/index.ts';
import { runColors } from '../runs.ts';
import { legendColumns } from '../theme.ts';

const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'];

export const shapesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => SHAPES[i % SHAPES.length]!);

/** Encodings of colour and shape by the field `series`, whose values are the names of these networks. */
export function networkMarks(record: RunRecord, names: readonly string[]) {
  const networks = names.map((name) => record.networks.find((network) => network.name === name));
  const known = networks.filter((network) => network !== undefined);
  const colors = runColors(known);
  const range = networks.map((network) => (network === undefined ? '#4D4D4D' : colors[known.indexOf(network)]!));
  return seriesMarks(names, range);
}

/** Encodings of colour and shape by the field `series`. */
export function seriesMarks(names: readonly string[], colors: readonly string[]) {
  const about = { field: 'series', type: 'nominal' as const, title: null };
  const legend = { columns: legendColumns(names, 6), symbolOpacity: 1 };
  return {
    color: { ...about, scale: { domain: [...names], range: [...colors] }, legend },
    shape: { ...about, scale: { domain: [...names], range: shapesOf(names.length) }, legend },
  };
}
