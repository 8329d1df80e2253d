// A binary container: named arrays of numbers with a JSON header, exact to the bit. All integers little-endian:
//   0 magic "SPKWCKPT" | 8 version u32 | 12 header bytes u32 | 16 bytes of the whole file u64
//   24 header JSON, padded to 8 | arrays, each padded to 8 | CRC-32 of everything before it u32 | 4 zero bytes
// The reader checks length and checksum before it looks inside, so damage is always said and never acted upon.

import { z } from 'zod';
import { DataError } from '../core/index.ts';
import { bytesOf, crc32 } from './crc32.ts';

const MAGIC = 'SPKWCKPT';
const VERSION = 1;
const PREFIX = 24;
const SUFFIX = 8;
const REMEDY = 'delete it to start afresh, or restore it from a copy';

export type NumberArray = Float32Array | Float64Array;

/** A header (any JSON value) and named arrays. */
export interface Container {
  readonly header: unknown;
  readonly arrays: ReadonlyMap<string, NumberArray>;
}

const headerSchema = z.strictObject({
  header: z.unknown(),
  arrays: z.array(
    z.strictObject({ name: z.string(), type: z.enum(['float32', 'float64']), length: z.int().nonnegative() }),
  ),
});

const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** Packs a container; the arrays' bytes are kept as they are. */
export function encodeContainer(container: Container): Uint8Array<ArrayBuffer> {
  const list = [...container.arrays].map(([name, values]) => ({
    name,
    type: values instanceof Float32Array ? 'float32' : 'float64',
    length: values.length,
  }));
  const json = new TextEncoder().encode(JSON.stringify({ header: container.header, arrays: list }));
  const sizes = [...container.arrays.values()].map((values) => padded(values.byteLength));
  const total = PREFIX + padded(json.length) + sizes.reduce((sum, size) => sum + size, 0) + SUFFIX;
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  out.set(new TextEncoder().encode(MAGIC), 0);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, json.length, true);
  view.setBigUint64(16, BigInt(total), true);
  out.set(json, PREFIX);
  let at = PREFIX + padded(json.length);
  for (const values of container.arrays.values()) {
    out.set(bytesOf(values), at);
    at += padded(values.byteLength);
  }
  view.setUint32(at, crc32(out.subarray(0, at)), true);
  return out;
}

/** Unpacks a container; whatever is wrong with `bytes` is a DataError that names `path` and the offset. */
export function decodeContainer(bytes: Uint8Array, path: string): Container {
  const headerLength = checkEnvelope(bytes, path);
  const { header, arrays: list } = parseHeader(bytes.subarray(PREFIX, PREFIX + headerLength), path);
  let at = PREFIX + padded(headerLength);
  const end = bytes.length - SUFFIX;
  const arrays = new Map<string, NumberArray>();
  for (const { name, type, length } of list) {
    const size = length * (type === 'float32' ? 4 : 8);
    if (at + size > end) {
      throw new DataError(path, `array "${name}" of ${length} values passes the end; ${REMEDY}`, { offset: at });
    }
    // Not `slice`: a Node Buffer's gives a view.
    const copy = new Uint8Array(size);
    copy.set(bytes.subarray(at, at + size));
    arrays.set(name, type === 'float32' ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer));
    at += padded(size);
  }
  if (at !== end) throw new DataError(path, `${end - at} bytes belong to no array; ${REMEDY}`, { offset: at });
  return { header, arrays };
}

/** Magic, version, length and checksum; returns the header's length. */
function checkEnvelope(bytes: Uint8Array, path: string): number {
  const found = new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length));
  if (found !== MAGIC && bytes.length >= MAGIC.length) {
    throw new DataError(
      path,
      `not a training checkpoint (starts with ${JSON.stringify(found)}, expected "${MAGIC}"); ${REMEDY}`,
      { offset: 0 },
    );
  }
  if (bytes.length < PREFIX + SUFFIX) {
    const message = `cut short: ${bytes.length} bytes, a checkpoint has at least ${PREFIX + SUFFIX}; ${REMEDY}`;
    throw new DataError(path, message, { offset: bytes.length });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version !== VERSION) {
    throw new DataError(path, `format version ${version}, this program reads ${VERSION}; ${REMEDY}`, { offset: 8 });
  }
  const total = view.getBigUint64(16, true);
  if (total !== BigInt(bytes.length)) {
    const message = `${bytes.length} bytes, expected ${total}: it was cut short or added to; ${REMEDY}`;
    throw new DataError(path, message, { offset: Math.min(bytes.length, Number(total)) });
  }
  const end = bytes.length - SUFFIX;
  const [stored, computed] = [view.getUint32(end, true), crc32(bytes.subarray(0, end))];
  if (stored !== computed || view.getUint32(end + 4, true) !== 0) {
    const hex = (value: number): string => value.toString(16).padStart(8, '0');
    throw new DataError(path, `damaged: checksum ${hex(computed)}, expected ${hex(stored)}; ${REMEDY}`, {
      offset: end,
    });
  }
  const headerLength = view.getUint32(12, true);
  if (PREFIX + padded(headerLength) > end) {
    throw new DataError(path, `header of ${headerLength} bytes passes the end; ${REMEDY}`, { offset: 12 });
  }
  return headerLength;
}

function parseHeader(bytes: Uint8Array, path: string): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new DataError(path, `its header is not what this program writes; ${REMEDY}`, { offset: PREFIX, cause });
  }
}
