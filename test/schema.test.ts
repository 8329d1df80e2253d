import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { jsonSchemas } from '../scripts/json-schemas.ts';
import { summariseRecord, summarySchema } from '../src/experiment/index.ts';
import { recordFixture } from './fixtures/record.ts';

const folder = new URL('../docs/schema/', import.meta.url);

test('the published JSON schemas are those of the code', () => {
  for (const [file, text] of Object.entries(jsonSchemas())) {
    assert.equal(
      readFileSync(new URL(file, folder), 'utf8'),
      text,
      `${file} is out of date; run: node --conditions=source scripts/write-schemas.ts`,
    );
  }
});

test('the comparison document of a record obeys its schema', () => {
  const record = recordFixture();
  const document = summarySchema.parse(JSON.parse(JSON.stringify(summariseRecord(record))));
  assert.deepEqual(
    document.networks.map(({ name }) => name),
    record.networks.map(({ name }) => name),
  );
  assert.equal(document.networks[1]!.counts.acs, record.networks[1]!.ledger.total.acs);
  assert.equal(document.networks[0]!.energy.find(({ profile }) => profile === 'loihi-1-minimum')!.joules, null);
});
