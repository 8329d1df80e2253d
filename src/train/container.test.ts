import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/index.ts';
import { decodeContainer, encodeContainer, type NumberArray } from './container.ts';
import { crc32 } from './crc32.ts';

const sample = (): Uint8Array<ArrayBuffer> =>
  encodeContainer({
    header: { epoch: 3, loss: 0.1 + 0.2 },
    arrays: new Map<string, NumberArray>([
      ['fc1/weight', Float32Array.of(1.5, -0, Number.NaN)],
      ['empty', new Float64Array(0)],
      ['fc1/weight@m', Float64Array.of(Math.PI, -Infinity)],
    ]),
  });

/** Rewrites the checksum, so that what is inside is looked at. */
function reseal(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, crc32(bytes.subarray(0, -8)), true);
  return bytes;
}

const refused = (bytes: Uint8Array, message: RegExp): void =>
  assert.throws(
    () => decodeContainer(bytes, 'runs/a/checkpoint.bin'),
    (error) =>
      error instanceof DataError && message.test(error.message) && error.message.includes('delete it to start afresh'),
    String(message),
  );

test('checksum of the standard example', () => {
  const text = new TextEncoder().encode('123456789');
  assert.equal(crc32(text), 0xcbf43926);
  assert.equal(crc32(text.subarray(4), crc32(text.subarray(0, 4))), 0xcbf43926);
});

test('what is written is read back to the bit', () => {
  const { header, arrays } = decodeContainer(sample(), 'x');
  assert.deepEqual(header, { epoch: 3, loss: 0.1 + 0.2 });
  assert.deepEqual([...arrays.keys()], ['fc1/weight', 'empty', 'fc1/weight@m']);
  assert.deepEqual(arrays.get('fc1/weight'), Float32Array.of(1.5, -0, Number.NaN));
  assert.deepEqual(arrays.get('fc1/weight@m'), Float64Array.of(Math.PI, -Infinity));
});

test('each kind of damage is said', () => {
  refused(
    new TextEncoder().encode('PK\u0003\u0004 something else, long enough to be one'),
    /^runs\/a\/checkpoint\.bin at byte 0: not a training checkpoint \(starts with "PK/,
  );
  refused(sample().subarray(0, 20), /at byte 20: cut short: 20 bytes, a checkpoint has at least 32/);
  refused(sample().subarray(0, 60), /at byte 60: 60 bytes, expected \d+: it was cut short/);
  const newer = sample();
  newer[8] = 9;
  refused(newer, /at byte 8: format version 9, this program reads 1/);
  const flipped = sample();
  flipped[flipped.length - 20]! ^= 4;
  refused(flipped, /: damaged: checksum [0-9a-f]{8}, expected [0-9a-f]{8}/);
  const long = sample();
  long[14] = 1;
  refused(reseal(long), /at byte 12: header of \d+ bytes passes the end/);
  const foreign = sample();
  foreign[24] = 0x5b;
  refused(reseal(foreign), /at byte 24: its header is not what this program writes/);
});

test('a sealed header that does not fit its arrays is refused', () => {
  const text = new TextDecoder('latin1').decode(sample());
  const at = text.indexOf('"length":3');
  const withLength = (digit: string): Uint8Array<ArrayBuffer> => {
    const bytes = sample();
    bytes[at + '"length":'.length] = digit.charCodeAt(0);
    return reseal(bytes);
  };
  refused(withLength('9'), /array "fc1\/weight" of 9 values passes the end/);
  refused(withLength('1'), /8 bytes belong to no array/);
});

test('any truncation and any flipped bytes give a DataError', () => {
  const whole = sample();
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => refused(whole.subarray(0, length), /./)),
    { numRuns: 200 },
  );
  const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(flips, (changes) => {
      const bytes = sample();
      for (const [at, mask] of changes) bytes[at]! ^= mask;
      fc.pre(changes.some(([at]) => bytes[at] !== whole[at]));
      refused(bytes, /./);
    }),
    { numRuns: 500 },
  );
});

test('any bytes under a good checksum give a container or a DataError', () => {
  const whole = sample();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      (changes) => {
        const bytes = sample();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          decodeContainer(reseal(bytes), 'x');
        } catch (error) {
          assert.ok(error instanceof DataError, String(error));
        }
      },
    ),
    { numRuns: 500 },
  );
});
