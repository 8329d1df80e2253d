// Trained networks on disk.

import { joinPath, pathKind, readFile } from '#platform';
import { decodeNetworkFile, type NetworkFile } from '../store/index.ts';

/** The file meant by a path: itself, or in a run folder the one of this kind. */
export const locateNetworkFile = async (path: string, kind: 'ann' | 'snn'): Promise<string> =>
  (await pathKind(path)) === 'directory' ? joinPath(path, `${kind}.safetensors`) : path;

/** Reads a network file, or that of this kind in a run folder. Throws DataError. */
export async function readNetworkFile(path: string, kind: 'ann' | 'snn'): Promise<NetworkFile> {
  const file = await locateNetworkFile(path, kind);
  return decodeNetworkFile(file, await readFile(file));
}
