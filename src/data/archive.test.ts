import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { create } from 'tar';
import { cacheFolder, unpack } from '#cache';
import { DataError } from '../core/index.ts';
import { ARCHIVES, type Archive, fetchArchive } from './archive.ts';
import * as browser from './cache/browser.ts';
import * as node from './cache/node.ts';
import type { CachePlatform } from './cache/types.ts';
import { loadDataset } from './load.ts';
import type { LoadProgress } from './source.ts';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-archive-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A .tar.gz of these files under `top/`. */
async function pack(folder: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const root = join(folder, 'packing');
  await mkdir(join(root, 'top'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, 'top', name), content);
  await create({ gzip: true, cwd: root, file: join(folder, 'made.tar.gz') }, ['top']);
  await rm(root, { recursive: true });
  return readFile(join(folder, 'made.tar.gz'));
}

const FILES = { 'a.bin': 'the first', 'b.bin': 'x'.repeat(5000) };

async function withArchive(
  bytes: Uint8Array,
  work: (archive: Archive, requests: () => number) => Promise<void>,
): Promise<void> {
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some.tar.gz`;
  const md5 = createHash('md5').update(bytes).digest('hex');
  try {
    await work({ name: 'some', url, md5, size: 1, folder: 'some-files', files: Object.keys(FILES) }, () => requests);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('an archive is fetched only when asked, unpacked whole, and then taken from the cache', async () => {
  await inFolder(async (folder) => {
    await withArchive(await pack(folder, { ...FILES, 'readme.html': 'not asked for' }), async (archive, requests) => {
      const cache = join(folder, 'cache');
      await assert.rejects(fetchArchive(archive, { cache }), {
        name: 'ConfigError',
        message: `data: "some" is not in the cache ${cache}; set download: true (--download) to fetch 1 MB from ${archive.url}, or give the folder that holds a.bin`,
      });
      assert.equal(requests(), 0);
      const seen: LoadProgress[] = [];
      const where = await fetchArchive(archive, { cache, download: true, onProgress: (step) => seen.push(step) });
      assert.deepEqual([await readdir(cache), await readdir(where)], [['some-files'], ['a.bin', 'b.bin']]);
      assert.equal(await readFile(join(where, 'b.bin'), 'utf8'), FILES['b.bin']);
      assert.deepEqual([seen[0]!.stage, seen.at(-1)!.stage, seen.at(-1)!.done], ['download', 'unpack', 2]);
      assert.equal(await fetchArchive(archive, { cache }), where);
      assert.equal(requests(), 1);
    });
  });
});

test('several at once end with the same folder', async () => {
  await inFolder(async (folder) => {
    await withArchive(await pack(folder, FILES), async (archive) => {
      const cache = join(folder, 'cache');
      const found = await Promise.all([1, 2, 3].map(() => fetchArchive(archive, { cache, download: true })));
      assert.deepEqual(await readdir(cache), ['some-files']);
      assert.deepEqual(await readdir(found[0]!), ['a.bin', 'b.bin']);
    });
  });
});

test('an archive that is cut off, or lacks a file, leaves no folder', async () => {
  await inFolder(async (folder) => {
    const bytes = await pack(folder, FILES);
    const cache = join(folder, 'cache');
    await withArchive(bytes.subarray(0, bytes.length - 30), async (archive) => {
      await assert.rejects(fetchArchive(archive, { cache, download: true }), {
        name: 'DataError',
        message: /some\.tar\.gz: damaged archive: .*; remove the file and download it again/,
      });
    });
    await rm(join(cache, 'some.tar.gz'));
    await withArchive(await pack(folder, { 'a.bin': 'x' }), async (archive) => {
      await assert.rejects(fetchArchive(archive, { cache, download: true }), {
        name: 'DataError',
        message: /some\.tar\.gz: the archive holds no file b\.bin; remove the file and download it again/,
      });
    });
    assert.deepEqual(await readdir(cache), ['some.tar.gz']);
  });
});

test('whatever an archive holds, unpacking gives the files or a DataError, and writes nowhere else', async () => {
  await inFolder(async (folder) => {
    const whole = await pack(folder, FILES);
    await rm(join(folder, 'made.tar.gz'));
    const path = join(folder, 'x.tar.gz');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 3 }),
        async (length, flips) => {
          const bytes = Uint8Array.from(whole);
          for (const [at, value] of flips) bytes[at]! ^= value;
          await writeFile(path, flips.length > 0 ? bytes : bytes.subarray(0, length));
          const target = join(folder, 'out');
          try {
            await unpack(path, target, Object.keys(FILES));
            assert.deepEqual(await readdir(target), Object.keys(FILES));
            await rm(target, { recursive: true });
          } catch (error) {
            assert.ok(error instanceof DataError, String((error as Error).stack));
          }
          assert.deepEqual(await readdir(folder), ['x.tar.gz']);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('the official sets are looked for in the cache, which follows XDG_CACHE_HOME', async () => {
  assert.deepEqual(Object.keys(ARCHIVES), ['cifar10', 'cifar100']);
  await inFolder(async (folder) => {
    for (const [name, { url, files }] of Object.entries(ARCHIVES)) {
      await assert.rejects(loadDataset(name, { cache: folder }), (error: Error) => {
        assert.ok(error.message.includes(url) && error.message.includes(files[0]!), error.message);
        return error.name === 'ConfigError';
      });
    }
    const before = process.env.XDG_CACHE_HOME;
    try {
      process.env.XDG_CACHE_HOME = folder;
      assert.equal(cacheFolder(), join(folder, 'spikewatt'));
      process.env.XDG_CACHE_HOME = 'relative, which the standard says to ignore';
      assert.match(cacheFolder(), /^\/.*spikewatt$/);
    } finally {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
    }
  });
});

test('a browser has no cache and says what to do instead', async () => {
  const both: readonly CachePlatform[] = [node, browser];
  assert.deepEqual(Object.keys(browser).sort(), Object.keys(node).sort());
  assert.throws(() => both[1]!.cacheFolder(), {
    name: 'UnsupportedError',
    message: /the cache folder: a browser has no/,
  });
  await assert.rejects(browser.openPart('x'), { message: /downloading "x": .*fetch the files/ });
  await assert.rejects(browser.unpack('x', 'y', []), { message: /unpacking "x"/ });
});
