// The idx format of MNIST and its relatives: 0, 0, type, number of dimensions, each dimension as a big-endian uint32, then the
// values in row-major order, big-endian. http://yann.lecun.com/exdb/mnist

import { DataError } from '../core/index.ts';

export type IdxValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export interface IdxArray {
  readonly dimensions: readonly number[];
  /** Row-major; for bytes, a view of the input. */
  readonly values: IdxValues;
  /** Byte at which the values begin. */
  readonly offset: number;
}

interface ElementType {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number, length: number) => IdxValues;
}

/** Big-endian elements, one by one. */
function elements<Values extends IdxValues>(
  bytes: number,
  make: (length: number) => Values,
  get: (view: DataView, at: number) => number,
): ElementType {
  return {
    bytes,
    read: (view, offset, length) => {
      const values = make(length);
      for (let i = 0; i < length; i++) values[i] = get(view, offset + i * bytes);
      return values;
    },
  };
}

const TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [0x08, { bytes: 1, read: (view, offset, length) => new Uint8Array(view.buffer, view.byteOffset + offset, length) }],
  [0x09, { bytes: 1, read: (view, offset, length) => new Int8Array(view.buffer, view.byteOffset + offset, length) }],
  [
    0x0b,
    elements(
      2,
      (length) => new Int16Array(length),
      (view, at) => view.getInt16(at),
    ),
  ],
  [
    0x0c,
    elements(
      4,
      (length) => new Int32Array(length),
      (view, at) => view.getInt32(at),
    ),
  ],
  [
    0x0d,
    elements(
      4,
      (length) => new Float32Array(length),
      (view, at) => view.getFloat32(at),
    ),
  ],
  [
    0x0e,
    elements(
      8,
      (length) => new Float64Array(length),
      (view, at) => view.getFloat64(at),
    ),
  ],
]);

const MOST_DIMENSIONS = 8;

const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

/** The whole header, or a DataError that says what is wrong with it. */
function readHeader(
  view: DataView,
  path: string,
): { readonly type: ElementType; readonly dimensions: number[]; readonly offset: number } {
  if (view.byteLength < 4) {
    throw new DataError(
      path,
      `truncated: got ${view.byteLength} bytes, expected an idx header of at least 8; download the file again`,
      { offset: view.byteLength },
    );
  }
  if (view.getUint16(0) !== 0) {
    throw new DataError(
      path,
      `not an idx file: got magic ${hex(view.getUint8(0))} ${hex(view.getUint8(1))}, expected 0x00 0x00; check that this is the right file`,
      { offset: 0 },
    );
  }
  const type = TYPES.get(view.getUint8(2));
  if (type === undefined) {
    const known = [...TYPES.keys()].map(hex).join(', ');
    throw new DataError(path, `unknown idx element type: got ${hex(view.getUint8(2))}, expected one of ${known}`, {
      offset: 2,
    });
  }
  const count = view.getUint8(3);
  if (count < 1 || count > MOST_DIMENSIONS) {
    throw new DataError(path, `got ${count} dimensions, expected 1 to ${MOST_DIMENSIONS}`, { offset: 3 });
  }
  const offset = 4 + 4 * count;
  if (view.byteLength < offset) {
    throw new DataError(
      path,
      `truncated: got ${view.byteLength} bytes, expected a header of ${offset} for ${count} dimensions; download the file again`,
      { offset: view.byteLength },
    );
  }
  return { type, dimensions: Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i)), offset };
}

/**
 * Reads an idx file from its bytes; `path` names it in errors. Nothing is allocated before the file's length is known to be
 * what its header promises. Throws DataError with the byte at fault.
 */
export function parseIdx(bytes: Uint8Array, path: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { type, dimensions, offset } = readHeader(view, path);
  const length = dimensions.reduce((product, dimension) => product * dimension, 1);
  const expected = offset + length * type.bytes;
  const promise = `${expected} for ${type.bytes}-byte values of shape [${dimensions.join(', ')}]`;
  if (bytes.length < expected) {
    throw new DataError(path, `truncated: got ${bytes.length} bytes, expected ${promise}; download the file again`, {
      offset: bytes.length,
    });
  }
  if (bytes.length > expected) {
    throw new DataError(
      path,
      `${bytes.length - expected} bytes too many: got ${bytes.length} bytes, expected ${promise}; the file is damaged or its header wrong`,
      { offset: expected },
    );
  }
  return { dimensions, values: type.read(view, offset, length), offset };
}
