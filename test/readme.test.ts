import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readmeResults, withResults } from '../scripts/readme-table.ts';
import { renewedDocument } from '../scripts/study-reference.ts';
import { recordFixture } from './fixtures/record.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the example of the README is the tested file, 15 lines or fewer', () => {
  const example = read('examples/first-comparison.ts');
  const block = /<!-- examples\/first-comparison\.ts -->\n```ts\n(.*?)```/s.exec(read('README.md'));
  assert.equal(block?.[1], example);
  assert.ok(example.trimEnd().split('\n').length <= 15);
});

test('links of README and documents lead to files that exist', () => {
  const documents = readdirSync(new URL('../docs', import.meta.url)).filter((name) => name.endsWith('.md'));
  assert.ok(documents.length > 10);
  for (const [page, folder] of [['README.md', ''], ...documents.map((name) => [`docs/${name}`, 'docs/'])]) {
    for (const [, target] of read(page).matchAll(/\]\(([^)#:]+)\)/g)) {
      assert.ok(existsSync(new URL(`../${folder}${target}`, import.meta.url)), `${page}: ${target}`);
    }
  }
});

test('the reference in docs/study.md is that of the schema', () => {
  const hint = 'out of date; run: node --conditions=source scripts/study-reference.ts';
  assert.equal(read('docs/study.md'), renewedDocument(), hint);
});

test('results of a run take their place in the README, once or again', () => {
  const record = recordFixture();
  const once = withResults(read('README.md'), record);
  assert.ok(once.includes(readmeResults(record)));
  assert.equal(withResults(once, record), once);
  for (const { name } of record.networks) assert.match(once, new RegExp(`^\\| ${name} \\| \\d`, 'm'));
  assert.throws(() => withResults('no markers', record), /README\.md lacks the markers/);
});
