import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cnnRecord } from '../../../test/fixtures/cnn-record.ts';
import { conv, dense, flatten, lif, network, slot } from '../../model/index.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { figuresOf } from './index.ts';
import { renderSvg } from './render-svg.ts';
import type { Figure } from './theme.ts';

const small = await cnnRecord({ samples: 12, timesteps: 3, converted: [2, 6] });
const tower = network(
  'tower',
  [4, 4, 2],
  [
    ...Array.from({ length: 26 }, (_, i) => [
      conv(`conv${i}`, 2 + (i % 3), 3, { padding: 1 }),
      slot(`act${i}`, lif({ threshold: 0.2 })),
    ]).flat(),
    flatten(),
    dense('fc', 3),
    slot('out', lif({ threshold: 0.2 })),
  ],
);
const deep = await cnnRecord({ spec: tower, samples: 4, timesteps: 2, converted: [3] });

const figureOf = (record: RunRecord, id: string): Figure => figuresOf(record).find((figure) => figure.id === id)!;
const without = (record: RunRecord, ...keys: (keyof NetworkRecord)[]): RunRecord => ({
  ...record,
  networks: record.networks.map(
    (each) => Object.fromEntries(Object.entries(each).filter(([key]) => !keys.includes(key as never))) as never,
  ),
});
/** Every row of data of a figure's spec. */
const rowsOf = (figure: Figure): Record<string, unknown>[] => {
  const found: Record<string, unknown>[] = [];
  JSON.stringify(figure.spec, (key, value) => {
    if (key === 'values' && Array.isArray(value)) found.push(...value.filter((row) => typeof row === 'object'));
    return value;
  });
  return found;
};

const ALL = [
  'accuracy-timesteps',
  'through-time',
  'accuracy-operations',
  'early-stop',
  'energy',
  'break-even',
  'operations',
  'firing-rates',
  'spike-raster',
  'membranes',
  'error-depth',
  'activation-scatter',
  'activation-histogram',
];

for (const [name, record, ids] of [
  ['a small CNN', small, ALL],
  ['a deep CNN', deep, ALL],
  [
    'a CNN of which nothing was followed through time',
    without(small, 'overTime', 'earlyStop', 'watched', 'diagnosis', 'stream'),
    ['accuracy-timesteps', 'energy', 'break-even', 'operations', 'firing-rates', 'spike-raster'],
  ],
  [
    'a converted CNN whose ANN is not in the record',
    { ...small, networks: small.networks.filter(({ kind }) => kind === 'converted') },
    ALL.filter((id) => id !== 'break-even'),
  ],
] as const satisfies readonly (readonly [string, RunRecord, readonly string[]])[]) {
  test(`figures of ${name} are drawn without a warning`, async () => {
    const figures = figuresOf(record);
    assert.deepEqual(
      figures.map(({ id }) => id),
      ids,
    );
    for (const figure of figures) {
      const { svg, warnings, width } = await renderSvg(figure);
      assert.deepEqual(warnings, [], figure.id);
      assert.doesNotMatch(svg, /NaN|undefined|null|https?:/, figure.id);
      assert.ok(width > 300 && width < 1000, `${figure.id} is ${width} wide`);
      assert.ok(figure.caption.length > 20 && figure.alt.length > 20);
    }
  });
}

test('the curves end at what the whole run counted and was priced at', () => {
  const converted = small.networks.find(({ name }) => name === 'converted T=6')!;
  const rows = rowsOf(figureOf(small, 'through-time'));
  const last = rows.filter(({ network, t }) => network === converted.name && t === 6).map(({ value }) => value);
  const { macs, acs } = converted.ledger.total;
  const joules = (id: string) => converted.energy.find(({ profile }) => profile === id)!.total;
  const expected = [
    100 * converted.accuracy.value,
    macs + acs,
    joules('horowitz-45nm-fp32'),
    joules('lemaire-45nm-int8'),
  ];
  assert.equal(last.length, 4);
  last.forEach((value, i) => {
    assert.ok(Math.abs((value as number) / expected[i]! - 1) < 1e-9, `${i}: ${value} is not ${expected[i]}`);
  });
});

