import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RobustnessKnobs, robustnessResult } from '../../../test/fixtures/robustness-result.ts';
import type { AttackLine, RobustnessResult } from '../../robustness/index.ts';
import { standingOf } from './standing.ts';
import { robustnessVerdict } from './verdict.ts';

const verdict = (knobs: RobustnessKnobs = {}) => robustnessVerdict(robustnessResult(knobs));
const textOf = (knobs: RobustnessKnobs, title: string): string =>
  verdict(knobs).points.find((point) => point.title === title)?.text ?? assert.fail(`nothing about ${title}`);
const withLines = (result: RobustnessResult, change: (line: AttackLine) => AttackLine | null): RobustnessResult => ({
  ...result,
  attack: { ...result.attack!, lines: result.attack!.lines.map(change).filter((line) => line !== null) },
});

test('a masked naive attack is told apart from a worst case that shows no difference', () => {
  assert.equal(
    verdict().headline,
    'Under the strongest attack found, 1000 images show no difference between SNN T=20 and ANN. The naive attack would have said that SNN T=20 resists; that is not evidence of robustness.',
  );
});

test('what each attack leaves is said, and why an alarmed line is no evidence', () => {
  const text = textOf({}, 'SNN T=20');
  assert.match(
    text,
    /^Unattacked it reads 97\.4 % right\. At epsilon 0\.1 the naive attack leaves 97\.4 %; its gradient /,
  );
  assert.match(
    text,
    /its gradient is zero for 100\.0 % of the images, .*: not evidence of robustness\. The proper attack/,
  );
  assert.match(
    text,
    /The proper attack leaves 33\.0 %\. Images made against ANN leave 89\.5 %\. The black-box attack leaves/,
  );
  assert.match(
    text,
    /worst case over all of these leaves 28\.9 %\. That is not distinguishable from ANN \(95 % interval/,
  );
  assert.equal(text.match(/not evidence of robustness/g)!.length, 1);
  const ann = textOf({}, 'ANN');
  assert.match(
    ann,
    /The proper attack \(PGD, 10 steps of 0\.25 epsilon, expected gradient, slope x 0\.5\) leaves 33\.2 %/,
  );
  assert.doesNotMatch(ann, /not evidence|than ANN|from ANN/);
});

test('a network that withstands the worst case better is said to, with how much and where', () => {
  const knobs = { strength: 2, naiveMasked: false };
  assert.match(
    verdict(knobs).headline,
    /^Under the strongest attack found, SNN T=20 is more accurate than ANN at \d+ of 20 epsilons, by up to 46\.0 points, at 0\.1\.$/,
  );
  assert.match(
    textOf(knobs, 'SNN T=20'),
    /That is 46\.0 points more than ANN \(95 % interval .* \+41\.8 to \+50\.2 points\)/,
  );
});

test('a weaker one is said to be weaker', () => {
  const { headline } = verdict({ strength: 0.5, naiveMasked: false });
  assert.match(
    headline,
    /^Under the strongest attack found, SNN T=20 is less accurate than ANN at \d+ of 20 epsilons, by up to 46\.8 points, at/,
  );
});

test('where even the worst case is masked nothing is concluded, and its difference is not quoted', () => {
  const { headline } = verdict({ allMasked: true });
  assert.match(
    headline,
    /^No conclusion about SNN T=20: even the strongest attack found on SNN T=20 shows signs of masking\./,
  );
  assert.doesNotMatch(textOf({ allMasked: true }, 'SNN T=20'), /more than ANN|less than ANN|distinguishable/);
});

test('a masked worst case of the network compared with spoils the comparison too', () => {
  const result = withLines(robustnessResult(), (line) =>
    line.network === 'ANN' && line.role === 'worst'
      ? { ...line, evidence: false, alarms: [{ kind: 'above-chance', text: 'x' }] }
      : line,
  );
  assert.match(robustnessVerdict(result).headline, /about SNN T=20: even the strongest attack found on ANN shows/);
});

test('an attack that shows signs of masking is an upper bound all the same: weaker than that is weaker', () => {
  const masked = (network: string, strength: number) =>
    withLines(robustnessResult({ strength, naiveMasked: false }), (line) =>
      line.network === network && line.role === 'worst'
        ? { ...line, evidence: false, alarms: [{ kind: 'not-converged', text: 'x' }] }
        : line,
    );
  assert.match(
    robustnessVerdict(masked('SNN T=20', 0.5)).headline,
    /^Under the strongest attack found, SNN T=20 is less accurate than ANN .* The attack on SNN T=20 shows signs of masking; a stronger one could only add to that\.$/,
  );
  assert.match(
    robustnessVerdict(masked('ANN', 2)).headline,
    /^Under the strongest attack found, SNN T=20 is more accurate than ANN .* The attack on ANN shows signs of masking;/,
  );
  for (const result of [masked('SNN T=20', 2), masked('ANN', 0.5)])
    assert.match(robustnessVerdict(result).headline, /^No conclusion about SNN T=20: /);
});

test('without a worst case nothing is concluded', () => {
  const result = withLines(robustnessResult(), (line) => (line.role === 'worst' ? null : line));
  assert.match(robustnessVerdict(result).headline, /^No conclusion about SNN T=20: its worst case was not compared/);
});

test('ahead at some epsilons and behind at others is said as such', () => {
  const difference = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });
  const result = withLines(robustnessResult(), (line) =>
    line.network === 'ANN' || line.role !== 'worst'
      ? line
      : {
          ...line,
          points: line.points.map((point, i) => ({
            ...point!,
            difference: difference(i < 3 ? -0.05 : i === 6 ? 0.2 : 0),
          })),
        },
  );
  assert.match(
    robustnessVerdict(result).headline,
    /more accurate than ANN at some epsilons \(by up to 20\.0 points, at 0\.3\) and less at others \(5\.0 points, at 0\.05\)/,
  );
});

