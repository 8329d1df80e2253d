import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rng } from '../core/index.ts';
import { makeRunId } from './run-id.ts';

const now = new Date('2026-11-21T03:15:00.123Z');

test('an id has the UTC time, the name and a random suffix', () => {
  assert.match(makeRunId(now, 'mnist-default', rng(1, 6)), /^20261121-031500-mnist-default-[0-9a-f]{4}$/);
  assert.equal(makeRunId(now, 'a', rng(1, 6)), makeRunId(now, 'a', rng(1, 6)));
});

test('a name becomes a safe folder name', () => {
  const nameOf = (name: string) => makeRunId(now, name, rng(1, 6)).slice(16, -5);
  assert.equal(nameOf('../Étude n° 3/x'), 'etude-n-3-x');
  assert.equal(nameOf('脈衝'), 'run');
  assert.equal(nameOf('x'.repeat(99)).length, 40);
});
