import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { imagesOf, linearView } from '../../../test/fixtures/linear-view.ts';
import type { AttackSettings, Norm } from '../settings.ts';
import type { Images } from '../subject.ts';
import { perturb } from './attack.ts';

const SIZE = 12;
const weight = (c: number, k: number): number => Math.sin(1 + 5 * c + 3 * k);
const view = linearView([0, 1, 2].map((c) => Array.from({ length: SIZE }, (_, k) => weight(c, k))));
const tools = { ...view, range: { low: 0, high: 1 }, classes: 3, shape: [2, 3, 2], seed: 11 };

const attacks = (norm: Norm): AttackSettings[] => [
  { kind: 'fgsm', norm },
  { kind: 'pgd', norm, steps: 3, stepSize: 0.4, randomStart: true },
  { kind: 'pgd', norm, steps: 2, stepSize: 0.5, randomStart: false, targeted: true },
  { kind: 'square', norm, queries: 9 },
  { kind: 'noise', norm },
];
const ALL = [...attacks('linf'), ...attacks('l2')];

const image = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: SIZE, maxLength: SIZE });
const set = fc.array(image, { minLength: 1, maxLength: 4 });
const labelsFor = (images: Images): Uint8Array => Uint8Array.from(images.ids, (id) => id % 3);

