// Accuracy against epsilon: every attack on each network, and all networks under their worst case beside the naive attack.

import type { AttackLine, AttackRole, AttackSweep } from '../../../robustness/index.ts';
import type { RunRecord } from '../../../store/index.ts';
import { attackName, NOT_EVIDENCE, ROLE_NAME, ROLES, share } from '../../robustness/names.ts';
import { CONFIG, type Figure, OKABE_ITO, SCHEMA } from '../theme.ts';
import { networkMarks, seriesMarks } from './networks.ts';
import { sweepPanel } from './sweep-panel.ts';

const ROLE_COLOR: Record<AttackRole, string> = {
  naive: OKABE_ITO.vermillion,
  proper: OKABE_ITO.blue,
  transfer: OKABE_ITO.green,
  'black-box': OKABE_ITO.purple,
  control: OKABE_ITO.orange,
  worst: OKABE_ITO.grey,
};

const FADED = `Faded, dashed lines tripped a masking alarm: they are ${NOT_EVIDENCE}.`;

/** A panel a network, a line an attack. Null if nothing was attacked. */
export function attacksByNetwork({ robustness }: RunRecord): Figure | null {
  const attack = robustness?.attack ?? null;
  if (robustness === undefined || attack === null || attack.lines.length === 0) return null;
  const roles = ROLES.filter((role) => attack.lines.some((line) => line.role === role));
  const marks = seriesMarks(
    roles.map((role) => ROLE_NAME[role]),
    roles.map((role) => ROLE_COLOR[role]),
  );
  const names = [...new Set(attack.lines.map(({ network }) => network))];
  const panels = names.map((network, i) =>
    sweepPanel({
      ...{ sweep: attack, chance: robustness.chance, marks, left: i % 2 === 0, title: network, subtitle: '' },
      lines: attack.lines.filter((line) => line.network === network),
      seriesOf: ({ role }) => ROLE_NAME[role],
    }),
  );
  return {
    id: 'robustness-attacks',
    title: 'Accuracy under attack',
    caption: `Every attack on each network, with 95 % intervals. ${FADED} Points without a line are attacks that were run at a few epsilons. The worst case takes, for each image, the attack that succeeds.`,
    alt: `Line charts. ${names.map((name) => altOf(name, attack)).join(' ')}`,
    spec: specOf(panels),
  };
}

/** All networks in one panel each for the worst case and the naive attack. Null if neither was run. */
export function attacksCompared(record: RunRecord): Figure | null {
  const { robustness } = record;
  const attack = robustness?.attack ?? null;
  if (robustness === undefined || attack === null) return null;
  const of = (role: AttackRole) => attack.lines.filter((line) => line.role === role);
  const shown = [
    {
      ...{ lines: of('worst'), title: 'Worst case', subtitle: 'the strongest attack found on each image' },
      caption:
        'Worst case: what each network keeps when every attack is tried on every image; a stronger attack may still be found.',
    },
    {
      ...{ lines: of('naive'), title: 'Naive attack', subtitle: 'what would have been published' },
      caption: 'Naive attack: what the usual attack alone shows.',
    },
  ].filter(({ lines }) => lines.length > 0);
  if (shown.length === 0) return null;
  const names = [...new Set(shown.flatMap(({ lines }) => lines.map(({ network }) => network)))];
  const marks = networkMarks(record, names);
  const panels = shown.map((panel, i) =>
    sweepPanel({
      ...{ ...panel, sweep: attack, chance: robustness.chance, marks, left: i === 0 },
      seriesOf: ({ network }) => network,
    }),
  );
  return {
    id: 'robustness-compared',
    title: 'Which network withstands more',
    caption: [...shown.map(({ caption }) => caption), FADED].join(' '),
    alt: `Line charts. ${shown.map(({ title, lines }) => `${title}: ${lines.map((line) => `${line.network} ${endsOf(line, attack)}`).join('; ')}.`).join(' ')}`,
    spec: specOf(panels),
  };
}

const specOf = (panels: readonly ReturnType<typeof sweepPanel>[]): Figure['spec'] => ({
  $schema: SCHEMA,
  config: CONFIG,
  concat: [...panels],
  columns: 2,
  spacing: { row: 26, column: 34 },
  resolve: { scale: { color: 'shared', shape: 'shared' } },
});

const altOf = (network: string, attack: AttackSweep): string =>
  `${network}: ${attack.lines
    .filter((line) => line.network === network)
    .map((line) => `${attackName(line)} ${endsOf(line, attack)}`)
    .join('; ')}.`;

/** `98.1 to 0.0 % at epsilon 1 (not evidence of robustness)`. */
function endsOf({ points, evidence }: AttackLine, { epsilons }: AttackSweep): string {
  const run = points.flatMap((point, i) => (point === null ? [] : [{ value: point.accuracy.value, at: epsilons[i]! }]));
  if (run.length === 0) return 'was not run';
  const words = `${share(run[0]!.value)} to ${share(run.at(-1)!.value)} % at epsilon ${run.at(-1)!.at}`;
  return evidence ? words : `${words} (${NOT_EVIDENCE})`;
}
