// The parts of a sweep on a network that is one comparison: bright images are class 1, dark ones class 0.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mlp } from '../../model/index.ts';
import { perturb } from '../attacks/attack.ts';
import type { Differentiator } from '../network/differentiator.ts';
import { openPixels } from '../pixels.ts';
import type { Subject } from '../subject.ts';
import { attackChoices, candidateGradients, extentOf, gradientWords } from './attack-choices.ts';
import { attackWith, openAttacker, rememberGradients } from './attacker.ts';
import { blackBoxLine, controlLines } from './blind-lines.ts';
import { climbing, openCrafted } from './climb.ts';
import { openCohort } from './cohort.ts';
import { exampleEpsilons } from './examples.ts';
import { openJudge } from './judge.ts';
import type { Laboratory } from './laboratory.ts';
import { type Answers, shareRight } from './measured-line.ts';
import { openMeter } from './meter.ts';
import { naiveLine } from './naive-line.ts';
import { drawnOut } from './transfer.ts';
import { tuneAttack, twoMiddle } from './tune-attack.ts';

const BRIGHT = [10, 60, 100, 120, 130, 150, 220, 250];
const dataset = {
  name: 'grey',
  source: 'made up',
  classes: ['dark', 'bright'],
  shape: [1],
  samples: BRIGHT.length,
  values: Uint8Array.from(BRIGHT),
  scale: 1 / 255,
  // the fourth is labelled wrongly
  labels: Uint8Array.from(BRIGHT, (value) => (value > 127 || value === 120 ? 1 : 0)),
};
const source = openPixels(dataset);
const cohort = openCohort(source, dataset, 8);
const subject: Subject = {
  name: 'one comparison',
  spec: mlp([1, 2]),
  weights: new Map(),
  mode: 'snn',
  timesteps: 3,
  encoder: { kind: 'rate', gain: 1, offset: 0 },
  decoder: 'spike-count',
};

/** Gradients point the right way only with a slope of 4 and the expected gradient, elsewhere there is none. */
function laboratory(): { lab: Laboratory; asked: () => number; open: () => number } {
  let [asked, open] = [0, 0];
  const lab: Laboratory = {
    seed: 1,
    perturb,
    classifier: () => {
      open++;
      return {
        classify: ({ pixels }, labels) => ({
          predictions: Int16Array.from(pixels, (pixel) => (pixel > 0.5 ? 1 : 0)),
          margins: Float32Array.from(pixels, (pixel, i) => (labels[i] === 1 ? pixel - 0.5 : 0.5 - pixel)),
        }),
        load: () => {},
        close: () => void open--,
      };
    },
    differentiator: (_, { slope, through }) => {
      open++;
      const works = slope === 4 && through === 'expected';
      return {
        gradient({ pixels, ids }, labels) {
          asked += ids.length;
          const values = Float32Array.from(pixels, (_, i) => (works ? (labels[i] === 1 ? -1 : 1) : 0));
          return { values, losses: Float32Array.from(pixels, (pixel, i) => (labels[i] === 1 ? 1 - pixel : pixel)) };
        },
        load: () => {},
        close: () => void open--,
      };
    },
  };
  return { lab, asked: () => asked, open: () => open };
}

const task = openMeter().plan('test', 1);
const all = Uint32Array.from(BRIGHT.keys());
const gradient = { through: 'expected', draws: 1, slope: 4 } as const;
const fgsm = { kind: 'fgsm', norm: 'linf' } as const;
const choices = attackChoices({ epsilons: [0, 0.1, 0.3, 0.6], steps: 2 }, source.range, 1);

test('epsilon grows, fooled images are carried over, wrong ones are fooled from the start', async () => {
  const { lab, asked, open } = laboratory();
  const judge = openJudge(lab, subject, cohort);
  const clean = Int8Array.of(1, 1, 1, 0, 1, 1, 1, 1);
  const attacker = openAttacker(lab, subject, cohort, { attack: fgsm, gradient });
  const seen: Answers[] = [];
  const crafted = openCrafted(cohort);
  const climb = { attacker, judge, clean, positions: all, epsilons: choices.epsilons, task };
  for await (const answers of climbing(cohort, climb, crafted)) seen.push(answers);
  assert.deepEqual(seen, [
    clean,
    Int8Array.of(1, 1, 1, 0, 0, 0, 1, 1),
    Int8Array.of(1, 0, 0, 0, 0, 0, 1, 1),
    Int8Array.of(0, 0, 0, 0, 0, 0, 0, 0),
  ]);
  // 7 images at the first epsilon, 5 at the second, 3 at the third
  assert.equal(asked(), 15);
  assert.deepEqual(crafted.epsilons, Float64Array.of(0.6, 0.3, 0.3, 0, 0.1, 0.1, 0.6, 0.6));
  attacker.close();
  judge.close();
  assert.equal(open(), 0);
});

test('for others, perturbations are drawn out to the epsilon in question', () => {
  const pixels = cohort.images.pixels.slice();
  pixels[0]! += 0.1;
  pixels[7]! -= 0.1;
  const crafted = { pixels, epsilons: Float64Array.of(0.1, 0, 0, 0, 0, 0, 0, 0.1) };
  const drawn = drawnOut(cohort, crafted, 0.3, 'linf');
  assert.ok(Math.abs(drawn[0]! - (10 / 255 + 0.3)) < 1e-6 && Math.abs(drawn[7]! - (250 / 255 - 0.3)) < 1e-6);
  assert.equal(drawn[3], cohort.images.pixels[3]);
  assert.equal(drawnOut(cohort, crafted, 4, 'linf')[0], source.range.high);
});

