// docs/model.md against the code: its convolutional example, its layers and its table of presets.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { presetTable, withPresets } from '../scripts/preset-table.ts';
import {
  add,
  batchNorm,
  conv,
  dense,
  flatten,
  globalPool,
  inferShapes,
  lif,
  listParameters,
  network,
  networkSchema,
  networkToJson,
  PRESETS,
  parseNetwork,
  slot,
} from '../src/model/index.ts';

const document = readFileSync(new URL('../docs/model.md', import.meta.url), 'utf8');

test('the example of a graph is a network, with the shapes and parameters written beside it', () => {
  const block = /<!-- example: graph -->\n```ts\n(.*?)```/s.exec(document)?.[1] ?? assert.fail('no example "graph"');
  const names = { network, conv, batchNorm, slot, lif, add, globalPool, flatten, dense };
  const build = new Function(...Object.keys(names), `${block}\nreturn residual;`);
  const residual = build(...Object.values(names)) as ReturnType<typeof network>;
  assert.deepEqual(parseNetwork(networkToJson(residual)), residual);
  const shapes = new Map(inferShapes(residual).map(({ layer, output }) => [layer, output.join(' x ')]));
  const claimed = [...block.matchAll(/'([\w]+)'.*\/\/ ([\d x]+)$/gm)];
  assert.ok(claimed.length >= 4);
  for (const [, layer, shape] of claimed) assert.equal(shapes.get(layer!), shape);
  for (const { key } of listParameters(residual).slice(0, 5)) assert.ok(document.includes(key), key);
});

test('every layer and every key of it is on the page', () => {
  for (const { shape } of networkSchema.shape.layers.element.options) {
    assert.ok(document.includes(`| \`${shape.kind.value}\` |`), shape.kind.value);
    for (const key of Object.keys(shape)) assert.match(document, new RegExp(`[\`"]${key}[\`"]`), key);
  }
});

test('the table of presets is that of the code', () => {
  assert.equal(document, withPresets(document), 'out of date; run: node --conditions=source scripts/preset-table.ts');
  for (const name of PRESETS) assert.ok(presetTable().includes(`\n| \`${name}\` |`), name);
  assert.throws(() => withPresets('# Model'), /docs\/model.md: no "<!-- table: presets -->" .* put the markers back/);
});
