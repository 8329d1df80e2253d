// What each attack is good for, on functions whose optimum is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { imagesOf, linearView } from '../../../test/fixtures/linear-view.ts';
import type { Differentiator } from '../network/differentiator.ts';
import type { AttackSettings } from '../settings.ts';
import type { Images } from '../subject.ts';
import { perturb } from './attack.ts';
import { squareShare, squareSides } from './square.ts';

const range = { low: 0, high: 1 };
const pgd = (steps: number, stepSize: number, norm: 'linf' | 'l2' = 'linf'): AttackSettings => ({
  kind: 'pgd',
  norm,
  steps,
  stepSize,
  randomStart: false,
});
const value = fc.float({ min: -1, max: 1, noNaN: true });

test('FGSM: x + epsilon sign(g), clipped; a pixel without gradient stays', async () => {
  const view = linearView([
    [1, -1, 0, 2],
    [0, 0, 0, 0],
  ]);
  const images = imagesOf([[0.5, 0.9375, 0.25, 0.0625]]);
  const tools = { ...view, range, classes: 2, shape: [4], seed: 0 };
  const points = await perturb({ kind: 'fgsm', norm: 'linf' }, 0.125, images, Uint8Array.of(0), tools);
  assert.deepEqual([...points], [0.375, 1, 0.25, 0]);
});

test('FGSM on a linear model of two classes is the best there is: no corner of the ball does more harm', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, fc.float({ min: 0, max: 1, noNaN: true })), { minLength: 4, maxLength: 4 }),
      async (pairs) => {
        const view = linearView([pairs.map(([w]) => w), pairs.map(() => 0)]);
        const images = imagesOf([pairs.map(([, x]) => x)]);
        const labels = Uint8Array.of(0);
        const tools = { ...view, range, classes: 2, shape: [4], seed: 0 };
        const pixels = await perturb({ kind: 'fgsm', norm: 'linf' }, 0.25, images, labels, tools);
        const best = view.classifier.classify({ ...images, pixels }, labels).margins[0]!;
        for (let corner = 0; corner < 16; corner++) {
          const moved = images.pixels.map((x, k) => Math.min(1, Math.max(0, x + ((corner >> k) & 1 ? 0.25 : -0.25))));
          assert.ok(view.classifier.classify({ ...images, pixels: moved }, labels).margins[0]! >= best - 1e-6);
        }
      },
    ),
  );
});

/** A loss of pixels and its gradient, for every image alike. */
function ascending(
  loss: (x: Float32Array) => number,
  gradient: (x: Float32Array) => number[],
  size: number,
): Differentiator {
  const rows = ({ pixels }: Images): Float32Array[] =>
    Array.from({ length: pixels.length / size }, (_, i) => pixels.subarray(i * size, (i + 1) * size));
  return {
    gradient: (images) => ({
      values: Float32Array.from(rows(images).flatMap(gradient)),
      losses: Float32Array.from(rows(images), loss),
    }),
    load: () => {},
    close: () => {},
  };
}

test('PGD beats FGSM where the gradient turns on the way', async () => {
  const top = [0.55, 0.75];
  const away = (x: Float32Array): number[] => top.map((t, k) => t - x[k]!);
  const hill = ascending((x) => -Math.hypot(...away(x)), away, 2);
  const images = imagesOf([[0.5, 0.5]]);
  const tools = { differentiator: hill, range, classes: 2, shape: [2], seed: 0 };
  const lossAt = (pixels: Float32Array): number => hill.gradient({ ...images, pixels }, Uint8Array.of(0), 0).losses[0]!;
  const once = lossAt(await perturb({ kind: 'fgsm', norm: 'linf' }, 0.3, images, Uint8Array.of(0), tools));
  const often = lossAt(await perturb(pgd(20, 0.1), 0.3, images, Uint8Array.of(0), tools));
  assert.ok(often > once + 0.1, `PGD ${often}, FGSM ${once}`);
  assert.ok(often > -0.04, `${often}: within a step of the top`);
});

test('PGD on a slope that leads out of the ball ends on its border, L2 in the direction of the optimum', async () => {
  const top = [2, 1.25];
  const away = (x: Float32Array): number[] => top.map((t, k) => t - x[k]!);
  const hill = ascending((x) => -(away(x)[0]! ** 2 + away(x)[1]! ** 2), away, 2);
  const tools = { differentiator: hill, range: { low: -4, high: 4 }, classes: 2, shape: [2], seed: 0 };
  const images = imagesOf([[0.5, -0.75]]);
  const round = await perturb(pgd(40, 0.2, 'l2'), 0.5, images, Uint8Array.of(0), tools);
  const [dx, dy] = [round[0]! - 0.5, round[1]! + 0.75];
  assert.ok(Math.abs(Math.hypot(dx, dy) - 0.5) < 1e-6);
  assert.ok(Math.abs(dx - 0.3) < 1e-3 && Math.abs(dy - 0.4) < 1e-3, `${dx}, ${dy}: towards (1.5, 2)`);
  const flat = await perturb(pgd(10, 0.2), 0.5, images, Uint8Array.of(0), tools);
  assert.deepEqual([...flat], [1, -0.25]);
});

