import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlarmContext, maskingAlarms, worstAlarms } from './alarms.ts';
import { type Answers, attackLine, type MeasuredLine, NOT_RUN, paired, worstOf } from './measured-line.ts';
import { tellingEpsilons } from './telling-epsilons.ts';

const N = 200;
/** The first `share` of N images right. */
const answers = (share: number, images = N): Answers =>
  Int8Array.from({ length: N }, (_, i) => (i >= images ? NOT_RUN : i < share * images ? 1 : 0));
const line = (role: MeasuredLine['role'], shares: readonly (number | null)[], more: Partial<MeasuredLine> = {}) => ({
  network: 'A',
  role,
  method: 'as told',
  answers: shares.map((share) => (share === null ? null : answers(share))),
  zeroGradients: null,
  ...more,
});
const epsilons = [0, 0.5, 1];
const context = (...others: MeasuredLine[]): AlarmContext => ({ epsilons, chance: 0.1, extent: 1, others });
const kinds = (own: MeasuredLine, given: AlarmContext = context()): readonly string[] =>
  maskingAlarms(own, given).map(({ kind }) => kind);

test('an attack that does what it should trips nothing', () => {
  const good = line('proper', [1, 0.2, 0], { zeroGradients: 0 });
  const others = [
    line('control', [1, 0.9, 0.5]),
    line('transfer', [1, 0.6, 0.2]),
    line('black-box', [null, 0.3, null]),
  ];
  assert.deepEqual(kinds(good, context(...others)), []);
  const { evidence, points } = attackLine(good, undefined, []);
  assert.equal(evidence, true);
  assert.deepEqual(
    points.map((point) => point?.accuracy.value),
    [1, 0.2, 0],
  );
});

test('above chance where the ball holds every image', () => {
  const [alarm] = maskingAlarms(line('naive', [1, 0.9, 0.3]), context());
  assert.equal(alarm?.kind, 'above-chance');
  assert.equal(alarm?.epsilon, 1);
  assert.match(alarm!.text, /at epsilon 1, where any image .* accuracy is 30\.0 %, guessing gives 10\.0 %/);
  // 12 % of 200 images is not above 10 %; and at a smaller extent nothing is expected
  assert.deepEqual(kinds(line('naive', [1, 0.9, 0.12])), []);
  assert.deepEqual(kinds(line('naive', [1, 0.9, 0.9]), { ...context(), extent: 2 }), []);
  assert.deepEqual(kinds(line('naive', [1, 0.9, 0.9]), { ...context(), extent: Math.fround(1 + 1e-7) }), [
    'above-chance',
  ]);
});

test('noise that does more harm', () => {
  const noise = line('control', [1, 0.7, 0]);
  const [alarm] = maskingAlarms(line('proper', [1, 0.8, 0]), context(noise));
  assert.equal(alarm?.kind, 'weaker-than-noise');
  assert.match(alarm!.text, /at epsilon 0\.5 accuracy is 80\.0 %, under noise of that size 70\.0 %/);
  // 4 of 200 images are no 3 standard errors; below chance nothing matters
  assert.deepEqual(kinds(line('proper', [1, 0.72, 0]), context(noise)), []);
  assert.deepEqual(kinds(line('proper', [1, 0.1, 0]), context(line('control', [1, 0, 0]))), []);
});

test('attacks without its gradient that do more harm, on the images both were run on', () => {
  const transfer = line('transfer', [1, 0.7, 0], { from: 'B' });
  const [alarm] = maskingAlarms(line('proper', [1, 0.8, 0]), context(transfer));
  assert.equal(alarm?.kind, 'weaker-than-black-box');
  assert.match(alarm!.text, /under images made against B 70\.0 %/);
  // of the first 100 images all are right at a share of 0.8
  const square: MeasuredLine = { ...line('black-box', []), answers: [null, answers(0.6, 100), null] };
  const [other] = maskingAlarms(line('proper', [1, 0.8, 0]), context(square));
  assert.match(other!.text, /accuracy is 100\.0 %, under the square attack, on 100 images, 60\.0 %/);
});

