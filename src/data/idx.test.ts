import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/index.ts';
import { type IdxArray, parseIdx } from './idx.ts';

const WIDTH: Readonly<Record<number, number>> = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 };

/** An idx file, written independently of the reader. */
function idx(type: number, dimensions: readonly number[], values: readonly number[]): Uint8Array {
  const width = WIDTH[type] ?? 1;
  const bytes = new Uint8Array(4 + 4 * dimensions.length + width * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, type, dimensions.length]);
  dimensions.forEach((dimension, i) => {
    view.setUint32(4 + 4 * i, dimension);
  });
  const start = 4 + 4 * dimensions.length;
  values.forEach((value, i) => {
    const at = start + i * width;
    if (type === 8) view.setUint8(at, value);
    else if (type === 9) view.setInt8(at, value);
    else if (type === 11) view.setInt16(at, value);
    else if (type === 12) view.setInt32(at, value);
    else if (type === 13) view.setFloat32(at, value);
    else view.setFloat64(at, value);
  });
  return bytes;
}

const fails = (bytes: Uint8Array, offset: number, message: RegExp): void => {
  assert.throws(
    () => parseIdx(bytes, 'x.idx'),
    (error: DataError) => {
      assert.ok(error instanceof DataError);
      assert.equal(error.offset, offset);
      assert.match(error.message, message);
      return true;
    },
  );
};

test('values of every element type are read, big-endian and row-major', () => {
  assert.deepEqual(parseIdx(idx(8, [2, 3], [0, 1, 2, 253, 254, 255]), 'x'), {
    dimensions: [2, 3],
    values: new Uint8Array([0, 1, 2, 253, 254, 255]),
    offset: 12,
  });
  const typed: readonly [number, IdxArray['values']][] = [
    [9, new Int8Array([-128, 127, -1])],
    [11, new Int16Array([-32768, 258, -2])],
    [12, new Int32Array([-(2 ** 31), 16909060, 3])],
    [13, new Float32Array([-1.5, 0.1, 3e38])],
    [14, new Float64Array([-1.5, 0.1, 1e300])],
  ];
  for (const [type, values] of typed)
    assert.deepEqual(parseIdx(idx(type, [3], Array.from(values)), 'x').values, values);
});

test('a view into a larger buffer is read from where it begins', () => {
  const file = idx(12, [2], [7, -9]);
  const padded = new Uint8Array(file.length + 5);
  padded.set(file, 3);
  assert.deepEqual(parseIdx(padded.subarray(3, 3 + file.length), 'x').values, new Int32Array([7, -9]));
});

test('what is wrong is said, with the byte it is at', () => {
  const file = idx(8, [2, 3], [1, 2, 3, 4, 5, 6]);
  fails(new Uint8Array(), 0, /^x\.idx at byte 0: truncated: got 0 bytes, expected an idx header of at least 8/);
  fails(Uint8Array.from([1, ...file.subarray(1)]), 0, /not an idx file: got magic 0x01 0x00, expected 0x00 0x00/);
  fails(
    Uint8Array.from([0, 0, 0x0a, ...file.subarray(3)]),
    2,
    /unknown idx element type: got 0x0a, expected one of 0x08, 0x09/,
  );
  fails(Uint8Array.from([0, 0, 8, 0, ...file.subarray(4)]), 3, /got 0 dimensions, expected 1 to 8/);
  fails(Uint8Array.from([0, 0, 8, 9, ...file.subarray(4)]), 3, /got 9 dimensions, expected 1 to 8/);
  fails(file.subarray(0, 10), 10, /truncated: got 10 bytes, expected a header of 12 for 2 dimensions/);
  fails(file.subarray(0, 15), 15, /truncated: got 15 bytes, expected 18 for 1-byte values of shape \[2, 3\]; download/);
  fails(Uint8Array.from([...file, 0, 0]), 18, /2 bytes too many: got 20 bytes, expected 18/);
});

test('a header that promises terabytes is refused before anything is allocated', () => {
  const dimensions = [0xffffffff, 0xffffffff, 0xffffffff];
  for (const type of [8, 13, 14])
    fails(
      idx(type, dimensions, [1, 2, 3]),
      type === 8 ? 19 : 16 + 3 * WIDTH[type]!,
      /truncated: got \d+ bytes, expected/,
    );
});

const anyFile = fc
  .record({
    type: fc.constantFrom(8, 9, 11, 12),
    dimensions: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }),
  })
  .chain(({ type, dimensions }) => {
    const length = dimensions.reduce((product, dimension) => product * dimension, 1);
    const value = type === 8 ? fc.integer({ min: 0, max: 255 }) : fc.integer({ min: -128, max: 127 });
    return fc.array(value, { minLength: length, maxLength: length }).map((values) => ({ type, dimensions, values }));
  });

test('what was written is read', () => {
  fc.assert(
    fc.property(anyFile, ({ type, dimensions, values }) => {
      const read = parseIdx(idx(type, dimensions, values), 'x');
      assert.deepEqual(read.dimensions, dimensions);
      assert.deepEqual(Array.from(read.values), values);
    }),
  );
});

test('a file cut off anywhere is a DataError', () => {
  fc.assert(
    fc.property(anyFile, fc.nat(), ({ type, dimensions, values }, cut) => {
      const file = idx(type, dimensions, values);
      assert.throws(() => parseIdx(file.subarray(0, cut % file.length), 'x'), { name: 'DataError' });
    }),
  );
});

test('damaged bytes give a DataError or an array no larger than the file, never another error', () => {
  const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(anyFile, fc.array(change, { minLength: 1, maxLength: 6 }), ({ type, dimensions, values }, changes) => {
      const file = idx(type, dimensions, values);
      for (const { at, to } of changes) file[at % file.length] = to;
      try {
        assert.ok(parseIdx(file, 'x').values.byteLength <= file.length);
      } catch (error) {
        assert.ok(error instanceof DataError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('random bytes give a DataError or an array no larger than the file', () => {
  const bytes = fc.uint8Array({ maxLength: 64 });
  fc.assert(
    fc.property(
      fc.oneof(
        bytes,
        bytes.map((tail) => Uint8Array.from([0, 0, 8 + (tail.length % 7), ...tail])),
      ),
      (file) => {
        try {
          assert.ok(parseIdx(file, 'x').values.byteLength <= file.length);
        } catch (error) {
          assert.ok(error instanceof DataError, String(error));
        }
      },
    ),
    { numRuns: 500 },
  );
});
