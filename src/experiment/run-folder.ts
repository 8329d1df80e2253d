// The folder of a run. While it is under way: `run.json` (what is being run) and `checkpoints/`. When it is done: the record,
// the networks and the reports, and neither of those two. So whatever holds a `run.json` can be gone on with.

import { z } from 'zod';
import { joinPath, listDirectory, pathKind, readFile, removeDirectory, removeFile, writeFileAtomic } from '#platform';
import { ConfigError, DataError, rng, STREAM } from '../core/index.ts';
import { makeRunId } from '../store/index.ts';
import { type CheckpointStore, folderCheckpoints } from '../train/index.ts';
import { type Study, studySchema } from './study.ts';
import { differingKeys } from './study-difference.ts';

const STATE_FILE = 'run.json';
const CHECKPOINTS = 'checkpoints';
/** Where runs go that name no folder. */
const RUNS = 'runs';

const stateSchema = z.strictObject({
  format: z.literal('spikewatt-unfinished-run'),
  version: z.literal(1),
  id: z.string().min(1),
  createdAt: z.string(),
  study: studySchema,
});

export interface RunFolder {
  readonly path: string;
  readonly id: string;
  readonly createdAt: string;
  /** Did an unfinished run of the same study lie here? */
  readonly resumed: boolean;
  /** Checkpoints of one network's training. */
  checkpoints(network: string): CheckpointStore;
  /** Writes a file of the run, whole or not at all, and gives its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Removes what only an unfinished run needs. */
  finish(): Promise<void>;
  /** After a failure: removes the folder's state, and the folder if it is empty, unless there is work to go on from. */
  abandon(): Promise<void>;
}

/**
 * Opens the folder a study names, or a new one under `runs/`; goes on with the unfinished run there, if it is of this study.
 * It is written to at once, so that a folder that cannot be written is known before anything is trained.
 * @throws DataError if it cannot be written, or its state is damaged; ConfigError if another study's run lies there.
 */
export async function openRunFolder(study: Study, now: Date): Promise<RunFolder> {
  const found = study.out === null ? undefined : await readState(study.out);
  if (found !== undefined) {
    refuseOther(study, found.study);
    return folderOf(study.out!, found.id, found.createdAt, true);
  }
  const id = makeRunId(now, study.name, rng(now.getTime() % 2 ** 32, STREAM.noise));
  const folder = folderOf(study.out ?? joinPath(RUNS, id), id, now.toISOString(), false);
  const state = { format: 'spikewatt-unfinished-run', version: 1, id, createdAt: folder.createdAt, study };
  await folder.write(STATE_FILE, `${JSON.stringify(state, null, 2)}\n`);
  return folder;
}

/**
 * The study of the unfinished run in a folder, to go on with.
 * @throws DataError if there is none, or its state is damaged.
 */
export async function unfinishedStudy(path: string): Promise<Study> {
  const state = await readState(path);
  if (state !== undefined) return { ...state.study, out: path };
  const finished = (await pathKind(joinPath(path, 'record.json'))) === 'file';
  const reason = finished ? 'the run there is finished' : 'there is no unfinished run there';
  throw new DataError(path, `nothing to resume: ${reason}`);
}

async function readState(folder: string): Promise<z.infer<typeof stateSchema> | undefined> {
  const path = joinPath(folder, STATE_FILE);
  if ((await pathKind(path)) !== 'file') return undefined;
  try {
    return stateSchema.parse(JSON.parse(new TextDecoder().decode(await readFile(path))));
  } catch (cause) {
    throw new DataError(path, 'is damaged, so this run cannot be resumed; delete the folder or choose another --out', {
      cause,
    });
  }
}

function refuseOther(study: Study, found: Study): void {
  const keys = differingKeys(found, study, ['out', 'threads', 'memory', 'data.download']);
  if (keys.length === 0) return;
  const list = keys.slice(0, 5).join(', ');
  throw new ConfigError(
    'out',
    `${study.out} holds an unfinished run of another study (it differs in ${list}); go on with that one by --resume ${study.out}, or choose another --out`,
  );
}

function folderOf(path: string, id: string, createdAt: string, resumed: boolean): RunFolder {
  const networks = new Set<string>();
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    const file = joinPath(path, name);
    await writeFileAtomic(file, content);
    return file;
  };
  return {
    path,
    id,
    createdAt,
    resumed,
    checkpoints(network) {
      networks.add(network);
      return folderCheckpoints(joinPath(path, CHECKPOINTS, network));
    },
    write,
    async finish() {
      for (const network of networks) await removeFolder(joinPath(path, CHECKPOINTS, network));
      await removeDirectory(joinPath(path, CHECKPOINTS));
      await removeFile(joinPath(path, STATE_FILE));
    },
    async abandon() {
      for (const network of networks) if (await holdsFiles(joinPath(path, CHECKPOINTS, network))) return;
      await this.finish();
      if ((await listDirectory(path)).length === 0) await removeDirectory(path);
    },
  };
}

const holdsFiles = async (path: string): Promise<boolean> =>
  (await pathKind(path)) === 'directory' && (await listDirectory(path)).length > 0;

async function removeFolder(path: string): Promise<void> {
  if ((await pathKind(path)) !== 'directory') return;
  for (const name of await listDirectory(path)) await removeFile(joinPath(path, name));
  await removeDirectory(path);
}
