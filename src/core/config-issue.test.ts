import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { configIssue, keyPath, type SchemaIssue, showValue, valueAt } from './config-issue.ts';

const schema = z.strictObject({
  size: z.int().min(1).max(9),
  mode: z.enum(['fast', 'slow']),
  parts: z.array(z.union([z.strictObject({ deep: z.strictObject({ on: z.boolean() }) }), z.string()])),
});

const said = (data: unknown): string => {
  const issues = schema.safeParse(data).error!.issues as unknown as SchemaIssue[];
  return configIssue(issues, data, 'study.yaml', (path) => (path.length === 0 ? ['size', 'mode', 'parts'] : undefined))
    .message;
};

const good = { size: 3, mode: 'fast', parts: [] };

test('an error names the key, the value and what is allowed', () => {
  assert.equal(said({ ...good, size: 0 }), 'study.yaml: size: got 0, expected at least 1');
  assert.equal(said({ ...good, size: 10 }), 'study.yaml: size: got 10, expected at most 9');
  assert.equal(said({ ...good, size: 1.5 }), 'study.yaml: size: got 1.5, expected an integer');
  assert.equal(said({ ...good, mode: 'quick' }), 'study.yaml: mode: got "quick", expected one of "fast", "slow"');
  assert.equal(said({ size: 3, mode: 'fast' }), 'study.yaml: parts: got nothing, expected a value of type array');
  assert.equal(said(7), 'study.yaml: got 7, expected a value of type object');
});

test('an unknown key is shown with the keys that are allowed there', () => {
  assert.equal(said({ ...good, sise: 3 }), 'study.yaml: sise: unknown key (value 3); allowed here: size, mode, parts');
});

test('inside a union the deepest finding is told', () => {
  assert.equal(
    said({ ...good, parts: ['a', { deep: { on: 'yes' } }] }),
    'study.yaml: parts[1].deep.on: got "yes", expected a value of type boolean',
  );
  assert.equal(
    said({ ...good, parts: [{ deep: { on: true, off: 1 } }] }),
    'study.yaml: parts[0].deep.off: unknown key (value 1); remove it or correct its spelling',
  );
});

test('paths and values are shown briefly', () => {
  assert.equal(keyPath(['a', 0, 'b', 2]), 'a[0].b[2]');
  assert.equal(valueAt({ a: [{ b: 5 }] }, ['a', 0, 'b']), 5);
  assert.equal(valueAt({ a: null }, ['a', 'b']), undefined);
  assert.equal(showValue('x'.repeat(100)).length, 60);
  assert.equal(showValue(Number.NaN), 'NaN');
});
