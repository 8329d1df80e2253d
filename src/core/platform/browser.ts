// `#platform` in a browser. What a page has no access to is refused by name, with what to use instead.

import { UnsupportedError } from '../errors.ts';
import { type Bytes, type Seconds, seconds } from '../units.ts';
import type { CommandResult, HostInfo, ProcessUsage, TextFile } from './types.ts';

function noFiles(what: string, instead: string): never {
  throw new UnsupportedError(`${what}: a browser has no file system; ${instead}`);
}

export async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return noFiles(`reading "${path}"`, 'fetch the bytes and hand them to the reader of their format');
}

export async function readText(_path: string): Promise<TextFile> {
  return { problem: 'missing', why: 'a browser has no file system' };
}

export async function runCommand(): Promise<CommandResult> {
  return { problem: 'missing', why: 'a browser runs no programs' };
}

export async function writeFileAtomic(path: string, _content: string | Uint8Array): Promise<void> {
  return noFiles(`writing "${path}"`, 'offer the content as a download');
}

export async function listDirectory(path: string): Promise<readonly string[]> {
  return noFiles(`listing "${path}"`, 'let the user pick the files');
}

export async function makeDirectory(path: string): Promise<void> {
  return noFiles(`making the folder "${path}"`, 'offer the content as a download');
}

export async function pathKind(_path: string): Promise<'file' | 'directory' | 'missing'> {
  return 'missing';
}

export async function removeFile(path: string): Promise<void> {
  return noFiles(`removing "${path}"`, 'there is nothing to remove');
}

export async function removeDirectory(path: string): Promise<void> {
  return noFiles(`removing the folder "${path}"`, 'there is nothing to remove');
}

export async function moveFile(from: string, to: string): Promise<void> {
  return noFiles(`moving "${from}" to "${to}"`, 'there is nothing to move');
}

export function joinPath(...parts: readonly string[]): string {
  return parts.join('/').replaceAll(/\/{2,}/g, '/');
}

export function resolvePackageFile(packageName: string, file: string): string {
  return noFiles(`finding ${file} of package "${packageName}"`, 'fetch the file from where the page is served');
}

export function cpuCount(): number {
  return globalThis.navigator?.hardwareConcurrency ?? 1;
}

export function memoryBytes(): Bytes | undefined {
  return undefined;
}

export function peakMemoryBytes(): Bytes | undefined {
  return undefined;
}

export function processUsage(): ProcessUsage | undefined {
  return undefined;
}

export function hostInfo(): HostInfo {
  return {
    runtime: 'browser',
    runtimeVersion: globalThis.navigator?.userAgent ?? 'unknown',
    v8: '',
    system: 'browser',
    cpuModel: 'unknown',
    cores: cpuCount(),
    memoryBytes: undefined,
  };
}

export function now(): Seconds {
  return seconds(performance.now() / 1000);
}

export async function yieldToEventLoop(): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
}
