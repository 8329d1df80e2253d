// What the attacks and the noise say about each network, in words. No line with an alarm is read as robustness, overlapping
// intervals decide nothing, and a worst case is only the worst that was found.

import type {
  AlarmKind,
  AttackLine,
  AttackSweep,
  Interval,
  NoiseSweep,
  RobustnessResult,
} from '../../robustness/index.ts';
import { whole } from '../quantity.ts';
import { NOISE_NAME, NOT_EVIDENCE, networksOf, share } from './names.ts';
import { type Standing, standingOf } from './standing.ts';

export interface RobustnessVerdict {
  readonly headline: string;
  /** A paragraph for each network attacked, then one for each compared under noise. */
  readonly points: readonly { readonly title: string; readonly text: string }[];
}

/** A pure function of the result. */
export function robustnessVerdict(result: RobustnessResult): RobustnessVerdict {
  const [first = '', ...others] = networksOf(result);
  const { attack, noise } = result;
  const epsilonAt = attack === null ? 0 : tellingEpsilon(attack, first, result.chance);
  const underAttack =
    attack === null ? [] : [first, ...others].map((name) => attackPoint(attack, name, first, epsilonAt));
  const underNoise = noise.length === 0 ? [] : others.map((name) => noisePoint(noise, name, first));
  return {
    headline: attack === null ? noiseHeadline(others, first) : attackHeadline(result, attack, first, others, epsilonAt),
    points: [...underAttack, ...underNoise].filter(({ text }) => text !== ''),
  };
}

const noiseHeadline = (others: readonly string[], first: string): string =>
  others.length === 0
    ? `${first} under noise; nothing was attacked, and there is no other network to compare with.`
    : `${listOf(others)} and ${first} under noise; nothing was attacked.`;

/** `a, b and c`. */
const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function attackHeadline(
  result: RobustnessResult,
  attack: AttackSweep,
  first: string,
  others: readonly string[],
  at: number,
): string {
  if (others.length === 0) return `${first} under attack; there is no other network to compare with.`;
  const sentences = others.map((name) => standingWords(name, first, standingOf(attack, name, first), result.samples));
  const seeming = others.filter((name) => seemsRobust(attack, name, first, at));
  const warning =
    seeming.length === 0
      ? ''
      : ` The naive attack would have said that ${listOf(seeming)} resist${seeming.length === 1 ? 's' : ''}; that is ${NOT_EVIDENCE}.`;
  return sentences.join(' ') + warning;
}

function standingWords(name: string, first: string, standing: Standing, samples: number): string {
  const { outcome, most, least, from, unattacked, compared } = standing;
  const before =
    unattacked === undefined ? '' : ` (unattacked ${pointsOf(unattacked)} ${unattacked > 0 ? 'more' : 'less'})`;
  const than = `than ${first}`;
  const bound =
    from === undefined ? '' : ` The attack on ${from} shows signs of masking; a stronger one could only add to that.`;
  switch (outcome) {
    case 'masked':
      return `No conclusion about ${name}: even the strongest attack found on ${from} shows signs of masking.`;
    case 'unknown':
      return `No conclusion about ${name}: its worst case was not compared with that of ${first}.`;
    case 'more':
      return `Under the strongest attack found, ${name} is more accurate ${than} at ${most!.count} of ${compared} epsilons, by up to ${pointsOf(most!.value)} points, at ${most!.epsilon}${before}.${bound}`;
    case 'less':
      return `Under the strongest attack found, ${name} is less accurate ${than} at ${least!.count} of ${compared} epsilons, by up to ${pointsOf(least!.value)} points, at ${least!.epsilon}${before}.${bound}`;
    case 'mixed':
      return `Under the strongest attack found, ${name} is more accurate ${than} at some epsilons (by up to ${pointsOf(most!.value)} points, at ${most!.epsilon}) and less at others (${pointsOf(least!.value)} points, at ${least!.epsilon}).`;
    case 'same':
      return `Under the strongest attack found, ${whole(samples)} images show no difference between ${name} and ${first}.`;
  }
}

