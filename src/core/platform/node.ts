// `#platform` in Node.

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile as readWhole, rename, rm, rmdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform as systemName, totalmem } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { DataError } from '../errors.ts';
import { type Bytes, bytes, type Seconds, seconds } from '../units.ts';
import type { HostInfo } from './types.ts';

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder; check the path',
  EISDIR: 'is a folder, expected a file',
  ENOTEMPTY: 'the folder is not empty; remove what is in it first',
  ENOTDIR: 'a part of the path is a file, expected a folder',
  EEXIST: 'exists and is not a folder; choose another path',
  EACCES: 'permission denied; choose a path you may use',
  EPERM: 'not permitted; choose a path you may use',
  EROFS: 'the file system is read-only; choose another folder',
  ENOSPC: 'no space left on the device; free some or choose another folder',
};

function dataError(path: string, action: string, cause: unknown): DataError {
  const code = codeOf(cause);
  return new DataError(path, `cannot ${action}: ${REASONS[code] ?? code}`, { cause });
}

export async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readWhole(path);
  } catch (cause) {
    throw dataError(path, 'read', cause);
  }
}

async function writeFlushed(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk only once its folder is; some systems cannot open a folder for that, and lose nothing but this. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  await makeDirectory(folder);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFlushed(temporary, content);
    await rename(temporary, path);
    await flushFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw dataError(path, 'write', cause);
  }
}

export async function listDirectory(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (cause) {
    throw dataError(path, 'list', cause);
  }
}

export async function makeDirectory(path: string): Promise<void> {
  try {
    await makeWithParents(resolve(path));
  } catch (cause) {
    throw dataError(path, 'make this folder', cause);
  }
}

/** Node's own recursive mkdir never returns where a folder refuses new ones with ENOENT, as /proc does (seen in Node 24.21). */
async function makeWithParents(path: string): Promise<void> {
  const parent = dirname(path);
  if (parent !== path && (await pathKind(parent)) === 'missing') await makeWithParents(parent);
  try {
    await mkdir(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST' || (await pathKind(path)) !== 'directory') throw cause;
  }
}

export async function pathKind(path: string): Promise<'file' | 'directory' | 'missing'> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'missing';
  return found.isDirectory() ? 'directory' : 'file';
}

export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw dataError(path, 'remove', cause);
  }
}

export async function removeDirectory(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw dataError(path, 'remove', cause);
  }
}

export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    throw dataError(from, `move to ${to}`, cause);
  }
}

export function joinPath(...parts: readonly string[]): string {
  return join(...parts);
}

export function resolvePackageFile(packageName: string, file: string): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), file);
  } catch (cause) {
    throw new DataError(packageName, `the npm package "${packageName}" is not installed; run npm install`, { cause });
  }
}

export function cpuCount(): number {
  return availableParallelism();
}

export function memoryBytes(): Bytes {
  return bytes(totalmem());
}

export function peakMemoryBytes(): Bytes {
  return bytes(process.resourceUsage().maxRSS * 1024);
}

export function hostInfo(): HostInfo {
  return {
    runtime: 'node',
    runtimeVersion: process.versions.node,
    v8: process.versions.v8,
    system: `${systemName()} ${arch()}`,
    cpuModel: cpus()[0]?.model.trim() || 'unknown',
    cores: cpuCount(),
    memoryBytes: memoryBytes(),
  };
}

export function now(): Seconds {
  return seconds(performance.now() / 1000);
}

export async function yieldToEventLoop(): Promise<void> {
  await immediate();
}
