// Run folders on disk: `<runs>/<id>/record.json`, beside whatever else a run leaves there.

import { joinPath, listDirectory, pathKind, readFile, writeFileAtomic } from '#platform';
import { DataError } from '../core/index.ts';
import { parseRecord, serialiseRecord } from './parse-record.ts';
import type { NetworkRecord, RunRecord } from './record.ts';

const RECORD_FILE = 'record.json';

/** A run in a list: what it is, or what is wrong with its record. `path` is the record file. */
export type RunSummary = SoundRun | DamagedRun;

export interface SoundRun {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly createdAt: string;
  readonly data: string;
  readonly wallSeconds: number;
  readonly networks: readonly {
    readonly name: string;
    readonly kind: NetworkRecord['kind'];
    readonly accuracy: number;
  }[];
}

export interface DamagedRun {
  readonly id: string;
  readonly path: string;
  readonly fault: string;
}

/**
 * Writes a record into its run folder, whole or not at all, and gives the file's path.
 * @throws DataError if the record is not valid or the folder cannot be written.
 */
export async function writeRecord(folder: string, record: RunRecord): Promise<string> {
  const path = joinPath(folder, RECORD_FILE);
  await writeFileAtomic(path, serialiseRecord(record, path));
  return path;
}

/**
 * The record of a run folder, or of a record file.
 * @throws DataError naming the file and what is wrong with it.
 */
export async function readRecord(path: string): Promise<RunRecord> {
  const file = (await pathKind(path)) === 'directory' ? joinPath(path, RECORD_FILE) : path;
  if ((await pathKind(file)) !== 'file') {
    const expected = `expected a run folder or its ${RECORD_FILE}`;
    throw new DataError(file, `there is no such file; ${expected}; see the runs there are with "spikewatt runs list"`);
  }
  return parseRecord(await readFile(file), file);
}

/** The runs in a folder, oldest first; one whose record cannot be read is listed with its fault. None if there is no folder. */
export async function listRuns(folder: string): Promise<readonly RunSummary[]> {
  if ((await pathKind(folder)) !== 'directory') return [];
  const runs: RunSummary[] = [];
  for (const id of await listDirectory(folder)) {
    const path = joinPath(folder, id, RECORD_FILE);
    if ((await pathKind(path)) === 'file') runs.push(await summarise(id, path));
  }
  return runs;
}

async function summarise(id: string, path: string): Promise<RunSummary> {
  try {
    const { name, createdAt, data, wallSeconds, networks } = await readRecord(path);
    const brief = networks.map((network) => ({
      name: network.name,
      kind: network.kind,
      accuracy: network.accuracy.value,
    }));
    return { id, path, name, createdAt, data: data.name, wallSeconds, networks: brief };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { id, path, fault: error.message.slice(path.length).replace(/^[: ]+/, '') };
  }
}
