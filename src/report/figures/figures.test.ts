import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFixture } from '../../../test/fixtures/record.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { figuresOf } from './index.ts';
import { renderSvg } from './render-svg.ts';

const full = recordFixture();
const withNetworks = (change: (network: NetworkRecord) => NetworkRecord | null): RunRecord => ({
  ...full,
  networks: full.networks.map(change).filter((network) => network !== null),
});

const ALL = [
  'accuracy-timesteps',
  'energy',
  'break-even',
  'operations',
  'firing-rates',
  'spike-raster',
  'learning-curves',
];

const cases: readonly [string, RunRecord, readonly string[]][] = [
  ['the whole record', full, ALL],
  ['a quick run', recordFixture({ converted: [4], snnTimesteps: 1, testSamples: 100 }), ALL],
  ['an ANN alone', withNetworks((n) => (n.kind === 'ann' ? n : null)), ['energy', 'operations', 'learning-curves']],
  ['an SNN alone', withNetworks((n) => (n.kind === 'snn' ? n : null)), ALL.filter((id) => id !== 'break-even')],
  [
    'one epoch',
    withNetworks((n) =>
      n.training ? { ...n, training: { ...n.training, epochs: n.training.epochs.slice(0, 1) } } : n,
    ),
    ALL,
  ],
  [
    'nothing held out',
    withNetworks((n) =>
      n.training
        ? {
            ...n,
            training: {
              ...n.training,
              epochs: n.training.epochs.map((e) => ({ ...e, validationLoss: null, validationAccuracy: null })),
            },
          }
        : n,
    ),
    ALL,
  ],
  [
    'nothing stored but counts',
    withNetworks((n) => ({ ...n, training: null, rasters: [], rates: [], energy: [], baselines: [] })),
    ['accuracy-timesteps', 'operations'],
  ],
  ['names with quotes and brackets', withNetworks((n) => ({ ...n, name: `${n.name} "<b>" \\ [x] $y` })), ALL],
];

for (const [name, record, ids] of cases) {
  test(`figures of ${name} are drawn without a warning`, async () => {
    const figures = figuresOf(record);
    assert.deepEqual(
      figures.map(({ id }) => id),
      ids,
    );
    for (const figure of figures) {
      const { svg, warnings, width } = await renderSvg(figure);
      assert.deepEqual(warnings, [], figure.id);
      assert.match(svg, /^<svg role="img" aria-label="[^"]+"/);
      assert.doesNotMatch(svg, /NaN|undefined|null|https?:/, figure.id);
      assert.ok(width > 300 && width < 1000, `${figure.id} is ${width} wide`);
      assert.ok(figure.caption.length > 20 && figure.alt.length > 20);
    }
  });
}

test('ids of two figures never meet', async () => {
  const ids = (await Promise.all(figuresOf(full).map((figure) => renderSvg(figure)))).flatMap(({ svg }) =>
    [...svg.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id!),
  );
  assert.equal(new Set(ids).size, ids.length);
});

test('a warning of Vega is reported', async () => {
  const [figure] = figuresOf(full);
  const broken = {
    ...figure!,
    spec: {
      data: { values: [{ a: 1 }] },
      mark: 'bar',
      encoding: { x: { field: 'a', type: 'nominal', scale: { type: 'linear' } } },
    } as never,
  };
  const { warnings } = await renderSvg(broken);
  assert.notEqual(warnings.length, 0);
});
