import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/index.ts';
import { type Checkpoint, checkIdentity, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { folderCheckpoints, memoryCheckpoints, newestCheckpoint } from './checkpoint-store.ts';
import { encodeContainer } from './container.ts';
import { freshState } from './state.ts';

const identity = { backend: 'reference', options: { epochs: 3, batchSize: 7 }, network: { layers: [{ name: 'fc1' }] } };

function checkpoint(step: number): Checkpoint {
  return {
    identity,
    state: {
      ...freshState(),
      step,
      lossSum: 0.1 + 0.2,
      best: { epoch: 1, accuracy: 0.75, notes: [{ kind: 'silent-layer', layer: 'lif1', epoch: 1, text: 'silent' }] },
    },
    parameters: new Map([
      ['fc1/weight', Float64Array.of(Math.PI, -0)],
      ['fc1/weight@m', Float64Array.of(1e-300, 2)],
    ]),
    best: new Map([['fc1/weight', Float32Array.of(0.1, 7)]]),
  };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a checkpoint is read back to the bit', () => {
  assert.deepEqual(decodeCheckpoint(encodeCheckpoint(checkpoint(4)), 'x'), checkpoint(4));
});

test('a container that is no checkpoint is refused', () => {
  const make = (header: unknown, name: string): Uint8Array =>
    encodeContainer({ header, arrays: new Map([[name, Float64Array.of(1)]]) });
  const state = freshState();
  const refused = (bytes: Uint8Array, message: RegExp): void =>
    assert.throws(() => decodeCheckpoint(bytes, 'a.bin'), { name: 'DataError', message });
  refused(
    make({ identity, state: { ...state, step: -1 } }, 'now:w'),
    /^a\.bin: its state\.step is wrong \(.*\); delete it/,
  );
  refused(make(7, 'now:w'), /^a\.bin: its header is wrong/);
  refused(make({ identity, state }, 'weights'), /^a\.bin: unknown array "weights"; delete it/);
  refused(make({ identity, state }, 'best:w'), /^a\.bin: unknown array "best:w"/);
});

test('any truncation or flipped byte gives a DataError', () => {
  const whole = encodeCheckpoint(checkpoint(1));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, mask, cut) => {
      const bytes = cut ? whole.slice(0, at) : whole.slice();
      if (!cut) bytes[at]! ^= mask;
      assert.throws(() => decodeCheckpoint(bytes, 'x'), DataError);
    }),
    { numRuns: 400 },
  );
});

test('another run is refused, and the difference is named', () => {
  checkIdentity(identity, structuredClone(identity), 'x');
  assert.throws(
    () => checkIdentity(identity, { ...identity, options: { epochs: 3, batchSize: 8 } }, 'run/checkpoint.bin'),
    {
      name: 'ConfigError',
      message:
        'options.batchSize: 7 in run/checkpoint.bin, but 8 now; resume with the settings it was made with, or train in another folder',
    },
  );
  assert.throws(() => checkIdentity(identity, { ...identity, network: { layers: [] } }, 'x'), {
    message: /^network\.layers\.0: {"name":"fc1"} in x, but nothing now/,
  });
  assert.throws(() => checkIdentity(identity, { ...identity, clip: 1 }, 'x'), {
    message: /^clip: nothing in x, but 1 now/,
  });
});

test('a folder keeps the newest checkpoint and the one before, and cleans up after a kill', async () => {
  await inFolder(async (parent) => {
    const folder = join(parent, 'deep', 'run');
    const store = folderCheckpoints(folder);
    assert.equal(await newestCheckpoint(store), undefined);
    for (const step of [1, 2, 3]) await store.save(encodeCheckpoint(checkpoint(step)));
    await writeFile(join(folder, '.checkpoint.bin.0123.tmp'), 'half');
    assert.deepEqual((await newestCheckpoint(store))?.checkpoint, checkpoint(3));
    assert.deepEqual((await readdir(folder)).sort(), ['checkpoint.bin', 'checkpoint.previous.bin']);
  });
});

test('a damaged checkpoint is passed over for the one before it; two are an error', async () => {
  await inFolder(async (folder) => {
    const store = folderCheckpoints(folder);
    for (const step of [1, 2]) await store.save(encodeCheckpoint(checkpoint(step)));
    await writeFile(join(folder, 'checkpoint.bin'), encodeCheckpoint(checkpoint(2)).subarray(0, 99));
    const found = await newestCheckpoint(store);
    assert.equal(found?.checkpoint.state.step, 1);
    assert.equal(found?.path, join(folder, 'checkpoint.previous.bin'));
    assert.match(found?.damage ?? '', /checkpoint\.bin at byte 99: 99 bytes, expected \d+: it was cut short/);
    await writeFile(join(folder, 'checkpoint.previous.bin'), 'nothing of the kind');
    await assert.rejects(newestCheckpoint(store), { name: 'DataError', message: /checkpoint\.bin at byte 99/ });
  });
});

test('a kill between the two renames leaves the one before', async () => {
  await inFolder(async (folder) => {
    const store = folderCheckpoints(folder);
    for (const step of [1, 2]) await store.save(encodeCheckpoint(checkpoint(step)));
    await rm(join(folder, 'checkpoint.bin'));
    assert.equal((await newestCheckpoint(store))?.checkpoint.state.step, 1);
    await store.save(encodeCheckpoint(checkpoint(3)));
    assert.equal((await newestCheckpoint(store))?.checkpoint.state.step, 3);
  });
});

test('a folder that cannot be made is said', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'taken');
    await writeFile(file, '');
    await chmod(file, 0o600);
    await assert.rejects(folderCheckpoints(join(file, 'run')).load(), {
      name: 'DataError',
      message: /cannot make this folder/,
    });
  });
});

test('memory keeps two as well', async () => {
  const store = memoryCheckpoints();
  for (const step of [1, 2, 3]) await store.save(encodeCheckpoint(checkpoint(step)));
  assert.deepEqual(
    (await store.load()).map(({ path }) => path),
    ['memory/checkpoint.bin', 'memory/checkpoint.previous.bin'],
  );
  assert.equal((await newestCheckpoint(store))?.checkpoint.state.step, 3);
});
