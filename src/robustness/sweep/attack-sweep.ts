// Every attack on every network over all epsilons, and what speaks against believing them.

import type { AttackName } from '../options.ts';
import type { AttackLine, AttackSweep } from '../result.ts';
import type { GradientSettings } from '../settings.ts';
import type { Subject } from '../subject.ts';
import { type AlarmContext, maskingAlarms, worstAlarms } from './alarms.ts';
import { type AttackChoices, extentOf, properAttack } from './attack-choices.ts';
import { blackBoxCost, blackBoxLine, controlLines } from './blind-lines.ts';
import type { Cohort } from './cohort.ts';
import { convergenceCost } from './convergence.ts';
import { type Defender, passCost } from './judge.ts';
import type { Laboratory } from './laboratory.ts';
import { type Answers, attackLine, type MeasuredLine, worstOf } from './measured-line.ts';
import type { Meter, Task } from './meter.ts';
import { naiveCost, naiveLine } from './naive-line.ts';
import { type ProperTasks, properCost, properLines } from './proper-lines.ts';
import { tuningCost } from './tune-attack.ts';

export interface AttackStudy {
  readonly sweep: AttackSweep;
  /** How each network was attacked best; empty if no proper attack was run. */
  readonly gradients: ReadonlyMap<Subject, GradientSettings>;
}

interface SweepTasks {
  readonly naive: readonly Task[];
  readonly control: Task;
  readonly proper: readonly ProperTasks[];
  readonly blackBox: readonly Task[];
}

/** An attack sweep whose work is known to the meter and yet to be done. */
export interface PlannedSweep {
  run(defenders: readonly Defender[]): Promise<AttackStudy>;
}

export function planAttackSweep(
  lab: Laboratory,
  cohort: Cohort,
  subjects: readonly Subject[],
  choices: AttackChoices,
  meter: Meter,
): PlannedSweep {
  const tasks = planTasks(subjects, choices, cohort.labels.length, meter);
  return {
    async run(defenders) {
      const { lines, gradients } = await measure(lab, cohort, defenders, choices, tasks);
      return { sweep: reported(lines, defenders, cohort, choices), gradients };
    },
  };
}

function planTasks(subjects: readonly Subject[], choices: AttackChoices, samples: number, meter: Meter): SweepTasks {
  const plan = (name: AttackName, label: string, units: number): Task =>
    meter.plan(label, choices.attacks.includes(name) ? units : 0);
  const all = choices.epsilons.length * samples * subjects.reduce((sum, subject) => sum + passCost(subject), 0);
  return {
    naive: subjects.map((subject) => plan('naive', `FGSM on ${subject.name}`, naiveCost(subject, choices, samples))),
    control: plan('control', 'noise of the same size', all),
    proper: subjects.map((subject) => ({
      tune: plan('proper', `tuning PGD on ${subject.name}`, tuningCost(subject, choices, samples)),
      attack: plan('proper', `PGD on ${subject.name}`, properCost(subject, choices, samples)),
      transfer: plan(
        'transfer',
        `transfer from ${subject.name}`,
        all - choices.epsilons.length * samples * passCost(subject),
      ),
      converge: plan(
        'proper',
        `stronger PGD on ${subject.name}`,
        convergenceCost(subject, properAttack(choices), choices.draws, samples),
      ),
    })),
    blackBox: subjects.map((subject) =>
      plan('black-box', `square attack on ${subject.name}`, blackBoxCost(subject, choices, samples)),
    ),
  };
}

interface Measured {
  readonly lines: readonly MeasuredLine[];
  readonly gradients: ReadonlyMap<Subject, GradientSettings>;
}

async function measure(
  lab: Laboratory,
  cohort: Cohort,
  defenders: readonly Defender[],
  choices: AttackChoices,
  tasks: SweepTasks,
): Promise<Measured> {
  const runs = (name: AttackName): boolean => choices.attacks.includes(name);
  const lines: MeasuredLine[] = [];
  const gradients = new Map<Subject, GradientSettings>();
  for (const [k, { judge, clean }] of defenders.entries()) {
    if (runs('naive')) lines.push(await naiveLine(lab, cohort, judge, clean, choices, tasks.naive[k]!));
    tasks.naive[k]!.finish();
  }
  if (runs('control')) lines.push(...(await controlLines(lab, cohort, defenders, choices, tasks.control)));
  for (const [k, defender] of defenders.entries()) {
    if (!runs('proper')) continue;
    const shownTo = runs('transfer') ? defenders.filter((other) => other !== defender) : [];
    const found = await properLines(lab, cohort, defender, shownTo, choices, tasks.proper[k]!);
    lines.push(found.proper, ...found.transfers);
    gradients.set(defender.judge.subject, found.gradient);
  }
  for (const [k, defender] of defenders.entries()) {
    if (!runs('black-box')) continue;
    const compared = byGradient(lines, defender.judge.subject.name)?.answers;
    lines.push(await blackBoxLine(lab, cohort, defender, compared, choices, tasks.blackBox[k]!));
  }
  return { lines, gradients };
}

/** The best line by gradient there is of a network: proper, else naive. */
function byGradient(lines: readonly MeasuredLine[], network: string): MeasuredLine | undefined {
  const own = lines.filter((line) => line.network === network);
  return own.find(({ role }) => role === 'proper') ?? own.find(({ role }) => role === 'naive');
}

/**
 * Each image's worst case over all attacks run on it, stronger ones included, at this epsilon or a smaller one, whose images lie in this
 * ball too. Only beside an attack by gradient: without one it would bound nothing.
 */
function worstLine(own: readonly MeasuredLine[], network: string, epsilons: readonly number[]): MeasuredLine {
  const worst: Answers[] = [];
  for (const i of epsilons.keys()) {
    const extra = own.flatMap(({ stronger = [] }) =>
      stronger.filter(({ at }) => at === i).map(({ answers }) => answers),
    );
    const here = own.map(({ answers }) => answers[i]).filter((answers) => answers != null);
    worst.push(worstOf([...here, ...extra, ...worst.slice(-1)]));
  }
  const method = `each image's worst case of ${own.length} attacks at this epsilon or a smaller one`;
  return { network, role: 'worst', method, answers: worst, zeroGradients: null };
}

const ORDER = ['naive', 'proper', 'transfer', 'black-box', 'control', 'worst'] as const;

/** Network by network, each in the order of ORDER. */
function reported(
  measured: readonly MeasuredLine[],
  defenders: readonly Defender[],
  { chance, source }: Cohort,
  { norm, targeted, epsilons }: AttackChoices,
): AttackSweep {
  const extent = extentOf(norm, source.range, source.size);
  const names = defenders.map(({ judge }) => judge.subject.name);
  const networks = names.map((name) => {
    const own = ORDER.flatMap((role) => measured.filter((line) => line.network === name && line.role === role));
    const best = byGradient(own, name);
    return { own, best, lines: best === undefined ? own : [...own, worstLine(own, name, epsilons)] };
  });
  const lines = networks.flatMap(({ own, best, lines }) => {
    const context: AlarmContext = { epsilons, chance, extent, others: own };
    return lines.map((line): AttackLine => {
      const first = networks[0]!.lines.find(({ role }) => role === line.role && role !== 'transfer');
      const alarms =
        line.role === 'worst'
          ? worstAlarms(line, maskingAlarms(best!, context), context)
          : maskingAlarms(line, context);
      return attackLine(line, first, alarms);
    });
  });
  return { norm, targeted, epsilons, lines };
}
