import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { recordFixture } from '../../test/fixtures/record.ts';
import { listRuns, readRecord, writeRecord } from './record-files.ts';

const record = recordFixture({ converted: [5], snnTimesteps: 7 });
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spikewatt-store-'));
});
after(() => rm(folder, { recursive: true }));

test('a record is written into its folder and read from the folder or the file', async () => {
  const run = join(folder, 'write', record.id);
  const path = await writeRecord(run, record);
  assert.equal(path, join(run, 'record.json'));
  assert.deepEqual(await readdir(run), ['record.json']);
  assert.deepEqual(await readRecord(run), record);
  assert.deepEqual(await readRecord(path), record);
});

test('an invalid record leaves nothing behind', async () => {
  const run = join(folder, 'invalid');
  await assert.rejects(
    writeRecord(run, { ...record, wallSeconds: -1 }),
    /the record was not written: wallSeconds: got -1/,
  );
  await assert.rejects(readdir(run), { code: 'ENOENT' });
});

test('a record that is not there is named, with what to do', async () => {
  const path = join(folder, 'absent');
  await assert.rejects(readRecord(path), {
    name: 'DataError',
    message: `${path}: there is no such file; expected a run folder or its record.json; see the runs there are with "spikewatt runs list"`,
  });
});

test('runs are listed oldest first, damaged ones with their fault, other folders not at all', async () => {
  const runs = join(folder, 'runs');
  await writeRecord(join(runs, '20261122-000000-b-0002'), record);
  await writeRecord(join(runs, '20261121-000000-a-0001'), record);
  await mkdir(join(runs, 'checkpoints'));
  await mkdir(join(runs, '20261123-000000-c-0003'));
  await writeFile(join(runs, '20261123-000000-c-0003', 'record.json'), '{"format": "spi');
  const list = await listRuns(runs);
  assert.deepEqual(
    list.map(({ id }) => id),
    ['20261121-000000-a-0001', '20261122-000000-b-0002', '20261123-000000-c-0003'],
  );
  const [sound, , damaged] = list;
  assert.ok(sound !== undefined && 'networks' in sound && damaged !== undefined && 'fault' in damaged);
  assert.deepEqual(sound.networks[0], { name: 'ANN', kind: 'ann', accuracy: 0.9812 });
  assert.equal(sound.createdAt, record.createdAt);
  assert.match(damaged.fault, /^at byte 15: got broken JSON \(the file ends there, after 15 bytes; it was cut short\)/);
  assert.deepEqual(await listRuns(join(folder, 'nowhere')), []);
});