test('the way through the encoder and the slope that hurt most are found', async () => {
  const { lab, open } = laboratory();
  const judge = openJudge(lab, subject, cohort);
  const clean = Int8Array.of(1, 1, 1, 0, 1, 1, 1, 1);
  assert.deepEqual(await tuneAttack(lab, cohort, judge, clean, choices, task), gradient);
  judge.close();
  assert.equal(open(), 0);
  assert.equal(gradientWords(subject, gradient), ', expected gradient, surrogate slope x 4');
});

test('tuning is done where half of the images are left', () => {
  const five = [0.1, 0.2, 0.3, 0.4, 0.5];
  assert.deepEqual(twoMiddle(five, [0.99, 0.8, 0.4, 0.1]), [0.3, 0.2]);
  assert.deepEqual(twoMiddle(five, [1, 1, 1, 1, 1]), [0.3, 0.4]);
  assert.deepEqual(twoMiddle([0.5], [1]), [0.5]);
});

test('what there is to choose from follows from the network', () => {
  const ways = (given: Partial<Subject>) =>
    candidateGradients({ ...subject, ...given }, 3).map(({ through, slope, draws }) => `${through} ${slope} ${draws}`);
  assert.deepEqual(ways({ mode: 'ann', encoder: { kind: 'constant' } }), ['straight-through 1 1']);
  assert.equal(ways({ encoder: { kind: 'constant' } }).length, 3);
  assert.deepEqual(ways({}), [
    'straight-through 1 3',
    'straight-through 0.25 3',
    'straight-through 4 3',
    'expected 1 1',
    'expected 0.25 1',
    'expected 4 1',
  ]);
});

test('FGSM asks for each gradient once, whatever the number of epsilons', async () => {
  const { lab, asked } = laboratory();
  const opened = lab.differentiator(subject, gradient);
  const differentiator: Differentiator = rememberGradients(opened, 1);
  const attempt = attackWith(lab, cohort, fgsm, { differentiator, cost: 0 });
  const direct = openAttacker(lab, subject, cohort, { attack: fgsm, gradient });
  const before = asked();
  for (const epsilon of [0.1, 0.4]) await attempt(epsilon, all, task);
  assert.equal(asked() - before, 8);
  const some = Uint32Array.of(6, 1);
  assert.deepEqual(await attempt(0.2, some, task), await direct.attempt(0.2, some, task));
});

test('the naive line is not carried over, and counts inputs without gradient', async () => {
  const { lab } = laboratory();
  const judge = openJudge(lab, subject, cohort);
  const clean = Int8Array.of(1, 1, 1, 0, 1, 1, 1, 1);
  const line = await naiveLine(lab, cohort, judge, clean, choices, task);
  assert.equal(line.zeroGradients, 1);
  assert.deepEqual(
    line.answers,
    choices.epsilons.map(() => clean),
  );
  assert.equal(line.method, 'FGSM, one step, no gradient through the encoder');
});

test('noise and the square attack need no gradient', async () => {
  const { lab, asked, open } = laboratory();
  const judge = openJudge(lab, subject, cohort);
  const defender = { judge, clean: Int8Array.of(1, 1, 1, 0, 1, 1, 1, 1) };
  const [control] = await controlLines(lab, cohort, [defender], choices, task);
  assert.equal(control!.answers.length, 4);
  assert.equal(shareRight(control!.answers[0]!), 7 / 8);
  const few = { ...choices, blackBoxSamples: 6, queries: 8 };
  const square = await blackBoxLine(lab, cohort, defender, undefined, few, task);
  assert.deepEqual(
    square.answers.map((answers) => answers !== null),
    [false, true, true, false],
  );
  assert.deepEqual(square.answers[2], Int8Array.of(1, 0, 0, 0, 0, 0, -1, -1));
  assert.equal(square.method, 'square attack, 8 queries, 6 images');
  judge.close();
  assert.deepEqual([asked(), open()], [0, 0]);
});

test('default epsilons cover the range in L-infinity, and a quarter of the diagonal in L2', () => {
  const { epsilons } = attackChoices({}, { low: 0, high: 1 }, 784);
  assert.deepEqual([epsilons.length, epsilons[1], epsilons[7], epsilons[20]], [21, 0.05, 0.35, 1]);
  const l2 = attackChoices({ norm: 'l2' }, { low: 0, high: 1 }, 784).epsilons;
  assert.deepEqual([l2.length, l2[1], l2[20]], [21, 0.35, 7]);
  assert.equal(extentOf('l2', { low: -1, high: 1 }, 9), 6);
});

test('examples are shown where networks lose half of their accuracy', () => {
  const line = (values: readonly number[]) => ({
    role: 'proper',
    points: values.map((value) => ({ accuracy: { value } })),
  });
  const sweep = { epsilons: [0, 0.1, 0.2], lines: [line([1, 0.4, 0]), line([0.9, 0.8, 0.4])] };
  assert.deepEqual(exampleEpsilons(sweep as never), [0.1, 0.2]);
  assert.deepEqual(exampleEpsilons({ ...sweep, lines: [line([1, 1, 1])] } as never), [0.2]);
  assert.deepEqual(exampleEpsilons({ ...sweep, lines: [] } as never), []);
});
