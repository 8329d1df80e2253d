// The conversion doctor on a terminal: what to expect before converting, then each layer, and which change gains most.

import type { ConversionDiagnosis, Finding, TriedFix } from '../../convert/index.ts';
import type { NetworkSpec } from '../../model/index.ts';
import type { RunRecord } from '../../store/index.ts';
import { layoutGrid } from '../grid.ts';
import { type Paint, painter } from '../paint.ts';
import { percent, points, whole } from '../quantity.ts';
import { gridColumn, type TableOptions } from '../table.ts';
import { textWidth, wrap } from '../text-width.ts';
import { LAYER_NOTES, layerColumns } from './columns.ts';
import { type GroupedFinding, groupFindings, layersWords } from './grouped.ts';

type Options = Pick<TableOptions, 'width' | 'color'>;

/** What is to be expected of a conversion, refusals first, or that nothing stands in its way; no trailing newline. */
export function findingsText(findings: readonly Finding[], { width, color }: Options): string {
  const paint = painter(color);
  if (findings.length === 0) return 'Nothing in this network is known to convert unfaithfully.';
  return groupFindings(findings)
    .map((finding) => findingLines(finding, width, paint).join('\n'))
    .join('\n');
}

/** The layers as a table, what is wrong with them, and every change that was tried, the best first; no trailing newline. */
export function diagnosisText(
  diagnosis: ConversionDiagnosis,
  options: Options & { readonly spec?: NetworkSpec },
): string {
  const { width, color, spec } = options;
  const paint = painter(color);
  const columns = layerColumns(spec).map((column) => gridColumn(column, diagnosis.layers));
  const parts = [
    wrap(lossWords(diagnosis), width)
      .map((line) => paint(line, 'bold'))
      .join('\n'),
    layoutGrid(columns, width, paint),
    LAYER_NOTES.flatMap((note) => wrap(note, width))
      .map((line) => paint(line, 'dim'))
      .join('\n'),
    diagnosis.findings.length === 0 ? '' : findingsText(diagnosis.findings, options),
    fixesText(diagnosis.fixes, width, paint),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** `At T = 20 the conversion reaches 97.10 % of 256 images, 1.02 points less than its ANN (98.12 %).` */
export function lossWords({ timesteps, samples, annAccuracy, accuracy }: ConversionDiagnosis): string {
  const loss = annAccuracy - accuracy;
  const than = `its ANN (${percent(annAccuracy)} %)`;
  const words = loss === 0 ? `as many as ${than}` : `${points(loss)} points ${loss > 0 ? 'less' : 'more'} than ${than}`;
  return `At T = ${timesteps} the conversion reads ${percent(accuracy)} % of ${whole(samples)} images right, ${words}.`;
}

/** `Compared on 256 of the 10 000 official test images.` */
export function sampleWords({ data }: RunRecord, { samples }: ConversionDiagnosis): string {
  const all = samples >= data.officialTestSamples;
  return `Compared on ${all ? 'all' : `${whole(samples)} of the`} ${whole(data.officialTestSamples)} official test images.`;
}

/** `start at half the threshold: +0.80 points at T = 20`. */
export const fixWords = ({ fix, gain, timesteps }: TriedFix): string =>
  `${fix}: ${gainWords(gain)} at T = ${timesteps}`;

export function gainWords(gain: number): string {
  if (gain === 0) return 'no change';
  return `${gain > 0 ? '+' : '−'}${points(gain)} points`;
}

const MARK: Record<Finding['severity'], string> = {
  refused: 'cannot be converted',
  loses: 'loses accuracy',
  costs: 'costs more',
  note: 'note',
};

export const severityWords = (severity: Finding['severity']): string => MARK[severity];

/** `conv2 (loses accuracy): problem` with the remedy below. */
function findingLines({ layers, severity, problem, remedy }: GroupedFinding, width: number, paint: Paint): string[] {
  const head = `${layersWords(layers)} (${MARK[severity]})`;
  const lines = wrap(`${head}: ${problem}.`, width);
  const cut = Math.min(lines[0]!.length, head.length);
  const strong = paint(lines[0]!.slice(0, cut), severity === 'refused' || severity === 'loses' ? 'yellow' : 'bold');
  const indent = '  ';
  const remedies = wrap(`→ ${remedy}.`, Math.max(8, width - textWidth(indent))).map((line) => indent + line);
  return [strong + lines[0]!.slice(cut), ...lines.slice(1), ...remedies];
}

/** Changes that gain or lose, the best first, as a table where there is room; those without effect in one line. */
function fixesText(fixes: readonly TriedFix[], width: number, paint: Paint): string {
  if (fixes.length === 0) return '';
  const effective = fixes.filter(({ gain }) => gain !== 0);
  const idle = fixes.filter(({ gain }) => gain === 0).map(({ fix }) => fix);
  return [
    paint('Tried, one change at a time', 'bold'),
    ...(effective.length === 0 ? [] : [effectiveText(effective, width, paint)]),
    ...(idle.length === 0 ? [] : wrap(`No change by: ${idle.join(', ')}.`, width)),
  ].join('\n');
}

function effectiveText(fixes: readonly TriedFix[], width: number, paint: Paint): string {
  const columns = [
    { title: 'Change', align: 'left' as const, cells: fixes.map(({ fix }) => fix) },
    { title: 'Gain', align: 'right' as const, cells: fixes.map(({ gain }) => gainWords(gain)) },
    { title: 'T', align: 'right' as const, cells: fixes.map(({ timesteps }) => String(timesteps)) },
    { title: 'To set', align: 'left' as const, cells: fixes.map(({ change }) => change) },
  ].map((column) => ({ ...column, header: [column.title] }));
  const grid = layoutGrid(columns, Number.POSITIVE_INFINITY, paint);
  const plain = layoutGrid(columns, Number.POSITIVE_INFINITY, painter(false));
  if (plain.split('\n').every((line) => textWidth(line) <= width)) return grid;
  const indented = (text: string): string[] => wrap(text, Math.max(8, width - 2)).map((line) => `  ${line}`);
  return fixes.flatMap((fix) => [...wrap(fixWords(fix), width), ...indented(fix.change)]).join('\n');
}
