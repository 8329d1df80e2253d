// What `spikewatt attack` is pointed at: a finished run with its networks, or network files.

import { joinPath, pathKind } from '#platform';
import { ConfigError, DataError } from '../core/index.ts';
import { disturbedTimesteps, type NamedNetwork, nameOf } from '../experiment/index.ts';
import type { RunRecord } from '../store/index.ts';
import { findRun } from './commands/runs.ts';
import { readNetworkFile } from './network-files.ts';

export interface AttackedRun {
  readonly record: RunRecord;
  readonly folder: string;
}

const EXTENSION = '.safetensors';
const KINDS = ['ann', 'snn', 'converted'] as const;

/** Is a run meant, rather than network files? Throws ConfigError for a run among several paths. */
export function meansRun(paths: readonly string[]): boolean {
  const files = paths.filter((path) => path.endsWith(EXTENSION));
  if (files.length === paths.length) return false;
  if (paths.length === 1) return true;
  const other = paths.find((path) => !path.endsWith(EXTENSION));
  throw new ConfigError('networks', `got "${other}" among ${paths.length} paths; give one run, or ${EXTENSION} files`);
}

/** A finished run by id, folder or record. Throws DataError, which for an unfinished one says how to finish it. */
export async function findFinishedRun(run: string, runs: string): Promise<AttackedRun> {
  for (const path of [run, joinPath(runs, run)]) {
    const holds = async (name: string): Promise<boolean> => (await pathKind(joinPath(path, name))) === 'file';
    if (!(await holds('run.json')) || (await holds('record.json'))) continue;
    throw new DataError(path, `the run there is not finished; first: npx spikewatt compare --resume ${path}`);
  }
  return findRun(run, runs);
}

/**
 * The networks of a run that are kept in its folder, of the kinds `only` if given; of the conversions one, by `disturbedTimesteps`.
 * @throws ConfigError for a kind the run has none of; DataError where there are none, or one that is not the record's
 */
export async function networksOfRun(
  { record, folder }: AttackedRun,
  { convertedTimesteps, only }: { readonly convertedTimesteps: number | null; readonly only?: readonly string[] },
): Promise<readonly NamedNetwork[]> {
  const found: NamedNetwork[] = [];
  for (const kind of kindsOf(record, only)) {
    const path = joinPath(folder, `${kind}${EXTENSION}`);
    if ((await pathKind(path)) !== 'file') continue;
    const { reading, ...network } = await readNetworkFile(path, 'snn');
    const own = kind === 'converted' ? { ...reading, timesteps: convertedSteps(record, convertedTimesteps) } : reading;
    found.push({ name: nameOf(own), path, file: { ...network, reading: own } });
  }
  if (found.length === 0) {
    const names = KINDS.map((kind) => `${kind}${EXTENSION}`).join(', ');
    throw new DataError(folder, `holds none of the run's networks (${names}); run the study again, or restore them`);
  }
  const stray = found.find(({ name }) => !record.networks.some((network) => network.name === name));
  if (stray === undefined) return found;
  const names = record.networks.map(({ name }) => name).join(', ');
  throw new DataError(
    stray.path,
    `is read as ${stray.name}, the run's record has ${names}; it was replaced after the run: attack it by its file`,
  );
}

function kindsOf({ networks }: RunRecord, only: readonly string[] | undefined): readonly (typeof KINDS)[number][] {
  const there = KINDS.filter((kind) => networks.some((network) => network.kind === kind));
  const missing = only?.find((kind) => !there.some((each) => each === kind));
  if (missing !== undefined)
    throw new ConfigError('--only', `got "${missing}", expected some of those of the run: ${there.join(', ')}`);
  return only === undefined ? there : there.filter((kind) => only.includes(kind));
}

function convertedSteps({ networks }: RunRecord, named: number | null): number {
  const converted = networks.filter(({ kind }) => kind === 'converted');
  const longest = converted.reduce((most, each) => (each.timesteps > most.timesteps ? each : most));
  const tested = converted.map(({ timesteps }) => timesteps);
  return disturbedTimesteps(named, tested, longest.conversion?.smallestTimesteps);
}

/** Network files, each under a name of its own. Throws DataError. */
export async function networksOfFiles(paths: readonly string[]): Promise<readonly NamedNetwork[]> {
  const read: NamedNetwork[] = [];
  for (const path of paths) {
    const file = await readNetworkFile(path, 'snn');
    read.push({ name: nameOf(file.reading), path, file });
  }
  const repeated = read.find(({ path }, i) => paths.indexOf(path) !== i);
  if (repeated !== undefined) throw new ConfigError('networks', `got ${repeated.path} twice; give each file once`);
  const isShared = (name: string): boolean => read.filter((network) => network.name === name).length > 1;
  return read.map((network) =>
    isShared(network.name) ? { ...network, name: `${network.name} (${network.path})` } : network,
  );
}