test('operations of a small CNN have a panel a stage, named with its window', () => {
  const titles = JSON.stringify(figureOf(small, 'operations').spec);
  assert.match(titles, /"conv1 \(3×3, 8\)"/);
  assert.match(titles, /"fc \(3 units\)"/);
});

test('operations of a deep CNN are rows, the smallest summed up, and nothing is lost', () => {
  const figure = figureOf(deep, 'operations');
  const stages = new Set(rowsOf(figure).map(({ stage }) => stage));
  assert.equal(stages.size, 24);
  assert.match(figure.caption, /The last row sums up the \d+ smaller layers/);
  const ann = deep.networks[0]!;
  const macs = rowsOf(figure).reduce(
    (sum, row) =>
      row.network === 'ANN' && row.kind === 'multiply-accumulates' ? sum + (row.operations as number) : sum,
    0,
  );
  assert.ok(Math.abs(macs - ann.ledger.total.macs) < 1e-6 * macs);
});

test('a layer that one network lacks leaves its panel of rates empty', () => {
  const rows = rowsOf(figureOf(small, 'firing-rates'));
  const shares = rows.filter(({ network, layer }) => String(network).startsWith('converted') && layer === 'out');
  assert.equal(shares.length, 20);
  assert.ok(shares.every(({ share }) => share === 0));
  const trained = rows.filter(({ network, layer }) => network === 'SNN T=3' && layer === 'out');
  assert.ok(Math.abs(trained.reduce((sum, { share }) => sum + (share as number), 0) - 100) < 1e-9);
});

test('a raster draws neurons of every channel, and of many layers a few', () => {
  const steps = small.networks[1]!.timesteps;
  const spikes = Array.from({ length: steps * 512 }, (_, k) => [Math.floor(k / 512), k % 512] as const);
  const raster = { sample: 0, label: 0, prediction: 0, layers: [{ layer: 'act1', neurons: 512, spikes }] };
  const [ann, snn] = small.networks;
  const drawn = rowsOf(figureOf({ ...small, networks: [ann!, { ...snn!, rasters: [raster] }] }, 'spike-raster'));
  const channels = new Set(drawn.map(({ neuron }) => (neuron as number) % 8));
  assert.equal(channels.size, 8);
  assert.ok(new Set(drawn.map(({ neuron }) => neuron)).size <= 64);
  assert.match(figureOf(deep, 'spike-raster').caption, /5 of 27 layers\./);
});

test('at most nine layers are drawn of a deep diagnosis, those that follow the ANN least', () => {
  const { caption, spec } = figureOf(deep, 'activation-scatter');
  assert.match(caption, /Of 27 layers the 9 with the lowest correlation are drawn\./);
  assert.ok((spec as unknown as { concat: unknown[] }).concat.length <= 9);
  assert.equal(new Set(rowsOf(figureOf(deep, 'error-depth')).map(({ layer }) => layer)).size, 27);
});

test('dots on the grey line are activations that rates carry exactly', () => {
  const [layer] = small.networks.find(({ diagnosis }) => diagnosis)!.diagnosis!.layers;
  const { concat } = figureOf(small, 'activation-scatter').spec as unknown as {
    concat: { layer: { data: { values: { x: number; y: number }[] } }[] }[];
  };
  const [line, dots] = concat[0]!.layer.map(({ data }) => data.values);
  for (const { x, y } of line!) assert.equal(y, Math.min(1, x));
  assert.deepEqual(
    dots,
    layer!.scatter.map(({ activation, rate }) => ({ x: activation / layer!.scale, y: rate })),
  );
});

test('bars right of the scale are of another colour', () => {
  const bars = rowsOf(figureOf(small, 'activation-histogram')).filter(({ color }) => color !== undefined);
  for (const { from, color } of bars) assert.equal(color, (from as number) < 1 ? '#0072B2' : '#D55E00');
  assert.ok(bars.some(({ color }) => color === '#D55E00'));
});

test('a membrane is drawn with the threshold of its neuron', () => {
  const thresholds = rowsOf(figureOf(small, 'membranes')).filter(
    ({ membrane, step }) => membrane !== undefined && step === undefined,
  );
  assert.deepEqual(thresholds, [{ membrane: 1 }, { membrane: 1 }, { membrane: 1 }]);
  assert.match(figureOf(small, 'membranes').alt, /act1 \[2, 3, 5\]: \d+ spikes in 3 steps/);
});
