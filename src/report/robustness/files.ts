// A study of robustness as CSV (a level or an epsilon of a network a row, shares in full precision) and as LaTeX tables.

import type { AttackLine, AttackPoint, Interval, NoiseCurve, NoiseSweep, SweepPoint } from '../../robustness/index.ts';
import type { RunRecord } from '../../store/index.ts';
import { type CsvField, csvOf } from '../csv.ts';
import { latexOf } from '../latex.ts';
import { attackColumns } from './attack-columns.ts';
import { NOISE_NAME } from './names.ts';
import { noiseColumns } from './noise-columns.ts';
import { attackNotes, noiseNotes } from './text.ts';

const intervalFields = <Row>(name: string, of: (row: Row) => Interval | undefined): CsvField<Row>[] => [
  [name, (row) => of(row)?.value ?? null],
  [`${name}_low_95`, (row) => of(row)?.low ?? null],
  [`${name}_high_95`, (row) => of(row)?.high ?? null],
];

interface NoiseRow {
  readonly sweep: NoiseSweep;
  readonly curve: NoiseCurve;
  readonly level: number | null;
  readonly point?: SweepPoint;
}

const NOISE_FIELDS: readonly CsvField<NoiseRow>[] = [
  ['disturbance', ({ sweep }) => sweep.kind],
  ['of', ({ sweep }) => sweep.of],
  ['unit', ({ sweep }) => sweep.unit],
  ['level', ({ level }) => level],
  ['draws', ({ sweep }) => sweep.draws],
  ['network', ({ curve }) => curve.network],
  ...intervalFields<NoiseRow>('accuracy', ({ point }) => point?.accuracy),
  ...intervalFields<NoiseRow>('difference', ({ point }) => point?.difference),
  ['not_applicable', ({ curve }) => curve.notApplicable ?? null],
];

/** A line for each level of each disturbance and network; null where there was no study, or none of noise. */
export function noiseCsv({ robustness }: RunRecord): string | null {
  const rows = (robustness?.noise ?? []).flatMap((sweep) =>
    sweep.curves.flatMap((curve): readonly NoiseRow[] =>
      curve.points.length === 0
        ? [{ sweep, curve, level: null }]
        : curve.points.map((point, i) => ({ sweep, curve, point, level: sweep.levels[i]! })),
    ),
  );
  return rows.length === 0 ? null : csvOf(NOISE_FIELDS, rows);
}

interface AttackRow {
  readonly line: AttackLine;
  readonly epsilon: number;
  readonly point: AttackPoint;
  readonly norm: string;
  readonly targeted: boolean;
}

const ATTACK_FIELDS: readonly CsvField<AttackRow>[] = [
  ['network', ({ line }) => line.network],
  ['attack', ({ line }) => line.role],
  ['from', ({ line }) => line.from ?? null],
  ['method', ({ line }) => line.method],
  ['norm', ({ norm }) => norm],
  ['targeted', ({ targeted }) => String(targeted)],
  ['epsilon', ({ epsilon }) => epsilon],
  ['samples', ({ point }) => point.samples],
  ...intervalFields<AttackRow>('accuracy', ({ point }) => point.accuracy),
  ...intervalFields<AttackRow>('difference', ({ point }) => point.difference),
  ['zero_gradients', ({ line }) => line.zeroGradients],
  ['evidence', ({ line }) => String(line.evidence)],
  ['alarms', ({ line }) => line.alarms.map(({ kind }) => kind).join(' ')],
];

/** A line for each epsilon of each attack and network; null where nothing was attacked. */
export function attacksCsv({ robustness }: RunRecord): string | null {
  const attack = robustness?.attack ?? null;
  if (attack === null) return null;
  const { norm, targeted, epsilons } = attack;
  const rows = attack.lines.flatMap((line) =>
    line.points.flatMap((point, i) => (point === null ? [] : [{ line, point, epsilon: epsilons[i]!, norm, targeted }])),
  );
  return csvOf(ATTACK_FIELDS, rows);
}

/** A table for each network attacked, then one for each disturbance; null where there was no study. */
export function robustnessLatex({ robustness, id }: RunRecord): string | null {
  if (robustness === undefined) return null;
  const { attack, noise } = robustness;
  const networks = [...new Set((attack?.lines ?? []).map(({ network }) => network))];
  const attacks = networks.map((network) => {
    const lines = attack!.lines.filter((line) => line.network === network);
    const caption = [`Run ${id}, ${network} under attack.`, ...attackNotes(robustness, attack!)].join(' ');
    return latexOf(caption, attackColumns(attack!), lines);
  });
  const disturbed = noise.map((sweep) => {
    const caption = [`Run ${id}. ${NOISE_NAME[sweep.kind]}, ${sweep.unit}.`, ...noiseNotes(robustness)].join(' ');
    return latexOf(caption, noiseColumns(sweep), sweep.curves);
  });
  const tables = [...attacks, ...disturbed];
  return tables.length === 0 ? null : tables.join('\n');
}
