// The official archives of CIFAR-10 and CIFAR-100, and the way from their address to a folder in the cache.

import { cacheFolder, unpack } from '#cache';
import { joinPath, pathKind, removeFile } from '#platform';
import { ConfigError } from '../core/index.ts';
import { CIFAR, type CifarKind, cifarFiles } from './cifar-layout.ts';
import { type DownloadOptions, downloadFile } from './download.ts';

export interface Archive {
  readonly name: string;
  readonly url: string;
  readonly md5: string;
  /** Megabytes, to tell people. */
  readonly size: number;
  /** What the unpacked folder is called. */
  readonly folder: string;
  readonly files: readonly string[];
}

export interface FetchOptions extends DownloadOptions {
  /** Fetch what is not in the cache. Nothing is ever fetched without it. */
  readonly download?: boolean;
  /** Folder of the cache; default XDG_CACHE_HOME/spikewatt/datasets, or what this system has in its place. */
  readonly cache?: string;
}

const cifar = (kind: CifarKind, file: string, md5: string, size: number): Archive => ({
  name: kind,
  url: `https://www.cs.toronto.edu/~kriz/${file}`,
  md5,
  size,
  folder: CIFAR[kind].folder,
  files: cifarFiles(CIFAR[kind]),
});

/** Addresses and checksums as published on https://www.cs.toronto.edu/~kriz/cifar.html. */
export const ARCHIVES: Readonly<Record<CifarKind, Archive>> = {
  cifar10: cifar('cifar10', 'cifar-10-binary.tar.gz', 'c32a1d4ab5d03f1284b67883e8d87530', 162),
  cifar100: cifar('cifar100', 'cifar-100-binary.tar.gz', '03b5dce01913d631647c71ecec9e9cb8', 161),
};

/**
 * The folder with the archive's files: out of the cache, or fetched if `download` is set. Throws ConfigError if it is neither, and
 * what downloading and unpacking throw.
 */
export async function fetchArchive(archive: Archive, options: FetchOptions = {}): Promise<string> {
  const cache = options.cache ?? joinPath(cacheFolder(), 'datasets');
  const folder = joinPath(cache, archive.folder);
  if ((await pathKind(folder)) === 'directory') return folder;
  const path = joinPath(cache, archive.url.slice(archive.url.lastIndexOf('/') + 1));
  if (options.download !== true) {
    throw new ConfigError(
      'data',
      `"${archive.name}" is not in the cache ${cache}; set download: true (--download) to fetch ${archive.size} MB from ${archive.url}, or give the folder that holds ${archive.files[0]}`,
    );
  }
  await downloadFile({ url: archive.url, path, md5: archive.md5 }, options);
  const total = archive.files.length;
  await unpack(path, folder, archive.files, (done) =>
    options.onProgress?.({ stage: 'unpack', what: path, done, total, unit: 'files' }),
  );
  await removeFile(path);
  return folder;
}