test('one step may be beaten by many, by less than 30 points', () => {
  assert.deepEqual(kinds(line('naive', [1, 0.6, 0]), context(line('transfer', [1, 0.45, 0]))), []);
  assert.deepEqual(kinds(line('naive', [1, 0.6, 0]), context(line('transfer', [1, 0.3, 0]))), [
    'weaker-than-black-box',
  ]);
});

test('inputs without gradient', () => {
  assert.deepEqual(kinds(line('naive', [1, 0.2, 0], { zeroGradients: 0.01 })), []);
  const [alarm] = maskingAlarms(line('naive', [1, 0.2, 0], { zeroGradients: 0.4 }), context());
  assert.deepEqual([alarm?.kind, alarm?.epsilon], ['zero-gradients', undefined]);
  assert.match(alarm!.text, /40\.0 % of the inputs answered rightly have no gradient/);
});

test('more steps or another slope that do much more harm', () => {
  const stronger = (share: number) => [
    { what: '40 steps', at: 1, answers: answers(0.79) },
    { what: 'surrogate slope x 4', at: 1, answers: answers(share) },
  ];
  assert.deepEqual(kinds(line('proper', [1, 0.8, 0], { stronger: stronger(0.71) })), []);
  const [alarm] = maskingAlarms(line('proper', [1, 0.8, 0], { stronger: stronger(0.5) }), context());
  assert.equal(alarm?.kind, 'not-converged');
  assert.match(alarm!.text, /at epsilon 0\.5 accuracy is 80\.0 %, with surrogate slope x 4 50\.0 %/);
});

test('other roles trip nothing, and the worst line keeps what is wrong with the attack by gradient', () => {
  for (const role of ['transfer', 'black-box', 'control'] as const)
    assert.deepEqual(kinds(line(role, [1, 1, 1], { zeroGradients: 1 })), []);
  const inherited = maskingAlarms(line('proper', [1, 1, 1], { zeroGradients: 1 }), context());
  assert.deepEqual(
    inherited.map(({ kind }) => kind),
    ['above-chance', 'zero-gradients'],
  );
  const worst = (shares: readonly number[]) =>
    worstAlarms(line('worst', shares), inherited, context()).map(({ kind }) => kind);
  assert.deepEqual(worst([1, 0.5, 0]), ['zero-gradients']);
  assert.deepEqual(worst([1, 0.5, 0.4]), ['above-chance', 'zero-gradients']);
});

test('pairs leave out what was not run on both, the worst of several takes what there is', () => {
  const [a, b] = [Int8Array.of(1, NOT_RUN, 0, 1, NOT_RUN), Int8Array.of(0, 1, NOT_RUN, 1, NOT_RUN)];
  assert.deepEqual(paired(a, b), [Int8Array.of(1, 1), Int8Array.of(0, 1)]);
  assert.deepEqual(worstOf([a, b]), Int8Array.of(0, 1, 0, 1, NOT_RUN));
});

test('a line is compared with the first network where both were run', () => {
  const first = line('black-box', [null, 0.5, 0.2]);
  const { points } = attackLine(line('black-box', [null, 0.25, null]), first, []);
  assert.equal(points[0], null);
  assert.equal(points[1]?.samples, N);
  assert.ok(Math.abs(points[1]!.difference!.value + 0.25) < 1e-12);
  assert.equal(attackLine(first, first, []).points[1]!.difference, undefined);
});

test('checks are spent where accuracy is neither high nor low', () => {
  const five = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
  assert.deepEqual(tellingEpsilons(five, [1, 0.8, 0.6, 0.4, 0.2, 0], 0.1), [1, 3, 4]);
  assert.deepEqual(tellingEpsilons(five, [1, 0.95, 0.5, 0.05, 0, 0], 0.1), [2]);
  assert.deepEqual(tellingEpsilons(five, [1, 1, 0.99, 0.05, 0, 0], 0.1), [2]);
  assert.deepEqual(tellingEpsilons(five, [1, 1, 1, 1, 1, 1], 0.1), [5]);
  assert.deepEqual(tellingEpsilons(five, [1, 0, 0, 0, 0, 0], 0.1), []);
  assert.deepEqual(tellingEpsilons(five, [0.3, 0.3, 0.3, 0.3, 0.3, 0.3], 0.5), []);
});