test('every attack stays in its ball and in the range, and changes nothing it was given', async () => {
  await fc.assert(
    fc.asyncProperty(set, fc.double({ min: 0, max: 1.5, noNaN: true }), async (rows, epsilon) => {
      for (const attack of ALL) {
        const images = imagesOf(rows);
        const points = await perturb(attack, epsilon, images, labelsFor(images), tools);
        assert.deepEqual(images, imagesOf(rows));
        for (let i = 0; i < rows.length; i++) {
          const own = points.subarray(i * SIZE, (i + 1) * SIZE);
          assert.ok(own.every((value) => value >= 0 && value <= 1));
          const changes = rows[i]!.map((value, k) => Math.abs(own[k]! - value));
          const size = attack.norm === 'linf' ? Math.max(...changes) : Math.hypot(...changes);
          assert.ok(size <= epsilon + 1e-6, `${attack.kind} ${attack.norm}: ${size} beyond ${epsilon}`);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('what becomes of an image depends on its seed and id, not on the batch it is in', async () => {
  const rows = Array.from({ length: 5 }, (_, i) =>
    Array.from({ length: SIZE }, (_, k) => 0.5 + 0.4 * Math.sin(i + 2 * k)),
  );
  const images = imagesOf(rows, 40);
  const labels = labelsFor(images);
  for (const attack of ALL) {
    const together = await perturb(attack, 0.2, images, labels, tools);
    assert.deepEqual(await perturb(attack, 0.2, images, labels, tools), together);
    const order = [3, 0, 4];
    const some = {
      pixels: Float32Array.from(order.flatMap((i) => rows[i]!)),
      ids: Uint32Array.from(order, (i) => images.ids[i]!),
    };
    const apart = await perturb(
      attack,
      0.2,
      some,
      Uint8Array.from(order, (i) => labels[i]!),
      tools,
    );
    for (const [at, i] of order.entries())
      assert.deepEqual(apart.slice(at * SIZE, (at + 1) * SIZE), together.slice(i * SIZE, (i + 1) * SIZE));
    const random = attack.kind === 'square' || attack.kind === 'noise' || (attack.kind === 'pgd' && attack.randomStart);
    const reseeded = await perturb(attack, 0.2, images, labels, { ...tools, seed: 12 });
    if (random && attack.kind !== 'pgd') assert.notDeepEqual(reseeded, together);
    if (!random) assert.deepEqual(reseeded, together);
  }
});

test('epsilon 0 leaves the images as they are, and so does an attack on none', async () => {
  const images = imagesOf([Array.from({ length: SIZE }, (_, k) => k / SIZE)]);
  for (const attack of ALL) {
    assert.deepEqual(await perturb(attack, 0, images, Uint8Array.of(1), tools), images.pixels);
    const none = { pixels: new Float32Array(0), ids: new Uint32Array(0) };
    assert.equal((await perturb(attack, 0.1, none, new Uint8Array(0), tools)).length, 0);
  }
});

test('targeted attacks go towards the class after the true one', async () => {
  const images = imagesOf([0, 1, 2].map(() => Array.from({ length: SIZE }, () => 0.5)));
  const labels = Uint8Array.of(0, 1, 2);
  const aims = Uint8Array.of(1, 2, 0);
  const before = view.classifier.classify(images, aims).margins;
  for (const attack of ALL.filter(({ kind }) => kind !== 'noise')) {
    const pixels = await perturb({ ...attack, targeted: true }, 0.3, images, labels, tools);
    const { margins, predictions } = view.classifier.classify({ pixels, ids: images.ids }, aims);
    margins.forEach((margin, i) => {
      assert.ok(margin > before[i]!, `${attack.kind} ${attack.norm}: ${margin}, before ${before[i]}`);
    });
    if (attack.norm === 'linf' && attack.kind !== 'square') assert.deepEqual([...predictions], [...aims]);
  }
});

test('stopped on request, with progress until then', async () => {
  const images = imagesOf([Array.from({ length: SIZE }, () => 0.5)]);
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress = (done: number, total: number): void => {
    seen.push(done);
    assert.equal(total, 8);
    if (done === 3) stop.abort();
  };
  const attack = { kind: 'pgd', norm: 'linf', steps: 8, stepSize: 0.25, randomStart: true } as const;
  await assert.rejects(perturb(attack, 0.1, images, Uint8Array.of(0), { ...tools, onProgress, signal: stop.signal }), {
    name: 'InterruptedError',
    message: 'attack: stopped on request',
  });
  assert.deepEqual(seen, [0, 1, 2, 3]);
});

test('settings that cannot be are refused', async () => {
  const images = imagesOf([Array.from({ length: SIZE }, () => 0.5)]);
  const pgd = { kind: 'pgd', norm: 'linf', steps: 2, stepSize: 0.5, randomStart: true } as const;
  const faults: [AttackSettings, number, RegExp][] = [
    [{ ...pgd, steps: 0 }, 0.1, /attack\.steps: got 0, expected a whole number of at least 1/],
    [{ ...pgd, stepSize: 0 }, 0.1, /attack\.stepSize: got 0, expected a share of epsilon above 0/],
    [{ kind: 'square', norm: 'l2', queries: 1.5 }, 0.1, /attack\.queries: got 1\.5, expected a whole number/],
    [{ kind: 'fgsm', norm: 'l1' as Norm }, 0.1, /attack\.norm: got "l1", expected linf or l2/],
    [{ kind: 'fgsm', norm: 'linf' }, -1, /epsilon: got -1, expected a finite number, 0 or above/],
    [{ kind: 'bim' as 'fgsm', norm: 'linf' }, 0.1, /attack\.kind: got "bim", expected fgsm, pgd, square or noise/],
  ];
  for (const [attack, epsilon, message] of faults)
    await assert.rejects(perturb(attack, epsilon, images, Uint8Array.of(0), tools), { name: 'ConfigError', message });
  const { differentiator: _, classifier: __, ...bare } = tools;
  await assert.rejects(perturb(pgd, 0.1, images, Uint8Array.of(0), bare), /"pgd" got none, expected a differentiator/);
  const square = { kind: 'square', norm: 'l2', queries: 2 } as const;
  await assert.rejects(
    perturb(square, 0.1, images, Uint8Array.of(0), bare),
    /"square" got none, expected a classifier/,
  );
  await assert.rejects(
    perturb(pgd, 0.1, images, Uint8Array.of(0, 1), tools),
    /images: got 12 pixels, 1 ids and 2 labels, expected 12 pixels, an id and a label for each image/,
  );
});
