// Where checkpoints are kept. In a folder there are two: `checkpoint.bin` and, should that be damaged, the one before it.
// Each is written whole beside its place and renamed into it, so that a kill at any moment leaves at least one good.

import {
  joinPath,
  listDirectory,
  makeDirectory,
  moveFile,
  pathKind,
  readFile,
  removeFile,
  writeFileAtomic,
} from '#platform';
import { DataError } from '../core/index.ts';
import { type Checkpoint, decodeCheckpoint } from './checkpoint.ts';

/** A checkpoint as it was stored. */
export interface StoredCheckpoint {
  /** Its name in messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface CheckpointStore {
  /** Named in messages. */
  readonly where: string;
  /** Replaces the newest; the one before it is kept. */
  save(bytes: Uint8Array): Promise<void>;
  /** Newest first; empty if there are none. */
  load(): Promise<readonly StoredCheckpoint[]>;
}

const CURRENT = 'checkpoint.bin';
const PREVIOUS = 'checkpoint.previous.bin';

/** Checkpoints in a folder, which is made if it is missing. Its functions throw DataError. */
export function folderCheckpoints(folder: string): CheckpointStore {
  const [current, previous] = [joinPath(folder, CURRENT), joinPath(folder, PREVIOUS)];
  return {
    where: folder,
    async save(bytes) {
      if ((await pathKind(current)) === 'file') await moveFile(current, previous);
      await writeFileAtomic(current, bytes);
    },
    async load() {
      await makeDirectory(folder);
      await removeLeftovers(folder);
      const found: StoredCheckpoint[] = [];
      for (const path of [current, previous]) {
        if ((await pathKind(path)) === 'file') found.push({ path, bytes: await readFile(path) });
      }
      return found;
    },
  };
}

/** A kill during a write leaves its temporary file. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await listDirectory(folder)) {
    if (name.startsWith('.checkpoint.') && name.endsWith('.tmp')) await removeFile(joinPath(folder, name));
  }
}

/** Checkpoints in memory, for a browser and for tests. */
export function memoryCheckpoints(where = 'memory'): CheckpointStore {
  let kept: readonly StoredCheckpoint[] = [];
  return {
    where,
    async save(bytes) {
      const path = `${where}/${CURRENT}`;
      const before = kept.slice(0, 1).map((stored) => ({ ...stored, path: `${where}/${PREVIOUS}` }));
      kept = [{ path, bytes: bytes.slice() }, ...before];
    },
    async load() {
      return kept;
    },
  };
}

/** The newest checkpoint that is whole. */
export interface LoadedCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** What is wrong with a newer one that was passed over. */
  readonly damage: string | undefined;
}

/** undefined if there is none at all; throws the newest one's DataError if all are damaged. */
export async function newestCheckpoint(store: CheckpointStore): Promise<LoadedCheckpoint | undefined> {
  let damage: DataError | undefined;
  for (const { path, bytes } of await store.load()) {
    try {
      return { path, checkpoint: decodeCheckpoint(bytes, path), damage: damage?.message };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      damage ??= error;
    }
  }
  if (damage !== undefined) throw damage;
  return undefined;
}
