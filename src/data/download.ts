// Downloads a file into a cache: goes on where an earlier attempt stopped (HTTP Range), checks the MD5, and gives the file its name
// only then. MD5 is what the addresses publish; it guards against damage, not against an attacker.

import { openPart } from '#cache';
import { pathKind } from '#platform';
import { DataError, InterruptedError } from '../core/index.ts';
import type { PartFile } from './cache/types.ts';
import type { LoadProgress } from './source.ts';

export interface DownloadOptions {
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly signal?: AbortSignal;
  /** Connections tried before giving up, when they break; default 4. */
  readonly attempts?: number;
  /** Seconds without a byte after which a connection counts as broken; default 60. */
  readonly stallSeconds?: number;
  /** Seconds to wait before the second attempt, twice as long before each further; default 1. */
  readonly retrySeconds?: number;
}

export interface Download {
  readonly url: string;
  /** Where the file goes. */
  readonly path: string;
  /** Hexadecimal. */
  readonly md5: string;
}

/** 1 GiB: six times the largest archive known. Whatever sends more is not that file. */
const MOST_BYTES = 2 ** 30;

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

const byHand = ({ path }: Download): string => `or fetch it by hand and put it at ${path}`;

/** What a server that answers but does not send the file has said. */
function refusal(download: Download, response: Response): DataError {
  return new DataError(
    download.url,
    `the server answered ${response.status} ${response.statusText}, expected the file; try again later, ${byHand(download)}`,
  );
}

/** Aborts when the caller does, or when `touch` has not been called for a while. */
function watchdog(signal: AbortSignal | undefined, seconds: number) {
  const control = new AbortController();
  const stop = (): void => control.abort(signal?.reason);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  const expire = (): void => control.abort(new Error(`no byte for ${seconds} s`));
  let timer = setTimeout(expire, seconds * 1000);
  return {
    signal: control.signal,
    touch: () => {
      clearTimeout(timer);
      timer = setTimeout(expire, seconds * 1000);
    },
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    },
  };
}

/** Where the server's answer begins and how long the whole file is; empties the part if the answer starts from the beginning. */
async function acceptAnswer(download: Download, response: Response, part: PartFile): Promise<number | undefined> {
  const encoding = response.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    throw new DataError(
      download.url,
      `the server sends the file in content encoding "${encoding}", expected it as it is; fetch it by hand and put it at ${download.path}`,
    );
  }
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  if (response.status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (range === null || Number(range[1]) !== part.size) {
      await part.reset();
      throw new Error(`the server sent another range than asked for (${response.headers.get('content-range')})`);
    }
    return range[2] === '*' ? undefined : Number(range[2]);
  }
  // 200 to a request for the rest: this server knows no ranges and sends all of it again.
  if (part.size > 0) await part.reset();
  return Number.isFinite(length) ? length : undefined;
}

async function receive(
  download: Download,
  response: Response,
  part: PartFile,
  total: number | undefined,
  options: DownloadOptions,
  touch: () => void,
): Promise<void> {
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    touch();
    if (part.size + value.length > MOST_BYTES) {
      await reader.cancel();
      throw new DataError(download.url, `sends more than ${MOST_BYTES} bytes; this is not the file expected`);
    }
    await part.append(value);
    options.onProgress?.({ stage: 'download', what: download.url, done: part.size, total, unit: 'bytes' });
  }
  if (total !== undefined && part.size < total)
    throw new Error(`the connection ended after ${part.size} of ${total} bytes`);
}

/** One connection. Throws DataError where trying again is of no use, any other error where it may be. */
async function connect(download: Download, part: PartFile, options: DownloadOptions): Promise<void> {
  const dog = watchdog(options.signal, options.stallSeconds ?? 60);
  try {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (part.size > 0) headers.range = `bytes=${part.size}-`;
    const response = await fetch(download.url, { headers, signal: dog.signal });
    if (response.status === 416 && part.size > 0) {
      await response.body?.cancel();
      // Nothing lies beyond what is there: the part is whole, or not this file's. The checksum tells.
      if (response.headers.get('content-range') === `bytes */${part.size}`) return;
      await part.reset();
      throw new Error('the server has fewer bytes than were received before; starting again');
    }
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      throw response.status >= 500
        ? new Error(`the server answered ${response.status}`, { cause: refusal(download, response) })
        : refusal(download, response);
    }
    await receive(download, response, part, await acceptAnswer(download, response, part), options, dog.touch);
  } finally {
    dog.end();
  }
}

function stopIfAsked(download: Download, part: PartFile, signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new InterruptedError(
      `download of ${download.url}: stopped on request after ${part.size} bytes, which the next one goes on from`,
    );
}

async function connectUntilWhole(download: Download, part: PartFile, options: DownloadOptions): Promise<void> {
  const attempts = options.attempts ?? 4;
  for (let tried = 1; ; tried++) {
    stopIfAsked(download, part, options.signal);
    try {
      return await connect(download, part, options);
    } catch (cause) {
      stopIfAsked(download, part, options.signal);
      if (cause instanceof DataError) throw cause;
      if (tried >= attempts) {
        const reason = [(cause as Error).message, ((cause as Error).cause as Error | undefined)?.message]
          .filter(Boolean)
          .join(': ');
        throw new DataError(
          download.url,
          `the download broke off after ${part.size} bytes, ${attempts} times tried (${reason}); run again to go on from there, ${byHand(download)}`,
          { cause },
        );
      }
    }
    await sleep((options.retrySeconds ?? 1) * 1000 * 2 ** (tried - 1));
  }
}

/**
 * Downloads to `path`, unless it is there. Several processes may do so at once: each fills a file of its own, and the last to
 * finish leaves its, which is the same. Throws DataError (a broken connection, a refusal, a wrong checksum), InterruptedError
 * when stopped; a part that may still be right is kept for the next call.
 */
export async function downloadFile(download: Download, options: DownloadOptions = {}): Promise<void> {
  if ((await pathKind(download.path)) === 'file') return;
  const part = await openPart(download.path);
  let discard = false;
  try {
    await connectUntilWhole(download, part, options);
    const md5 = await part.md5();
    if (md5 !== download.md5) {
      discard = true;
      throw new DataError(
        download.url,
        `wrong checksum: got MD5 ${md5} of ${part.size} bytes, expected ${download.md5}; what was received is removed, run again, ${byHand(download)}`,
      );
    }
    await part.publish(download.path);
    discard = true;
  } finally {
    await part.release(discard);
  }
}
