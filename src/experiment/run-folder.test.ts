import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadStudy } from './load-study.ts';
import { openRunFolder, unfinishedStudy } from './run-folder.ts';
import type { Study } from './study.ts';
import { differingKeys } from './study-difference.ts';

const root = mkdtempSync(join(tmpdir(), 'run-folder-'));
after(() => rmSync(root, { recursive: true }));

const NOW = new Date('2026-11-21T03:15:00Z');
const study = (out: string, changes: Partial<Study> = {}): Study => ({
  ...loadStudy({}),
  out: join(root, out),
  ...changes,
});

test('an unfinished run is gone on with: same id, same time, same study', async () => {
  const first = await openRunFolder(study('again'), NOW);
  assert.equal(first.resumed, false);
  assert.match(first.id, /^20261121-031500-mnist-default-[0-9a-f]{4}$/);
  const second = await openRunFolder(study('again', { threads: 3 }), new Date('2027-01-01'));
  assert.deepEqual([second.id, second.createdAt, second.resumed], [first.id, '2026-11-21T03:15:00.000Z', true]);
  assert.deepEqual(await unfinishedStudy(join(root, 'again')), study('again'));
});

test('another study is refused, with what differs', async () => {
  await openRunFolder(study('other'), NOW);
  await assert.rejects(openRunFolder(study('other', { timesteps: 5, seed: 9 }), NOW), {
    name: 'ConfigError',
    message:
      /^out: .*other holds an unfinished run of another study \(it differs in timesteps, seed\); go on with that one by --resume/,
  });
});

test('finishing removes state and checkpoints and nothing else', async () => {
  const folder = await openRunFolder(study('done'), NOW);
  await folder.checkpoints('ann').save(new Uint8Array([1]));
  await folder.checkpoints('ann').save(new Uint8Array([2]));
  await folder.write('ann.safetensors', 'weights');
  assert.ok(existsSync(join(root, 'done/checkpoints/ann/checkpoint.bin')));
  await folder.finish();
  assert.deepEqual(readdirSync(join(root, 'done')), ['ann.safetensors']);
  await assert.rejects(unfinishedStudy(join(root, 'done')), {
    message: /done: nothing to resume: there is no unfinished run there$/,
  });
  writeFileSync(join(root, 'done/record.json'), '{}');
  await assert.rejects(unfinishedStudy(join(root, 'done')), {
    message: /done: nothing to resume: the run there is finished$/,
  });
});

test('a run that failed before it came to anything leaves nothing; one with checkpoints stays', async () => {
  const early = await openRunFolder(study('early'), NOW);
  await early.checkpoints('ann').load();
  await early.abandon();
  assert.equal(existsSync(join(root, 'early')), false);
  const late = await openRunFolder(study('late'), NOW);
  await late.checkpoints('ann').save(new Uint8Array([1]));
  await late.abandon();
  assert.deepEqual(readdirSync(join(root, 'late')), ['checkpoints', 'run.json']);
});

test('a damaged state is said, not overwritten', async () => {
  const folder = await openRunFolder(study('damaged'), NOW);
  writeFileSync(join(folder.path, 'run.json'), '{"format": "spikewatt-unfinished-run"');
  await assert.rejects(openRunFolder(study('damaged'), NOW), {
    name: 'DataError',
    message: /run\.json: is damaged, so this run cannot be resumed; delete the folder or choose another --out$/,
  });
});

test('a folder that cannot be written is known at once', async () => {
  writeFileSync(join(root, 'file'), '');
  await assert.rejects(openRunFolder(study('file/run'), NOW), {
    name: 'DataError',
    message: /cannot make this folder/,
  });
});

test('studies differ where values differ, whatever the order of keys', () => {
  assert.deepEqual(differingKeys({ a: { b: 1, c: [1, 2] }, d: 1 }, { d: 1, a: { c: [1, 2], b: 1 } }), []);
  assert.deepEqual(differingKeys({ a: { b: 1, c: [1] }, d: 1 }, { a: { b: 2, c: [1, 2] } }), ['a.b', 'a.c', 'd']);
  assert.deepEqual(differingKeys({ a: 1, b: 2 }, { a: 2, b: 2 }, ['a']), []);
});
