import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withTables } from '../scripts/energy-tables.ts';

const document = readFileSync(fileURLToPath(new URL('../docs/energy.md', import.meta.url)), 'utf8');

test('the tables of docs/energy.md are those of the data', () => {
  assert.equal(document, withTables(document), 'out of date: run `node scripts/energy-tables.ts`');
});

test('a document without its markers is refused', () => {
  assert.throws(
    () => withTables('# Energy'),
    /docs\/energy.md: no "<!-- table: constants -->" .* put the markers back/,
  );
});
