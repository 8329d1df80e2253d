// Disturbs and attacks networks on the same images, and says how far the attacks can be believed.

import { ConfigError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import type { RobustnessOptions } from './options.ts';
import { openPixels } from './pixels.ts';
import type { RobustnessResult } from './result.ts';
import type { Subject } from './subject.ts';
import { attackChoices } from './sweep/attack-choices.ts';
import { planAttackSweep } from './sweep/attack-sweep.ts';
import { type Cohort, openCohort } from './sweep/cohort.ts';
import { exampleImages } from './sweep/examples.ts';
import { answersTo, type Defender, openJudge, passCost } from './sweep/judge.ts';
import { type Laboratory, openLaboratory } from './sweep/laboratory.ts';
import { openMeter, type RobustnessHooks, type Task } from './sweep/meter.ts';
import { planNoise } from './sweep/noise-sweep.ts';

/**
 * Results depend on the seed, not on threads, chunks or what else is swept. The first subject is the one that others are compared with.
 * Throws ConfigError for options that cannot be, UnsupportedError for samples that run through time, ShapeError for a network that does
 * not fit, InterruptedError when stopped.
 */
export async function studyRobustness(
  backend: Backend,
  subjects: readonly Subject[],
  dataset: Dataset,
  options: RobustnessOptions = {},
  hooks: RobustnessHooks = {},
): Promise<RobustnessResult> {
  const source = openPixels(dataset);
  const cohort = openCohort(source, dataset, options.samples ?? 1000);
  return await studyWith(openLaboratory(backend, source, options.seed ?? 0), cohort, subjects, options, hooks);
}

/** The same in a laboratory of one's own. */
export async function studyWith(
  lab: Laboratory,
  cohort: Cohort,
  subjects: readonly Subject[],
  options: RobustnessOptions,
  hooks: RobustnessHooks = {},
): Promise<RobustnessResult> {
  const started = performance.now();
  checkSubjects(subjects);
  const { source, labels, chance } = cohort;
  const meter = openMeter(hooks);
  const pass = subjects.reduce((sum, subject) => sum + passCost(subject), 0);
  const clean = meter.plan('test images', labels.length * pass);
  const noise = options.noise === null ? null : planNoise(lab, cohort, subjects, options.noise ?? {}, meter);
  const choices = options.attack === null ? null : attackChoices(options.attack ?? {}, source.range, source.size);
  const attack = choices && planAttackSweep(lab, cohort, subjects, choices, meter);
  const examples = options.examples ?? 4;
  const showing = meter.plan('examples', 0);
  const defenders: Defender[] = [];
  try {
    for (const subject of subjects) defenders.push(await openDefender(lab, subject, cohort, clean));
    const noiseSweeps = noise === null ? [] : await noise.run(defenders);
    const attacked = attack === null ? null : await attack.run(defenders);
    const sources = { noise: noiseSweeps, attack: attacked, choices };
    return {
      samples: labels.length,
      chance,
      noise: noiseSweeps,
      attack: attacked?.sweep ?? null,
      examples: await exampleImages(lab, cohort, defenders, sources, examples, showing),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    for (const { judge } of defenders) judge.close();
  }
}

async function openDefender(lab: Laboratory, subject: Subject, cohort: Cohort, task: Task): Promise<Defender> {
  const judge = openJudge(lab, subject, cohort);
  try {
    return { judge, clean: await answersTo(cohort.images.pixels, judge, cohort, task) };
  } catch (error) {
    judge.close();
    throw error;
  }
}

function checkSubjects(subjects: readonly Subject[]): void {
  if (subjects.length === 0) throw new ConfigError('robustness', 'got no networks, expected at least one');
  const names = subjects.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConfigError('robustness', `got two networks named "${twice}", expected a name of its own for each`);
}
