// A study of robustness on a terminal: accuracy under noise, under attack, the masking alarms, and the verdict.

import type { AttackLine, AttackSweep, NoiseSweep, RobustnessResult } from '../../robustness/index.ts';
import type { Column } from '../columns.ts';
import { type GridColumn, layoutGrid } from '../grid.ts';
import { type Paint, painter } from '../paint.ts';
import { whole } from '../quantity.ts';
import { gridColumn, type TableOptions } from '../table.ts';
import { textWidth, wrap as wrapWords } from '../text-width.ts';
import { attackColumns, MOST_EPSILONS } from './attack-columns.ts';
import { attackName, epsilonUnit, NOISE_NAME, NOT_EVIDENCE, networksOf, share, unbroken } from './names.ts';
import { LESS, MORE, noiseColumns } from './noise-columns.ts';
import { robustnessVerdict } from './verdict.ts';

type Options = Pick<TableOptions, 'width' | 'color'>;

/** Lines longer than this are hard to read, however wide the terminal. */
const LONGEST_LINE = 100;

const wrap = (text: string, width: number): string[] => wrapWords(unbroken(text), width);

/** Tables of noise, of attacks, and every alarm with its text; no trailing newline. */
export function robustnessTables(result: RobustnessResult, options: Options): string {
  const paint = painter(options.color);
  const { noise, attack } = result;
  const parts = [
    ...(noise.length === 0 ? [] : [noiseText(result, options.width, paint)]),
    ...(attack === null ? [] : [attacksText(result, attack, options.width, paint), alarmsText(attack, options)]),
  ];
  return parts.join('\n\n');
}

/** The headline, then a paragraph for each network and for noise; no trailing newline. */
export function robustnessVerdictText(result: RobustnessResult, options: Options): string {
  const paint = painter(options.color);
  const width = Math.min(LONGEST_LINE, options.width);
  const { headline, points } = robustnessVerdict(result);
  const paragraph = ({ title, text }: { title: string; text: string }): string =>
    wrap(`${title}: ${text}`, width)
      .map((line, i) => (i === 0 ? boldStart(line, title.length, paint) : line))
      .join('\n');
  const head = wrap(headline, width).map((line) => paint(line, 'bold'));
  return [head.join('\n'), ...points.map(paragraph)].join('\n\n');
}

const boldStart = (line: string, length: number, paint: Paint): string =>
  paint(line.slice(0, length), 'bold') + line.slice(length);

function noiseText(result: RobustnessResult, width: number, paint: Paint): string {
  const tables = result.noise.map((sweep) => {
    const title = wrap(`${NOISE_NAME[sweep.kind]}, ${sweep.unit}`, width);
    const columns = noiseColumns(sweep).map((column) => ({
      ...gridColumn(column, sweep.curves),
      title: `level ${column.header}`,
    }));
    // Blocks of a narrow terminal would end in the places kept for marks.
    const grid = layoutGrid(columns, width, paint).replace(/ +$/gm, '');
    return [...title.map((line) => paint(line, 'bold')), grid].join('\n');
  });
  const notes = noiseNotes(result).flatMap((note) => wrap(note, width));
  return [...tables, notes.map((note) => paint(note, 'dim')).join('\n')].join('\n\n');
}

/** How to read the tables of noise, and why a row is empty, a sentence each. */
export function noiseNotes(result: RobustnessResult): readonly string[] {
  const { noise, samples } = result;
  const [first = ''] = networksOf(result);
  const draws = [...new Set(noise.map((sweep) => sweep.draws))];
  const times = draws.length === 1 && draws[0] === 1 ? '' : `, ${draws.join(' or ')} random draws each`;
  const missing = noise.flatMap(missingWords);
  return [
    `Accuracy in % and half its 95 % interval, on ${whole(samples)} test images${times}, the same disturbed images for every network.`,
    `${MORE} ${LESS} more or less accurate than ${first}, compared image by image: 0 is outside the 95 % interval of the difference. Of 20 such intervals one is expected to miss.`,
    ...new Set(missing),
  ];
}

const missingWords = ({ kind, curves }: NoiseSweep): string[] =>
  curves.flatMap(({ network, notApplicable }) =>
    notApplicable === undefined
      ? []
      : [`Not applicable: ${NOISE_NAME[kind].toLowerCase()}, ${network} (${notApplicable}).`],
  );

