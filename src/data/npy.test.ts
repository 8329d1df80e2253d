import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUMPY_FILES, npyArray, npyOf } from '../../test/fixtures/numpy-files.ts';
import { DataError } from '../core/index.ts';
import { parseNpy } from './npy.ts';

test('files of every type and order are read as NumPy means them', () => {
  assert.equal(NUMPY_FILES.length, 36);
  for (const { descr, order, shape, bytes, values } of NUMPY_FILES) {
    const { dimensions, values: read, type } = parseNpy(bytes, 'x');
    assert.deepEqual([dimensions, Array.from(read), type], [shape, values, descr.slice(1)], `${descr} ${order}`);
  }
});

test('an array within a larger buffer is read from where it begins', () => {
  const file = NUMPY_FILES.find(({ descr }) => descr === '<f8')!;
  const larger = new Uint8Array(file.bytes.length + 7);
  larger.set(file.bytes, 3);
  const { values } = parseNpy(larger.subarray(3, 3 + file.bytes.length), 'x');
  assert.deepEqual(Array.from(values), file.values);
});

const plain = npyArray([2], [1, 2]);
const refusals: readonly [string, Uint8Array, number, RegExp][] = [
  ['no magic', Uint8Array.of(0x93, 0x4e, 0x50), 2, /not an \.npy file: it does not begin with/],
  ['no bytes', new Uint8Array(), 0, /truncated: got 0 bytes, expected an \.npy header of at least 12/],
  ['another version', plain.map((value, i) => (i === 6 ? 4 : value)), 6, /got \.npy version 4, expected 1, 2 or 3/],
  ['a header cut off', plain.subarray(0, 40), 40, /truncated: got 40 bytes, expected a header of 67/],
  ['values cut off', plain.subarray(0, -1), plain.length - 1, /truncated: .* for values of type u1 and shape \[2\]/],
  ['values too many', Uint8Array.of(...plain, 7, 7), plain.length, /2 bytes too many/],
  [
    'a header too long',
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 0, 0, 0, 9),
    8,
    /got a header of 150994944 bytes, expected at most 65536/,
  ],
  [
    'objects',
    npyArray([1], [1], '|O'),
    10,
    /values of type "\|O", expected one of b1, u1, .*; convert them with astype/,
  ],
  [
    'records',
    npyOf("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"),
    10,
    /no "descr" of a kind that can be read/,
  ],
  ['no shape', npyOf("{'descr': '<f4', 'fortran_order': False}"), 10, /no "shape" of a kind that can be read/],
  ['no order', npyOf("{'descr': '<f4', 'shape': (1,)}"), 10, /no "fortran_order" of a kind/],
  [
    'a wrong shape',
    npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (2,,3), }"),
    10,
    /got shape \(2,,3\), expected up to 8 whole numbers/,
  ],
  ['a huge shape', npyArray([2 ** 40, 2 ** 40], [1]), 94, /truncated: got 94 bytes, expected 1\.2\d+e\+24 for values/],
];

for (const [name, bytes, offset, message] of refusals) {
  test(`${name}: refused, with the byte`, () => {
    assert.throws(
      () => parseNpy(bytes, 'x.npy'),
      (error: DataError) => {
        assert.ok(error instanceof DataError, String(error));
        assert.match(error.message, message);
        assert.equal(error.offset, offset);
        return true;
      },
    );
  });
}

test('whatever the bytes, there is an array or a DataError', () => {
  const only = (bytes: Uint8Array): void => {
    try {
      const { dimensions, values } = parseNpy(bytes, 'x');
      assert.equal(
        values.length,
        dimensions.reduce((a, b) => a * b, 1),
      );
      assert.ok(values.length <= bytes.length);
    } catch (error) {
      assert.ok(error instanceof DataError, String(error));
    }
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...NUMPY_FILES),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }),
      fc.nat(330),
      fc.uint8Array({ maxLength: 60 }),
      ({ bytes }, flips, length, random) => {
        const flipped = Uint8Array.from(bytes);
        for (const [at, value] of flips) flipped[at % flipped.length]! ^= value;
        only(flipped);
        only(bytes.subarray(0, length));
        only(Uint8Array.of(...bytes.subarray(0, 10), ...random));
        only(random);
      },
    ),
    { numRuns: 500 },
  );
});
