// docs/model.md against the code: its example, its table of dialects, and that it leaves out no value of any choice.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { dialectTable, withDialects } from '../scripts/dialect-table.ts';
import { studySchema } from '../src/experiment/index.ts';
import { lossesFor } from '../src/lower/index.ts';
import {
  dense,
  dialects,
  dropout,
  flatten,
  inferShapes,
  integrator,
  network,
  networkSchema,
  networkToJson,
  parseNetwork,
  slot,
} from '../src/model/index.ts';

const document = readFileSync(new URL('../docs/model.md', import.meta.url), 'utf8');

/** The code block behind `<!-- example: name -->`. */
function exampleOf(name: string): string {
  const block = new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n(.*?)\`\`\``, 's').exec(document);
  assert.ok(block, `docs/model.md has no example "${name}"`);
  return block[1]!;
}

test('the example network is one, there and back, and has the shapes it seems to have', () => {
  const tiny = parseNetwork(exampleOf('network'));
  assert.deepEqual(parseNetwork(networkToJson(tiny)), tiny);
  assert.deepEqual(
    inferShapes(tiny).map(({ output }) => output),
    [[4], [3], [3], [3], [2], [2]],
  );
});

test('the example in code builds the example network', () => {
  const names = { network, flatten, dense, slot, dropout, dialects, integrator };
  const build = new Function(...Object.keys(names), `${exampleOf('builder')}\nreturn tiny;`);
  assert.deepEqual(build(...Object.values(names)), parseNetwork(exampleOf('network')));
});

test('the table of dialects is what the dialects fill in', () => {
  assert.equal(document, withDialects(document), 'out of date; run: node scripts/dialect-table.ts');
  for (const [library, cells] of Object.entries(dialects))
    for (const cell of Object.keys(cells)) assert.ok(dialectTable().includes(`\`${library}.${cell}(`), cell);
  assert.throws(() => withDialects('# Model'), /docs\/model.md: no "<!-- table: dialects -->" .* put the markers back/);
});

/** Every constant and every enumerated string of a schema. */
function choicesOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { const: one, enum: several, ...rest } = schema as { const?: unknown; enum?: unknown[] };
  const own = [one, ...(several ?? [])].filter((value) => typeof value === 'string');
  return [...own, ...Object.values(rest).flatMap(choicesOf)];
}

test('every choice of a network, an encoder, a decoder and a loss is on the page', () => {
  const { encoder, decoder } = studySchema.shape;
  const schemas = [networkSchema, encoder, decoder].map((schema) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  );
  const losses = [...lossesFor('ann', true), ...lossesFor('snn', true)];
  const choices = new Set([...schemas.flatMap(choicesOf), ...losses]);
  assert.deepEqual(
    ['integrator', 'linear', 'both-steps', 'triangular', 'delta', 'first-spike', 'mse-rate', 'xavier-normal'].filter(
      (known) => !choices.has(known),
    ),
    [],
    'the choices were not found in the schemas',
  );
  const kinds = ['`', '"'];
  const missing = [...choices].filter((choice) => !kinds.some((mark) => document.includes(mark + choice + mark)));
  assert.deepEqual(missing, []);
});

test('the files named under "Adding a neuron" exist', () => {
  const section = document.slice(document.indexOf('## Adding a neuron'));
  const paths = [...section.matchAll(/`((?:src|test|kernels|scripts)\/[\w/.-]+)`/g)].map(([, path]) => path!);
  assert.ok(paths.length > 20);
  for (const path of paths) assert.ok(existsSync(new URL(`../${path}`, import.meta.url)), path);
});
