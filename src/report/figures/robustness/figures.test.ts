import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFixture } from '../../../../test/fixtures/record.ts';
import { type RobustnessKnobs, robustnessResult } from '../../../../test/fixtures/robustness-result.ts';
import type { RobustnessResult } from '../../../robustness/index.ts';
import type { RunRecord } from '../../../store/index.ts';
import { renderSvg } from '../render-svg.ts';
import type { Figure } from '../theme.ts';
import { attacksByNetwork, attacksCompared } from './attacks.ts';
import { labelSpots } from './label-spots.ts';
import { accuracyUnderNoise } from './noise.ts';
import type { SweepRow } from './sweep-row.ts';

const bare = recordFixture({ converted: [20] });
const names = bare.networks.map(({ name }) => name);
const recordOf = (robustness: RobustnessResult): RunRecord => ({ ...bare, robustness });
const record = (knobs: RobustnessKnobs = {}): RunRecord => recordOf(robustnessResult({ networks: names, ...knobs }));
const figuresOf = (of: RunRecord): readonly Figure[] =>
  [attacksCompared, attacksByNetwork, accuracyUnderNoise]
    .map((figure) => figure(of))
    .filter((figure) => figure !== null);
const labels = (svg: string): number => svg.match(/>not evidence of robustness</g)?.length ?? 0;

const shallow = robustnessResult({ networks: ['ANN', 'SNN T=20'] });
const cases: readonly [string, RunRecord][] = [
  ['three networks', record()],
  ['one network', record({ networks: ['ANN'] })],
  ['all masked', record({ allMasked: true })],
  ['a network the record does not have', record({ networks: ['other "<b>" [x]', 'SNN T=20'] })],
  [
    'one epsilon and one level',
    recordOf({
      ...shallow,
      noise: shallow.noise.map((sweep) => ({
        ...sweep,
        levels: sweep.levels.slice(1, 2),
        curves: sweep.curves.map((curve) => ({ ...curve, points: curve.points.slice(1, 2) })),
      })),
      attack: {
        ...shallow.attack!,
        epsilons: [0.1],
        lines: shallow.attack!.lines.map((line) => ({ ...line, points: line.points.slice(2, 3) })),
      },
    }),
  ],
];

for (const [name, of] of cases) {
  test(`figures of ${name} are drawn without a warning`, async () => {
    const figures = figuresOf(of);
    assert.deepEqual(
      figures.map(({ id }) => id),
      ['robustness-compared', 'robustness-attacks', 'robustness-noise'],
    );
    for (const figure of figures) {
      const { svg, warnings, width } = await renderSvg(figure);
      assert.deepEqual(warnings, [], figure.id);
      assert.doesNotMatch(svg, /NaN|undefined|null|https?:/, figure.id);
      assert.ok(width > 250 && width < 1000, `${figure.id} is ${width} wide`);
    }
  });
}

test('lines with an alarm say so in the figure, and no others do', async () => {
  const drawn = async (figure: Figure | null) => labels((await renderSvg(figure!)).svg);
  assert.equal(await drawn(attacksByNetwork(record())), 2, 'the naive attack on each spiking network');
  assert.equal(await drawn(attacksCompared(record())), 1, 'two lines that lie together share a label');
  assert.equal(await drawn(attacksCompared(record({ allMasked: true }))), 2);
  assert.equal(await drawn(attacksByNetwork(record({ naiveMasked: false }))), 0);
  assert.equal(await drawn(attacksCompared(record({ naiveMasked: false }))), 0);
});

test('an alarmed line is dashed, and guessing and units are drawn', async () => {
  const { svg } = await renderSvg(attacksByNetwork(record())!);
  assert.match(svg, /stroke-dasharray="5,4"/);
  assert.match(svg, />guessing 12\.6 %</);
  assert.match(svg, />Epsilon \(share of the pixel range\)</);
  const without = await renderSvg(attacksByNetwork(record({ naiveMasked: false }))!);
  assert.doesNotMatch(without.svg, /stroke-dasharray="5,4"/);
});

test('the alternative text has the numbers and the alarms', () => {
  const { alt } = attacksByNetwork(record())!;
  assert.match(
    alt,
    /SNN T=20: naive 97\.4 to 97\.0 % at epsilon 1 \(not evidence of robustness\); proper 97\.4 to 0\.0 %/,
  );
  assert.match(accuracyUnderNoise(record())!.alt, /Gaussian noise, from 0 to 1: ANN 98\.1 to 19\.8 %/);
});

test('what was not studied has no figure', () => {
  const full = robustnessResult();
  assert.deepEqual(figuresOf(bare), []);
  assert.deepEqual(
    figuresOf(recordOf({ ...full, attack: null })).map(({ id }) => id),
    ['robustness-noise'],
  );
  assert.equal(figuresOf(recordOf({ ...full, noise: [] })).length, 2);
});

test('a label keeps away from other lines and from other labels', () => {
  const line = (name: string, evidence: 'yes' | 'no', accuracy: (epsilon: number) => number): SweepRow[] =>
    Array.from({ length: 11 }, (_, i) => {
      const value = accuracy(i / 10);
      return {
        ...{ line: name, series: name, epsilon: i / 10, joined: true, evidence },
        accuracy: value,
        low: value,
        high: value,
      };
    });
  const masked = line('a', 'no', () => 60);
  const [below] = labelSpots([...masked, ...line('b', 'yes', () => 66)], 1);
  assert.equal(below!.accuracy, 55);
  const [above] = labelSpots([...masked, ...line('b', 'yes', () => 54)], 1);
  assert.equal(above!.accuracy, 65);
  const [left] = labelSpots([...masked, ...line('b', 'yes', (x) => (x < 0.5 ? 0 : 66))], 1);
  assert.ok(left!.epsilon < 0.5);
  const two = labelSpots([...masked, ...line('c', 'no', () => 70)], 1);
  assert.equal(two.length, 2);
  assert.ok(Math.abs(two[0]!.accuracy - two[1]!.accuracy) >= 10);
  assert.equal(labelSpots([...masked, ...line('c', 'no', () => 62)], 1).length, 1);
});
