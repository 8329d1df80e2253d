// The options of `spikewatt attack`: short forms of the study's robustness section.

import type { Command } from 'commander';
import { ConfigError } from '../core/index.ts';
import { type Override, QUICK_ROBUSTNESS } from '../experiment/index.ts';

export interface AttackOptions {
  /** false: `--no-noise`. */
  readonly noise?: string | false;
  readonly faults?: string | false;
  readonly attacks?: string | false;
  readonly norm?: string;
  readonly targeted?: boolean;
  readonly epsilon?: string;
  readonly samples?: string;
  readonly steps?: string;
  readonly draws?: string;
  readonly queries?: string;
  readonly examples?: string;
  readonly quick?: boolean;
}

/** Adds them. */
export const addAttackOptions = (command: Command): Command =>
  command
    .option('--noise <kinds>', 'only this noise, as gaussian,blur (docs/cli.md lists all)')
    .option('--no-noise', 'no noise on the images')
    .option('--faults <kinds>', 'only these faults of the networks, as weight-noise,dead-neurons')
    .option('--no-faults', 'no faults of the networks')
    .option('--attacks <kinds>', 'only these of naive, proper, transfer, black-box, control')
    .option('--no-attacks', 'no attacks')
    .option('--norm <norm>', 'of the perturbation: linf or l2')
    .option('--targeted', 'towards the class after the true one')
    .option('--epsilon <sizes>', 'of the perturbation, as 0,0.1,0.3 or from:to:step, as 0:1:0.05')
    .option('--samples <n>', 'test images used, at most')
    .option('--steps <n>', 'of projected gradient descent')
    .option('--draws <n>', 'of noise and faults at each level, and of random codes for a gradient')
    .option('--queries <n>', 'tries of the square attack for each image')
    .option('--examples <n>', 'images kept with what was made of them');

/** Keys of the robustness section that an option sets as they are written, and how. */
const PLAIN: readonly (readonly [option: keyof AttackOptions, keys: readonly string[]])[] = [
  ['norm', ['attack.norm']],
  ['targeted', ['attack.targeted']],
  ['samples', ['samples']],
  ['steps', ['attack.steps']],
  ['draws', ['draws', 'attack.draws']],
  ['queries', ['attack.queries']],
  ['examples', ['examples']],
];

const KINDS = [
  ['noise', 'noise', 'kinds'],
  ['faults', 'faults', 'kinds'],
  ['attacks', 'attack', 'attacks'],
] as const;

/** Switches robustness on, as by default where the study does not say otherwise. */
export const ROBUSTNESS_ON: Override = { assignment: 'robustness={}', written: '--robustness' };

/** The options as settings of a study, which they also switch on. Throws ConfigError for an epsilon that cannot be read. */
export function attackOverrides(options: AttackOptions): readonly Override[] {
  const quick = { assignment: `robustness=${JSON.stringify(QUICK_ROBUSTNESS)}`, written: '--quick' };
  return [
    options.quick === true ? quick : ROBUSTNESS_ON,
    ...KINDS.flatMap(([option, section, list]) => kindsOverride(option, options[option], section, list)),
    ...PLAIN.flatMap(([option, keys]) => {
      const value = options[option];
      const written = value === true ? `--${option}` : `--${option} ${value}`;
      return value === undefined ? [] : keys.map((key) => ({ assignment: `robustness.${key}=${value}`, written }));
    }),
    ...epsilonOverride(options),
  ];
}

function kindsOverride(option: string, value: string | boolean | undefined, section: string, list: string): Override[] {
  if (value === false) return [{ assignment: `robustness.${section}=null`, written: `--no-${option}` }];
  if (typeof value !== 'string') return [];
  return [{ assignment: `robustness.${section}.${list}=[${value}]`, written: `--${option} ${value}` }];
}

/** Quick sizes are those of linf; in l2 the usual ones are taken. */
function epsilonOverride({ epsilon: text, norm, quick }: AttackOptions): Override[] {
  if (text === undefined)
    return quick === true && norm === 'l2'
      ? [{ assignment: 'robustness.attack.epsilons=null', written: '--norm l2' }]
      : [];
  const sizes = text.split(',').flatMap((part) => sizesOf(part, text));
  return [{ assignment: `robustness.attack.epsilons=[${sizes.join(', ')}]`, written: `--epsilon ${text}` }];
}

/** More sizes than this are a slip of the pen: a step of 0.001 where 0.1 was meant. */
const MOST_SIZES = 200;

/** `0.3`, or `0:1:0.05` with both ends. */
function sizesOf(part: string, text: string): readonly number[] {
  const numbers = part.split(':').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  const [from = Number.NaN, to = Number.NaN, step = Number.NaN] = numbers;
  const wrong = (why: string): ConfigError =>
    new ConfigError(
      '--epsilon',
      `got ${text}, ${why}; expected sizes that rise, as 0,0.1,0.3, or from:to:step, as 0:1:0.05`,
    );
  if (!numbers.every(Number.isFinite)) throw wrong(`in which "${part}" is no number and no range`);
  if (numbers.length === 1) return [from];
  if (numbers.length !== 3) throw wrong(`in which "${part}" has ${numbers.length} parts`);
  if (!(step > 0 && to >= from)) throw wrong(`in which "${part}" does not rise from its start to its end`);
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > MOST_SIZES) throw wrong(`which is ${count} sizes, more than ${MOST_SIZES}`);
  // Rounded, so that 3 times 0.1 is 0.3.
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toFixed(12)));
}
