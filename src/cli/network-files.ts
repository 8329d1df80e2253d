// Trained networks on disk.

import { joinPath, pathKind, readFile } from '#platform';
import { ConfigError } from '../core/index.ts';
import type { StudyLayer } from '../experiment/index.ts';
import { type DataRecord, decodeNetworkFile, type NetworkFile, type RunRecord, readRecord } from '../store/index.ts';

/** The file meant by a path: itself, or in a run folder the one of this kind. */
export const locateNetworkFile = async (path: string, kind: 'ann' | 'snn'): Promise<string> =>
  (await pathKind(path)) === 'directory' ? joinPath(path, `${kind}.safetensors`) : path;

/** Reads a network file, or that of this kind in a run folder. Throws DataError. */
export async function readNetworkFile(path: string, kind: 'ann' | 'snn'): Promise<NetworkFile> {
  const file = await locateNetworkFile(path, kind);
  return decodeNetworkFile(file, await readFile(file));
}

/** The network read at another number of time steps; what the study says of them is of training. Throws ConfigError for an ANN. */
export function withTimesteps(file: NetworkFile, timesteps: string | undefined): NetworkFile {
  if (timesteps === undefined) return file;
  const wanted = Number(timesteps);
  if (file.reading.kind === 'ann' && wanted !== 1) {
    throw new ConfigError('--timesteps', `got ${timesteps}, but this network is read as an ANN, which runs once`);
  }
  return { ...file, reading: { ...file.reading, timesteps: wanted } };
}

/** What the record of the run that a network file lies in says of its data; undefined where there is no record beside it. */
export async function dataBeside(file: string): Promise<DataRecord | undefined> {
  const record = joinPath(file, '..', 'record.json');
  return (await pathKind(record)) === 'file' ? (await readRecord(record)).data : undefined;
}

/** The study of the run that a network file lies in, as a layer to build on; undefined where there is no record beside it. */
export async function studyBeside(file: string): Promise<StudyLayer | undefined> {
  const record = joinPath(file, '..', 'record.json');
  if ((await pathKind(record)) !== 'file') return undefined;
  return layerOf(await readRecord(record), record);
}

/** The study of a record, as a layer to build on. */
export function layerOf({ study }: Pick<RunRecord, 'study'>, label: string): StudyLayer {
  const { out: _, threads: __, ...settings } = study;
  return { label, settings, locate: () => undefined };
}