/** Does an alarmed naive line lie above the first network's, at the epsilon that tells most? */
function seemsRobust(attack: AttackSweep, name: string, first: string, at: number): boolean {
  const own = lineOf(attack, name, 'naive');
  const other = lineOf(attack, first, 'naive');
  const [high, low] = [own?.points[at]?.accuracy, other?.points[at]?.accuracy];
  return own?.evidence === false && high !== undefined && low !== undefined && high.low > low.high;
}

const lineOf = ({ lines }: AttackSweep, network: string, role: AttackLine['role']): AttackLine | undefined =>
  lines.find((line) => line.network === network && line.role === role);

/** Index of the least epsilon at which the first network has lost half of what it has above guessing; the last if it never has. */
function tellingEpsilon(attack: AttackSweep, first: string, chance: number): number {
  const line = lineOf(attack, first, 'worst') ?? lineOf(attack, first, 'proper') ?? attack.lines[0];
  const last = attack.epsilons.length - 1;
  const clean = line?.points[0]?.accuracy.value ?? 1;
  const at = line?.points.findIndex(
    (point, i) => attack.epsilons[i]! > 0 && point !== null && point.accuracy.value <= (clean + chance) / 2,
  );
  return at === undefined || at < 0 ? last : at;
}

function attackPoint(attack: AttackSweep, name: string, first: string, at: number) {
  const lines = attack.lines.filter(({ network }) => network === name);
  const clean = lines.find(({ points: all }) => attack.epsilons[0] === 0 && all[0] !== null)?.points[0];
  const said = lines
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((line) => lineWords(line, at, isSaidBefore(attack, line)));
  const unattacked = clean == null ? '' : `Unattacked it reads ${share(clean.accuracy.value)} % right. `;
  const comparable = standingOf(attack, name, first).outcome !== 'masked';
  const worst = comparable ? lineOf(attack, name, 'worst')?.points[at]?.difference : undefined;
  const against = name === first || worst === undefined ? '' : ` That is ${differenceWords(worst, first)}.`;
  const [start = '', ...rest] = said;
  const all = [`${unattacked}At epsilon ${attack.epsilons[at]} ${start}`, ...rest.map(capitalised)].join(' ');
  const text = said.length === 0 ? '' : `${all}${against}`;
  return { title: name, text };
}

const ORDER: readonly AttackLine['role'][] = ['naive', 'proper', 'transfer', 'black-box', 'control', 'worst'];
const rank = ({ role }: AttackLine): number => ORDER.indexOf(role);

/** How an attack was made is said of the first network only, unless it was made otherwise on another. */
const isSaidBefore = ({ lines }: AttackSweep, line: AttackLine): boolean => {
  const same = lines.find(({ role, method }) => role === line.role && method === line.method);
  return same?.network !== line.network;
};

const INTRODUCTION: Record<AttackLine['role'], (line: AttackLine, method: string) => string> = {
  naive: (_, method) => `the naive attack${method} leaves`,
  proper: (_, method) => `the proper attack${method} leaves`,
  transfer: ({ from }) => `images made against ${from ?? 'another network'} leave`,
  'black-box': (_, method) => `the black-box attack${method} leaves`,
  control: () => 'random noise of that size leaves',
  worst: () => "each image's worst case over all of these leaves",
};

const capitalised = (sentence: string): string => `${sentence[0]!.toUpperCase()}${sentence.slice(1)}`;

/** `the naive attack (FGSM) leaves 97.4 %; its gradient is zero for 100.0 % of the images: not evidence of robustness.` */
function lineWords(line: AttackLine, at: number, saidBefore: boolean): string[] {
  const point = line.points[at];
  if (point == null) return [];
  const words = INTRODUCTION[line.role](line, saidBefore ? '' : ` (${line.method})`);
  const reasons = line.alarms.map(({ kind }) => REASON[kind](line));
  const why = line.evidence ? '' : `; ${[...new Set(reasons)].join(', ')}: ${NOT_EVIDENCE}`;
  return [`${words} ${share(point.accuracy.value)} %${why}.`];
}

