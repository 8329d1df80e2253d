// NumPy's .npy format, versions 1 to 3: magic, version, length of the header, a Python dictionary of type, order and shape, then the
// values. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { DataError } from '../core/index.ts';

export type NpyValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface NpyArray {
  readonly dimensions: readonly number[];
  /** Row-major, whatever the file's order. 64-bit integers become float64, booleans bytes of 0 and 1. */
  readonly values: NpyValues;
  /** NumPy's kind and width, such as `f4`. */
  readonly type: string;
  /** Byte at which the values begin. */
  readonly offset: number;
}

interface ElementType {
  readonly bytes: number;
  readonly make: (length: number) => NpyValues;
  readonly get: (view: DataView, at: number, little: boolean) => number;
}

const byte = (view: DataView, at: number): number => view.getUint8(at);

const TYPES: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ['b1', { bytes: 1, make: (n) => new Uint8Array(n), get: byte }],
  ['u1', { bytes: 1, make: (n) => new Uint8Array(n), get: byte }],
  ['i1', { bytes: 1, make: (n) => new Int8Array(n), get: (view, at) => view.getInt8(at) }],
  ['u2', { bytes: 2, make: (n) => new Uint16Array(n), get: (view, at, little) => view.getUint16(at, little) }],
  ['i2', { bytes: 2, make: (n) => new Int16Array(n), get: (view, at, little) => view.getInt16(at, little) }],
  ['u4', { bytes: 4, make: (n) => new Uint32Array(n), get: (view, at, little) => view.getUint32(at, little) }],
  ['i4', { bytes: 4, make: (n) => new Int32Array(n), get: (view, at, little) => view.getInt32(at, little) }],
  ['u8', { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, little) => Number(v.getBigUint64(at, little)) }],
  ['i8', { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, little) => Number(v.getBigInt64(at, little)) }],
  ['f4', { bytes: 4, make: (n) => new Float32Array(n), get: (view, at, little) => view.getFloat32(at, little) }],
  ['f8', { bytes: 8, make: (n) => new Float64Array(n), get: (view, at, little) => view.getFloat64(at, little) }],
]);

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MOST_DIMENSIONS = 8;
/** NumPy writes headers of 128 bytes; structured types, which are refused, make longer ones. */
const MOST_HEADER = 2 ** 16;

const truncated = (bytes: Uint8Array, path: string, expected: string): DataError =>
  new DataError(path, `truncated: got ${bytes.length} bytes, expected ${expected}; write or download the file again`, {
    offset: bytes.length,
  });

interface Header {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function headerText(bytes: Uint8Array, path: string): Header {
  const wrong = MAGIC.findIndex((value, i) => i < bytes.length && bytes[i] !== value);
  if (wrong >= 0)
    throw new DataError(
      path,
      'not an .npy file: it does not begin with \\x93NUMPY; check that this is the right file',
      {
        offset: wrong,
      },
    );
  if (bytes.length < 12) throw truncated(bytes, path, 'an .npy header of at least 12');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version < 1 || version > 3)
    throw new DataError(path, `got .npy version ${version}, expected 1, 2 or 3; save it again with numpy.save`, {
      offset: 6,
    });
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MOST_HEADER)
    throw new DataError(path, `got a header of ${length} bytes, expected at most ${MOST_HEADER}; the file is damaged`, {
      offset: 8,
    });
  if (bytes.length < start + length) throw truncated(bytes, path, `a header of ${start + length}`);
  return { text: new TextDecoder('latin1').decode(bytes.subarray(start, start + length)), start, end: start + length };
}

/** What the dictionary says under `key`; its value has the form `pattern`. */
function entry({ text, start }: Header, path: string, key: string, pattern: string): string {
  const found = new RegExp(`['"]${key}['"]\\s*:\\s*${pattern}\\s*[,}]`).exec(text);
  if (found !== null) return found[1]!;
  throw new DataError(
    path,
    `no "${key}" of a kind that can be read in the header "${text.trim().slice(0, 100)}"; expected a plain array of numbers, saved with numpy.save`,
    { offset: start },
  );
}

function typeOf(header: Header, path: string): { name: string; little: boolean; type: ElementType } {
  const descr = entry(header, path, 'descr', `['"]([^'"]*)['"]`);
  const type = TYPES.get(descr.slice(1));
  if (type !== undefined && '<>|='.includes(descr[0]!)) return { name: descr.slice(1), little: descr[0] !== '>', type };
  throw new DataError(
    path,
    `values of type "${descr}", expected one of ${[...TYPES.keys()].join(', ')}; convert them with astype`,
    { offset: header.start },
  );
}

function shapeOf(header: Header, path: string): number[] {
  const text = entry(header, path, 'shape', '\\(([\\d,\\s]*)\\)');
  const parts = text.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  const shape = parts.map((part) => (/^\d{1,15}$/.test(part) ? Number(part) : -1));
  if (shape.length <= MOST_DIMENSIONS && !shape.includes(-1)) return shape;
  throw new DataError(path, `got shape (${text}), expected up to ${MOST_DIMENSIONS} whole numbers`, {
    offset: header.start,
  });
}

/** Values stored with the first index fastest, to row-major. */
function toRowMajor(values: NpyValues, dimensions: readonly number[], make: (length: number) => NpyValues): NpyValues {
  const out = make(values.length);
  const strides = dimensions.map((_, axis) => dimensions.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = new Array<number>(dimensions.length).fill(0);
  let read = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = values[read]!;
    for (let axis = dimensions.length - 1; axis >= 0; axis--) {
      read += strides[axis]!;
      if (++index[axis]! < dimensions[axis]!) break;
      read -= strides[axis]! * dimensions[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

/**
 * Reads an .npy file; `path` names it in errors. Nothing is allocated before the file's length is known to be what its header
 * promises. Throws DataError with the byte at fault.
 */
export function parseNpy(bytes: Uint8Array, path: string): NpyArray {
  const header = headerText(bytes, path);
  const { name, little, type } = typeOf(header, path);
  const fortran = entry(header, path, 'fortran_order', '(True|False)') === 'True';
  const dimensions = shapeOf(header, path);
  const length = dimensions.reduce((product, dimension) => product * dimension, 1);
  const expected = header.end + length * type.bytes;
  const promise = `${expected} for values of type ${name} and shape [${dimensions.join(', ')}]`;
  if (bytes.length < expected) throw truncated(bytes, path, promise);
  if (bytes.length > expected)
    throw new DataError(
      path,
      `${bytes.length - expected} bytes too many: got ${bytes.length}, expected ${promise}; the file is damaged`,
      {
        offset: expected,
      },
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.end, length * type.bytes);
  const values = type.make(length);
  for (let i = 0; i < length; i++) values[i] = type.get(view, i * type.bytes, little);
  const ordered = fortran && dimensions.length > 1 ? toRowMajor(values, dimensions, type.make) : values;
  return { dimensions, values: ordered, type: name, offset: header.end };
}
