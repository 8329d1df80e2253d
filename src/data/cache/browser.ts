// `#cache` in a browser, which has none of it.

import { UnsupportedError } from '../../core/index.ts';
import type { PartFile } from './types.ts';

const refuse = (what: string): never => {
  throw new UnsupportedError(`${what}: a browser has no file system; fetch the files and hand them to their readers`);
};

export function cacheFolder(): string {
  return refuse('the cache folder');
}

export async function openPart(path: string): Promise<PartFile> {
  return refuse(`downloading "${path}"`);
}

export async function unpack(archive: string, _folder: string, _files: readonly string[]): Promise<void> {
  return refuse(`unpacking "${archive}"`);
}