const REASON: Record<AlarmKind, (line: AttackLine) => string> = {
  'zero-gradients': ({ zeroGradients }) => `its gradient is zero for ${share(zeroGradients ?? 1)} % of the images`,
  'above-chance': () => 'it fails even where every image is within its reach',
  'weaker-than-noise': () => 'random noise of the same size does more harm',
  'weaker-than-black-box': () => 'attacks that see no gradient do more harm',
  'not-converged': () => 'more steps or another surrogate slope do much more harm',
};

/** `1.4 points more than ANN (95 % interval of the difference 0.2 to 2.6)`, or that there is none to be shown. */
function differenceWords({ value, low, high }: Interval, first: string): string {
  const interval = `95 % interval of the difference ${signed(low)} to ${signed(high)} points`;
  if (low <= 0 && high >= 0) return `not distinguishable from ${first} (${interval})`;
  return `${pointsOf(value)} points ${value > 0 ? 'more' : 'less'} than ${first} (${interval})`;
}

/** Points between two shares, with one digit. */
const pointsOf = (difference: number): string => share(Math.abs(difference));

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${pointsOf(value)}`;

/** Which disturbances a network stands better, which worse, and which show no difference. */
function noisePoint(sweeps: readonly NoiseSweep[], name: string, first: string) {
  const groups = { more: [] as string[], less: [] as string[], mixed: [] as string[], same: [] as string[] };
  for (const sweep of sweeps) {
    const found = noiseStanding(sweep, name);
    if (found !== null) groups[found.outcome].push(found.words);
  }
  const said = [
    groups.more.length === 0 ? '' : `more accurate under ${listOf(groups.more)}`,
    groups.less.length === 0 ? '' : `less accurate under ${listOf(groups.less)}`,
    groups.mixed.length === 0 ? '' : `more at some levels and less at others under ${listOf(groups.mixed)}`,
    groups.same.length === 0 ? '' : `not distinguishable under ${listOf(groups.same)}`,
  ].filter((part) => part !== '');
  const start = undisturbed(sweeps, name);
  const before =
    start === null ? '' : ` Undisturbed it is ${pointsOf(start)} points ${start > 0 ? 'more' : 'less'} accurate.`;
  const text =
    said.length === 0 ? '' : `Compared with ${first} image by image, ${name} is ${said.join('; ')}.${before}`;
  return { title: `${name} under noise`, text };
}

/** The difference at level 0, if its interval excludes 0: where a network starts lower it stays so without being less robust. */
function undisturbed(sweeps: readonly NoiseSweep[], name: string): number | null {
  const sweep = sweeps.find(({ levels }) => levels.includes(0));
  const points = sweep?.curves.find(({ network }) => network === name)?.points ?? [];
  const difference = points[sweep?.levels.indexOf(0) ?? 0]?.difference;
  return difference !== undefined && (difference.low > 0 || difference.high < 0) ? difference.value : null;
}

function noiseStanding({ kind, levels, curves }: NoiseSweep, name: string) {
  const curve = curves.find(({ network }) => network === name);
  const differences = (curve?.points ?? []).flatMap(({ difference }, i) =>
    difference === undefined || levels[i] === 0 ? [] : [{ ...difference, level: levels[i]! }],
  );
  if (differences.length === 0) return null;
  const label = NOISE_NAME[kind].toLowerCase().replace('gaussian', 'Gaussian');
  const more = differences.filter(({ low }) => low > 0);
  const less = differences.filter(({ high }) => high < 0);
  if (more.length > 0 && less.length > 0) return { outcome: 'mixed' as const, words: label };
  const [largest] = [...more, ...less].toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  if (largest === undefined) return { outcome: 'same' as const, words: label };
  const words = `${label} (by up to ${pointsOf(largest.value)} points, at level ${largest.level})`;
  return { outcome: more.length > 0 ? ('more' as const) : ('less' as const), words };
}
