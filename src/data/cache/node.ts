// `#cache` in Node. An unfinished download is named after the process that writes it, `NAME.HOST.PID.part`, or `NAME.part` when it
// was let go of. Taking one over is a rename, which succeeds for one process only.

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { makeDirectory } from '#platform';
import { DataError } from '../../core/index.ts';
import type { PartFile } from './types.ts';

export function cacheFolder(): string {
  const xdg = process.env.XDG_CACHE_HOME;
  if (xdg?.startsWith('/')) return join(xdg, 'spikewatt');
  if (process.platform === 'win32')
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'spikewatt');
  return process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches', 'spikewatt')
    : join(homedir(), '.cache', 'spikewatt');
}

const hostMark = (): string => hostname().replaceAll(/[^\w-]/g, '_');

let opened = 0;

/** May be taken over: let go of, or written by a process of this machine that is no more. */
function isAbandoned(name: string, stem: string): boolean {
  if (name === `${stem}.part`) return true;
  const owner = name.startsWith(`${stem}.${hostMark()}.`) ? /\.(\d+)\.\d+\.part$/.exec(name) : null;
  if (owner === null) return false;
  try {
    process.kill(Number(owner[1]), 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Renames the largest part left behind to `own`, if there is one and no one else was faster. */
async function takeOver(folder: string, stem: string, own: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => isAbandoned(name, stem));
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (found) => found.size,
        () => -1,
      ),
    ),
  );
  const order = names.map((name, i) => ({ name, size: sizes[i]! })).sort((a, b) => b.size - a.size);
  let taken = false;
  for (const { name } of order) {
    if (taken) await rm(join(folder, name), { force: true });
    else
      taken = await rename(join(folder, name), own).then(
        () => true,
        () => false,
      );
  }
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

const attempt = async <T>(path: string, what: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new DataError(path, `cannot ${what}: ${code}; choose another cache folder or free some space`, { cause });
  }
};

function partFile(handle: FileHandle, own: string, free: string, started: number): PartFile {
  let size = started;
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await handle.close();
  };
  return {
    path: own,
    get size() {
      return size;
    },
    append: (chunk) =>
      attempt(own, 'write', async () => {
        await handle.writeFile(chunk);
        size += chunk.length;
      }),
    reset: () =>
      attempt(own, 'empty', async () => {
        await handle.truncate(0);
        size = 0;
      }),
    md5: () => attempt(own, 'read', () => md5Of(own)),
    publish: (path) =>
      attempt(own, `move to ${path}`, async () => {
        await handle.sync();
        await close();
        await rename(own, path);
      }),
    release: async (discard) => {
      await close();
      await (discard ? rm(own, { force: true }) : rename(own, free)).catch(() => undefined);
    },
  };
}

export async function openPart(path: string): Promise<PartFile> {
  const [folder, stem] = [dirname(path), basename(path)];
  await makeDirectory(folder);
  const own = join(folder, `${stem}.${hostMark()}.${process.pid}.${opened++}.part`);
  return attempt(own, 'open', async () => {
    await takeOver(folder, stem, own);
    const handle = await open(own, 'a');
    return partFile(handle, own, join(folder, `${stem}.part`), (await handle.stat()).size);
  });
}

async function unpackInto(archive: string, folder: string, files: readonly string[], onFile?: (done: number) => void) {
  const { extract } = await import('tar');
  const found = new Set<string>();
  try {
    await extract({
      file: archive,
      cwd: folder,
      strict: true,
      preserveOwner: false,
      noMtime: true,
      // Only plain files whose names we know, and all of them right into the folder: nothing in an archive chooses a path.
      filter: (path, entry) => 'type' in entry && entry.type === 'File' && files.includes(basename(path)),
      onReadEntry: (entry) => {
        entry.path = basename(entry.path);
        found.add(entry.path);
        onFile?.(found.size);
      },
    });
  } catch (cause) {
    throw new DataError(
      archive,
      `damaged archive: ${(cause as Error).message}; remove the file and download it again`,
      { cause },
    );
  }
  const missing = files.filter((file) => !found.has(file));
  if (missing.length > 0)
    throw new DataError(
      archive,
      `the archive holds no file ${missing.join(', ')}; remove the file and download it again`,
    );
}

export async function unpack(
  archive: string,
  folder: string,
  files: readonly string[],
  onFile?: (done: number) => void,
): Promise<void> {
  const temporary = `${folder}.${randomBytes(6).toString('hex')}.tmp`;
  await attempt(temporary, 'make this folder', () => mkdir(temporary, { recursive: true }));
  try {
    await unpackInto(archive, temporary, files, onFile);
    // A folder that is there and not empty refuses the rename: another process was first, and has the same files.
    await rename(temporary, folder).catch(async (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOTEMPTY' && cause.code !== 'EEXIST' && cause.code !== 'EPERM') throw cause;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
