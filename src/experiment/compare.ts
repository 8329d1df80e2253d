// The comparison, as a library user and the command line call it.

import { InterruptedError, rng, STREAM } from '../core/index.ts';
import { makeRunId, type RunRecord, readRecord, writeRecord } from '../store/index.ts';
import { loadStudy } from './load-study.ts';
import type { Progress } from './progress.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { runStudy } from './run-study.ts';
import type { Study, StudyInput } from './study.ts';

export interface CompareOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** A finished run, and the folder it was kept in. */
export interface KeptRun {
  readonly record: RunRecord;
  readonly folder: RunFolder;
}

/**
 * Trains, converts, runs, counts and prices what the study describes. A study that names a folder (`out`) is kept there and
 * goes on with an unfinished run of its own; otherwise nothing is written.
 * @throws ConfigError, ShapeError, DataError for what cannot be run; InterruptedError when `signal` is raised
 */
export async function compare(input: StudyInput = {}, options: CompareOptions = {}): Promise<RunRecord> {
  const { preset, ...settings } = input;
  const study = loadStudy({
    ...(preset === undefined ? {} : { preset }),
    overrides: { label: 'study', settings, locate: () => undefined },
  });
  if (study.out !== null) return (await compareInFolder(study, options)).record;
  const now = new Date();
  const id = makeRunId(now, study.name, rng(now.getTime() % 2 ** 32, STREAM.noise));
  return runStudy(study, { ...options, id, createdAt: now.toISOString() });
}

/**
 * Runs a study in its folder (a new one under `runs/` if it names none) and writes the record there. Stopped or killed, it
 * goes on from its checkpoints when it is started again in the same folder.
 * @throws as `compare`; the message of InterruptedError says how to go on
 */
export async function compareInFolder(study: Study, options: CompareOptions = {}): Promise<KeptRun> {
  const folder = await openRunFolder(study, new Date());
  if (folder.resumed) options.progress?.note(`going on with the unfinished run in ${folder.path}`);
  try {
    const { id, createdAt } = folder;
    const record = await runStudy(study, { ...options, folder, id, createdAt });
    const path = await writeRecord(folder.path, record);
    // Read back, so that whatever is made of it is what a reader of the file gets, to the byte.
    return { record: await readRecord(path), folder };
  } catch (error) {
    if (!(error instanceof InterruptedError)) {
      await folder.abandon().catch(() => undefined);
      throw error;
    }
    throw new InterruptedError(
      `stopped; what was done is saved. Go on with: npx spikewatt compare --resume ${folder.path}`,
      { cause: error },
    );
  }
}
