import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rng } from './random.ts';
import { clusterInterval, type Interval, pairedDifference, pairedZ, wilsonInterval } from './statistics.ts';

test('Wilson intervals match published values and stay within [0, 1]', () => {
  const rounded = (correct: number, samples: number): number[] =>
    wilsonInterval(correct, samples).map((value) => Math.round(value * 1e4) / 1e4);
  // Newcombe 1998, table I, method 3 (score, without continuity correction)
  assert.deepEqual(rounded(81, 263), [0.2553, 0.3662]);
  assert.deepEqual(rounded(15, 148), [0.0624, 0.1605]);
  assert.deepEqual(rounded(0, 20), [0, 0.1611]);
  assert.deepEqual(rounded(1, 29), [0.0061, 0.1718]);
  assert.deepEqual(rounded(20, 20), [0.8389, 1]);
  assert.deepEqual(wilsonInterval(0, 0), [0, 1]);
});

const inside = ({ value, low, high }: Interval, bottom: number): void => {
  assert.ok(bottom <= low && low <= value + 1e-12 && value - 1e-12 <= high && high <= 1, `${low} ${value} ${high}`);
};

test('with one draw an image, the cluster interval is Wilson interval', () => {
  const right = Array.from({ length: 263 }, (_, i) => (i < 81 ? 1 : 0));
  const { value, low, high } = clusterInterval(right);
  const wilson = wilsonInterval(81, 263);
  assert.equal(value, 81 / 263);
  assert.ok(Math.abs(low - wilson[0]) < 1e-12 && Math.abs(high - wilson[1]) < 1e-12);
});

test('draws that agree on each image add nothing, draws that are independent count as images', () => {
  const width = ({ low, high }: Interval): number => high - low;
  const agreeing = Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? 0 : 1));
  assert.equal(width(clusterInterval(agreeing, 3)), width(clusterInterval(agreeing)));
  const generator = rng(1, 0);
  const draw = (): number => (generator.uniform() < 0.75 ? 1 : 0);
  const independent = Array.from({ length: 4000 }, () => (draw() + draw() + draw()) / 3);
  const [low, high] = wilsonInterval(9000, 12000);
  assert.ok(Math.abs(width(clusterInterval(independent, 3)) / (high - low) - 1) < 0.1);
});

test('intervals of equal shares have the width of n images', () => {
  assert.deepEqual(clusterInterval([1, 1, 1, 1], 3), { value: 1, low: wilsonInterval(4, 4)[0], high: 1 });
  assert.deepEqual(clusterInterval([]), { value: 0, low: 0, high: 1 });
  // nearly equal shares do not feign more images than there were draws
  const shares = [2 / 3, 2 / 3, 2 / 3, 2 / 3, 2 / 3, 1 / 3];
  assert.ok(clusterInterval(shares, 3).low >= wilsonInterval((18 * 11) / 18, 18)[0] - 1e-12);
});

test('a paired difference is the mean of differences, with their own standard error', () => {
  // differences 1, 0, 0, -1, 1, 0: mean 1/6, variance (4 (1/6)^2 + ... ) / 5 by hand: sum d^2 = 3, minus 6 (1/36), over 5
  const difference = pairedDifference([1, 1, 0, 0, 1, 0], [0, 1, 0, 1, 0, 0]);
  const error = Math.sqrt((3 - 6 / 36) / 5 / 6);
  assert.ok(Math.abs(difference.value - 1 / 6) < 1e-12);
  assert.ok(Math.abs(difference.low - (1 / 6 - 1.959963984540054 * error)) < 1e-12);
  assert.ok(Math.abs(pairedZ([1, 1, 0, 0, 1, 0], [0, 1, 0, 1, 0, 0]) - 1 / 6 / error) < 1e-12);
});

test('equal differences fall back to the rule of three', () => {
  const ones = new Array<number>(100).fill(1);
  const zeros = new Array<number>(100).fill(0);
  assert.deepEqual(pairedDifference(ones, ones), { value: 0, low: -0.03, high: 0.03 });
  assert.deepEqual(pairedDifference(ones, zeros), { value: 1, low: 0.94, high: 1 });
  assert.deepEqual(pairedDifference([], []), { value: 0, low: -1, high: 1 });
  assert.equal(pairedZ(ones, zeros), 100);
  assert.equal(pairedZ([1, 1], [0, 0]), 2);
  assert.equal(pairedZ([], []), 0);
});

test('intervals hold their value and stay within bounds', () => {
  const share = fc.constantFrom(0, 1 / 3, 2 / 3, 1);
  fc.assert(
    fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 40 }), (pairs) => {
      const [a, b] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
      inside(clusterInterval(a, 3), 0);
      inside(pairedDifference(a, b), -1);
    }),
  );
});

test('95 % intervals hold the truth about 95 times in 100', () => {
  let [held, paired] = [0, 0];
  for (let study = 0; study < 400; study++) {
    const generator = rng(study, 0);
    const draw = (p: number): number => (generator.uniform() < p ? 1 : 0);
    const easy = Array.from({ length: 80 }, () => 0.4 + 0.6 * generator.uniform());
    const shares = easy.map((p) => (draw(p) + draw(p) + draw(p)) / 3);
    const others = easy.map((p) => draw(p - 0.2));
    const { low, high } = clusterInterval(shares, 3);
    if (low <= 0.7 && 0.7 <= high) held++;
    const difference = pairedDifference(shares, others);
    if (difference.low <= 0.2 && 0.2 <= difference.high) paired++;
  }
  // 3 standard deviations of 400 draws around 0.95
  assert.ok(held / 400 > 0.917 && paired / 400 > 0.917, `${held} and ${paired} of 400`);
});