function attacksText(result: RobustnessResult, sweep: AttackSweep, width: number, paint: Paint): string {
  const networks = [...new Set(sweep.lines.map(({ network }) => network))];
  const columns = fittingColumns(sweep, width);
  const tables = networks.map((network) => {
    const lines = sweep.lines.filter((line) => line.network === network);
    const heading = wrap(`${network} under attack`, width).map((line) => paint(line, 'bold'));
    return [...heading, attackGrid(lines, columns, width, paint)].join('\n');
  });
  const notes = attackNotes(result, sweep).flatMap((note) => wrap(note, width));
  return [...tables, notes.map((note) => paint(note, 'dim')).join('\n')].join('\n\n');
}

/** As many epsilons as fit between the name and the evidence, which must not be torn from its row; the same for all networks. */
function fittingColumns(sweep: AttackSweep, width: number): readonly Column<AttackLine>[] {
  for (let most = MOST_EPSILONS; most > 2; most--) {
    const columns = attackColumns(sweep, most);
    const grid = layoutGrid(gridColumns(columns, sweep.lines), Number.POSITIVE_INFINITY, painter(false));
    if (grid.split('\n').every((line) => textWidth(line) <= width)) return columns;
  }
  return attackColumns(sweep);
}

const gridColumns = (columns: readonly Column<AttackLine>[], lines: readonly AttackLine[]): readonly GridColumn[] =>
  columns.map((column) => gridColumn(column, lines));

const attackGrid = (
  lines: readonly AttackLine[],
  columns: readonly Column<AttackLine>[],
  width: number,
  paint: Paint,
) =>
  layoutGrid(gridColumns(columns, lines), width, paint, (text, row) =>
    lines[row]!.evidence ? text : paint(text, 'yellow'),
  );

/** How to read the tables of attacks and what each attack was, a sentence each. */
export function attackNotes(result: RobustnessResult, sweep: AttackSweep): readonly string[] {
  const aim = sweep.targeted ? 'Targeted: towards the class after the true one. ' : '';
  return [
    `Accuracy in % by epsilon (${epsilonUnit(sweep)}); guessing gives ${share(result.chance)} %. ${aim}On ${whole(result.samples)} test images, 95 % intervals within ±${share(widest(sweep, result.samples))} points.`,
    ...methodWords(sweep, result.samples),
  ];
}

/** Half of the widest interval of those attacks that saw all images. */
function widest({ lines }: AttackSweep, samples: number): number {
  const points = lines.flatMap((line) => line.points.filter((point) => point !== null && point.samples >= samples));
  return Math.max(0, ...points.map((point) => (point!.accuracy.high - point!.accuracy.low) / 2));
}

/** `proper: PGD, 10 steps (ANN); PGD, 20 steps (SNN T=20).`, with the number of images where it was fewer. */
function methodWords({ lines }: AttackSweep, all: number): string[] {
  const names = [...new Set(lines.map(({ role }) => role))];
  return names.map((role) => {
    const own = lines.filter((line) => line.role === role);
    const methods = [...new Set(own.map(({ method }) => method))];
    const fewest = Math.min(all, ...own.flatMap(({ points }) => points.flatMap((point) => point?.samples ?? [])));
    const words = methods.map((method) => {
      const of = [...new Set(own.filter((line) => line.method === method).map(({ network }) => network))];
      return methods.length === 1 ? method : `${method} (on ${of.join(', ')})`;
    });
    const { from: _, ...plain } = own[0]!;
    const name = attackName(plain);
    const saysHowMany = methods.every((method) => / images\b/.test(method));
    const few = fewest < all && !saysHowMany ? `, on ${whole(fewest)} of the images` : '';
    return `${name}: ${words.join('; ')}${few}.`;
  });
}

/** Each alarmed line with what speaks against it; that there is none, otherwise. */
function alarmsText({ lines }: AttackSweep, { width, color }: Options): string {
  const paint = painter(color);
  const alarmed = lines.filter(({ alarms }) => alarms.length > 0);
  if (alarmed.length === 0) return wrap(NO_ALARM, width).join('\n');
  return alarmed
    .map((line) => {
      const head = wrap(`${line.network}, ${attackName(line)}: ${NOT_EVIDENCE}`, width);
      const reasons = line.alarms.flatMap(({ text }) =>
        wrap(`! ${text}`, Math.max(8, width - 2)).map((part, i) => (i === 0 ? `  ${part}` : `    ${part}`)),
      );
      return [...head.map((part) => paint(part, 'yellow')), ...reasons].join('\n');
    })
    .join('\n');
}

export const NO_ALARM =
  'No masking alarm: no attack was weaker than one that should be weaker, and none lacked a gradient.';
