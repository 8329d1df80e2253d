// NumPy's .npz: a zip of .npy files. Every entry is checked against its CRC.

import { DataError } from '../core/index.ts';
import { type NpyArray, parseNpy } from './npy.ts';

/** 8 GiB over all arrays that are asked for: more than a dataset here can be. */
const MOST_BYTES = 2 ** 33;
/** Deflate makes at most 1032 bytes of one, so an entry that claims more is not true. */
const MOST_RATIO = 1032;

interface ZipEntry {
  readonly filename: string;
  readonly directory: boolean;
  readonly uncompressedSize: number;
  readonly compressedSize: number;
  readonly encrypted: boolean;
  getData?(writer: WritableStream, options: object): Promise<unknown>;
}

const damaged = (path: string, cause: unknown): DataError =>
  new DataError(
    path,
    `damaged or not a zip file: ${(cause as Error)?.message ?? cause}; write or download the file again`,
    {
      cause,
    },
  );

/** Takes chunks up to `size` bytes and refuses more. */
function collector(size: number): { readonly stream: WritableStream<Uint8Array>; bytes(): Uint8Array } {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new WritableStream<Uint8Array>({
    write(chunk) {
      length += chunk.length;
      if (length > size) throw new Error(`more than the ${size} bytes announced`);
      chunks.push(chunk);
    },
  });
  const bytes = (): Uint8Array => {
    const whole = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  };
  return { stream, bytes };
}

async function extract(entry: ZipEntry, path: string): Promise<NpyArray> {
  const { filename, uncompressedSize, compressedSize, encrypted } = entry;
  const where = `${path}/${filename}`;
  if (encrypted) throw new DataError(where, 'is encrypted; save it again with numpy.savez');
  if (uncompressedSize > MOST_RATIO * compressedSize + 1024)
    throw new DataError(
      where,
      `announces ${uncompressedSize} bytes out of ${compressedSize}, more than deflate can make; the file is damaged`,
    );
  const { stream, bytes } = collector(uncompressedSize);
  try {
    await entry.getData!(stream, { checkSignature: true, useWebWorkers: false });
  } catch (cause) {
    throw damaged(where, cause);
  }
  return parseNpy(bytes(), where);
}

export interface NpzFile {
  /** Names of the arrays, without `.npy`. */
  readonly names: readonly string[];
  /** Unpacks one array. Throws DataError. */
  read(name: string): Promise<NpyArray>;
}

/** Opens an .npz file from its bytes; `path` names it in errors. Throws DataError. */
export async function openNpz(bytes: Uint8Array, path: string): Promise<NpzFile> {
  const { ZipReader, Uint8ArrayReader } = await import('@zip.js/zip.js');
  const entries = new Map<string, ZipEntry>();
  try {
    for (const entry of (await new ZipReader(new Uint8ArrayReader(bytes)).getEntries()) as readonly ZipEntry[]) {
      if (!entry.directory && entry.filename.endsWith('.npy')) entries.set(entry.filename.slice(0, -4), entry);
    }
  } catch (cause) {
    throw damaged(path, cause);
  }
  const total = Array.from(entries.values()).reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (!(total <= MOST_BYTES))
    throw new DataError(path, `announces ${total} bytes of arrays, expected at most ${MOST_BYTES}`);
  return {
    names: [...entries.keys()],
    read: async (name) => {
      const entry = entries.get(name);
      if (entry === undefined)
        throw new DataError(path, `no array "${name}", but ${[...entries.keys()].join(', ') || 'none at all'}`);
      return extract(entry, path);
    },
  };
}
