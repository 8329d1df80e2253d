// `#platform` in Node.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile as readWhole, rename, rm, rmdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform as systemName, totalmem } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { DataError } from '../errors.ts';
import { type Bytes, bytes, count, type Seconds, seconds } from '../units.ts';
import type { CommandResult, HostInfo, ProcessUsage, TextFile } from './types.ts';

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

/** ENOTDIR: a part of the path is a file, so nothing of this name is there. ESRCH, ENXIO, ENODEV: the thing behind it is gone. */
const MISSING: readonly string[] = ['ENOENT', 'ENOTDIR', 'ESRCH', 'ENXIO', 'ENODEV'];
const DENIED: readonly string[] = ['EACCES', 'EPERM'];

function problemOf(code: string): 'missing' | 'denied' | 'failed' {
  if (MISSING.includes(code)) return 'missing';
  return DENIED.includes(code) ? 'denied' : 'failed';
}

export async function readText(path: string): Promise<TextFile> {
  try {
    return { text: await readWhole(path, 'utf8') };
  } catch (cause) {
    const why = codeOf(cause);
    return { problem: problemOf(why), why };
  }
}

/** 4 MiB of output; a listing of meters takes a few KiB. */
const MOST_OUTPUT = 2 ** 22;

export function runCommand(program: string, args: readonly string[], timeout: Seconds): Promise<CommandResult> {
  const options = {
    timeout: Math.max(1, Math.round(timeout * 1000)),
    killSignal: 'SIGKILL',
    maxBuffer: MOST_OUTPUT,
    windowsHide: true,
    env: { ...process.env, LC_ALL: 'C' },
  } as const;
  return new Promise((done) => {
    try {
      const child = execFile(program, args, options, (error, out, err) =>
        done(commandResult(error, out, err, timeout)),
      );
      child.stdin?.end();
    } catch (cause) {
      const why = codeOf(cause);
      done({ problem: problemOf(why), why });
    }
  });
}

function commandResult(error: unknown, out: string, err: string, timeout: Seconds): CommandResult {
  if (error === null) return { code: 0, out, err };
  const { code, killed, signal } = error as { code?: number | string; killed?: boolean; signal?: string };
  if (typeof code === 'number') return { code, out, err };
  if (typeof code === 'string') return { problem: problemOf(code), why: code };
  if (killed) return { problem: 'timeout', why: `no end within ${timeout} s` };
  return { problem: 'failed', why: signal ?? String(error) };
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

export function processUsage(): ProcessUsage {
  const usage = process.resourceUsage();
  const memory = process.memoryUsage();
  return {
    userTime: seconds(usage.userCPUTime * 1e-6),
    systemTime: seconds(usage.systemCPUTime * 1e-6),
    resident: bytes(memory.rss),
    peakResident: bytes(usage.maxRSS * 1024),
    heapUsed: bytes(memory.heapUsed),
    heapTotal: bytes(memory.heapTotal),
    external: bytes(memory.external),
    minorFaults: count(usage.minorPageFault),
    majorFaults: count(usage.majorPageFault),
    voluntarySwitches: count(usage.voluntaryContextSwitches),
    involuntarySwitches: count(usage.involuntaryContextSwitches),
  };
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
