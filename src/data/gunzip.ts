// gzip, by the platform's own DecompressionStream. What comes out is bounded, so that a small file cannot fill the memory.

import { DataError } from '../core/index.ts';

/** 1 GiB: twenty times MNIST's largest file. */
const MOST_BYTES = 2 ** 30;

/** Do these bytes begin like a gzip file? */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Decompresses gzip. Throws DataError if the stream is damaged, cut off, or more than `mostBytes` come out. */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
  mostBytes = MOST_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new DataError(path, `damaged gzip data after ${length} decompressed bytes; download the file again`, {
        cause,
      });
    });
    if (done) break;
    length += value.length;
    if (length > mostBytes) {
      await reader.cancel();
      throw new DataError(path, `gzip data expands to more than ${mostBytes} bytes; this is not a file of this kind`);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