test('PGD returns the worst point it saw, not the last', async () => {
  // A step of 0.4 leaps over the narrow top at 0.3 and falls ever deeper behind it.
  const ridge = ascending(
    (x) => (x[0]! < 0.35 ? x[0]! : -x[0]!),
    () => [1],
    1,
  );
  const tools = { differentiator: ridge, range, classes: 2, shape: [1], seed: 0 };
  const points = await perturb(pgd(4, 0.25), 0.8, imagesOf([[0.125]]), Uint8Array.of(0), tools);
  assert.deepEqual([...points], [...Float32Array.of(0.125 + 0.2)]);
});

test('PGD evaluates its last point too', async () => {
  const up = ascending(
    (x) => x[0]!,
    () => [1],
    1,
  );
  const tools = { differentiator: up, range, classes: 2, shape: [1], seed: 0 };
  assert.deepEqual([...(await perturb(pgd(1, 1), 0.25, imagesOf([[0.5]]), Uint8Array.of(0), tools))], [0.75]);
});

test('random starts differ between images, are spread over the ball, and are not all in a corner', async () => {
  const nothing = ascending(
    () => 0,
    (x) => Array.from(x, () => 0),
    64,
  );
  const tools = { differentiator: nothing, range: { low: -9, high: 9 }, classes: 2, shape: [64], seed: 5 };
  const images = imagesOf([0, 1].map(() => new Array<number>(64).fill(0)));
  for (const norm of ['linf', 'l2'] as const) {
    const start = { ...pgd(1, 0.5, norm), randomStart: true } as AttackSettings;
    const points = await perturb(start, 1, images, Uint8Array.of(0, 0), tools);
    const [a, b] = [points.subarray(0, 64), points.subarray(64)];
    assert.notDeepEqual(a, b);
    const lengths = [a, b].map((row) => (norm === 'l2' ? Math.hypot(...row) : Math.max(...row.map(Math.abs))));
    for (const length of lengths) assert.ok(length > 0.9 && length <= 1, `${norm}: ${length}`);
  }
});

test('noise takes every pixel to the border, whichever way', async () => {
  const images = imagesOf([new Array<number>(64).fill(0.5)]);
  const points = await perturb({ kind: 'noise', norm: 'linf' }, 0.25, images, Uint8Array.of(0), {
    range,
    classes: 2,
    shape: [64],
    seed: 1,
  });
  assert.deepEqual(new Set(points), new Set([0.25, 0.75]));
});

test('squares lower the margin more the more there are of them, never raise it, and find the worst corner in the end', async () => {
  const rows = [0, 1].map((c) => Array.from({ length: 32 }, (_, k) => Math.sin(k * (c + 1))));
  const view = linearView(rows);
  const images = imagesOf([0, 1, 2].map((i) => Array.from({ length: 32 }, (_, k) => 0.5 + 0.2 * Math.cos(i + k))));
  const labels = Uint8Array.of(0, 1, 0);
  const tools = { ...view, range, classes: 2, seed: 3 };
  const marginsAfter = async (attack: AttackSettings, shape: readonly number[]): Promise<Float32Array> => {
    const pixels = await perturb(attack, 0.1, images, labels, { ...tools, shape });
    return view.classifier.classify({ ...images, pixels }, labels).margins;
  };
  const before = view.classifier.classify(images, labels).margins;
  const optimum = await marginsAfter({ kind: 'fgsm', norm: 'linf' }, [32]);
  for (const norm of ['linf', 'l2'] as const) {
    for (const shape of [[4, 8, 1], [2, 4, 4], [32]]) {
      let last = before;
      for (const queries of [1, 20, 400]) {
        const now = await marginsAfter({ kind: 'square', norm, queries }, shape);
        now.forEach((margin, i) => {
          assert.ok(margin <= before[i]!, `${norm} [${shape}] ${queries}: ${margin}, before ${before[i]}`);
        });
        const sum = (values: Float32Array): number => values.reduce((a, b) => a + b, 0);
        assert.ok(sum(now) <= sum(last), `${norm} [${shape}] ${queries}`);
        last = now;
      }
      if (norm !== 'linf') continue;
      last.forEach((margin, i) => {
        const share = (before[i]! - margin) / (before[i]! - optimum[i]!);
        assert.ok(share > 0.85 && share <= 1 + 1e-6, `[${shape}] image ${i}: ${share} of the possible`);
      });
    }
  }
});

test('squares shrink as published, scaled to the number of queries', () => {
  const shares = [1, 11, 50, 51, 201, 501, 1001, 2001, 4001, 6001, 8001].map(
    (query) => squareShare(query, 10_000) / 0.8,
  );
  assert.deepEqual(
    shares,
    [1, 2, 2, 4, 8, 16, 32, 64, 128, 256, 512].map((divisor) => 1 / divisor),
  );
  assert.equal(squareShare(2, 100), squareShare(200, 10_000));
  assert.deepEqual(squareSides([28, 28], 0.8), [25, 25]);
  assert.deepEqual(squareSides([28, 28], 0.8 / 512), [1, 1]);
  assert.deepEqual(squareSides([1, 32], 0.5), [1, 16]);
});