test('epsilon 0 does not count as robustness, but is said where it differs', () => {
  const difference = { value: -0.03, low: -0.04, high: -0.02 };
  const none = { value: 0, low: -0.01, high: 0.01 };
  const only = (at: number) =>
    withLines(robustnessResult(), (line) => ({
      ...line,
      points: line.points.map((point, i) =>
        point === null ? null : { ...point, difference: i <= at ? difference : none },
      ),
    }));
  const standing = standingOf(only(0).attack!, 'SNN T=20', 'ANN');
  assert.deepEqual(standing, { outcome: 'same', compared: 20, unattacked: -0.03 });
  assert.match(
    robustnessVerdict(only(1)).headline,
    /at 1 of 20 epsilons, by up to 3\.0 points, at 0\.05 \(unattacked 3\.0 less\)\./,
  );
});

test('noise is summed up by what differs and what does not', () => {
  const text = textOf({}, 'SNN T=20 under noise');
  assert.match(
    text,
    /^Compared with ANN image by image, SNN T=20 is more accurate under Gaussian noise \(by up to 13\.7 points,/,
  );
  assert.match(
    text,
    /; less accurate under occlusion \(by up to 18\.8 points, at level 0\.4\); not distinguishable under few/,
  );
  assert.doesNotMatch(text, /thresholds|Undisturbed/);
  const lower = textOf({ networks: ['ANN', 'SNN T=20', 'converted T=20'] }, 'converted T=20 under noise');
  assert.match(lower, / Undisturbed it is 1\.2 points less accurate\.$/);
});

test('there is a verdict without attacks, without noise, and of a single network', () => {
  const full = robustnessResult();
  assert.equal(
    robustnessVerdict({ ...full, attack: null }).headline,
    'SNN T=20 and ANN under noise; nothing was attacked.',
  );
  assert.deepEqual(
    robustnessVerdict({ ...full, noise: [] }).points.map(({ title }) => title),
    ['ANN', 'SNN T=20'],
  );
  const alone = verdict({ networks: ['ANN'] });
  assert.match(alone.headline, /^ANN under attack; there is no other network to compare with\.$/);
  assert.deepEqual(
    alone.points.map(({ title }) => title),
    ['ANN'],
  );
  const quiet = robustnessVerdict({ ...robustnessResult({ networks: ['ANN'] }), attack: null });
  assert.match(quiet.headline, /^ANN under noise; nothing was attacked, and there is no other network/);
});
