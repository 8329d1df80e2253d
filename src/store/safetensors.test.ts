import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/index.ts';
import { decodeSafetensors, encodeSafetensors, type TensorFile } from './safetensors.ts';

const sample: TensorFile = {
  tensors: new Map([
    ['fc1/weight', { shape: [3, 2], values: Float32Array.of(1, -2.5, 3, 4, 5, 6.125) }],
    ['fc1/bias', { shape: [2], values: Float32Array.of(0.5, -0) }],
    ['empty', { shape: [0, 7], values: new Float32Array(0) }],
  ]),
  metadata: { note: 'täst' },
};

/** Bytes of a file with this header text and `data` bytes of values. */
function withHeader(header: string, data: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + data);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const refuses = (bytes: Uint8Array, pattern: RegExp): void =>
  assert.throws(
    () => decodeSafetensors('w.safetensors', bytes),
    (error) => error instanceof DataError && pattern.test(error.message),
  );

test('what is written is read back, to the bit', () => {
  const read = decodeSafetensors('w', encodeSafetensors(sample));
  assert.deepEqual(read, sample);
  assert.ok(Object.is(read.tensors.get('fc1/bias')!.values[1], -0));
});

test('the layout is the published one: length, header padded to 8 bytes, little-endian values', () => {
  const bytes = encodeSafetensors({
    tensors: new Map([['a', { shape: [1], values: Float32Array.of(1) }]]),
    metadata: {},
  });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  assert.deepEqual(header, { __metadata__: {}, a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } });
  assert.deepEqual([...bytes.subarray(8 + length)], [0, 0, 0x80, 0x3f]);
});

test('values that do not fill their shape are refused', () => {
  const tensors = new Map([['a', { shape: [2, 2], values: new Float32Array(3) }]]);
  assert.throws(() => encodeSafetensors({ tensors, metadata: {} }), /tensor "a": 3 values do not fill shape \[2, 2\]/);
});

test('damage is named', () => {
  const good = encodeSafetensors(sample);
  refuses(good.subarray(0, 5), /^w\.safetensors: 5 bytes are too few for a safetensors file/);
  refuses(good.subarray(0, 40), /at byte 0: not a safetensors file, or truncated: its header claims \d+ bytes of 40/);
  refuses(good.subarray(0, good.length - 3), /tensor "fc1\/bias" ends at byte \d+, the file at \d+: it is truncated/);
  refuses(withHeader('{"a":', 0), /at byte 8: not a safetensors file: its header is not JSON/);
  refuses(withHeader('[1]', 0), /its header is not JSON/);
  refuses(withHeader('{"__metadata__":{"a":1}}', 0), /its __metadata__ is not a mapping of texts/);
  refuses(withHeader('{"a":{"dtype":"F32"}}', 0), /tensor "a": its header entry is damaged/);
  refuses(withHeader('{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}', 4), /tensor "a" is F16, expected F32/);
  refuses(
    withHeader('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4),
    /tensor "a" \[2\] should lie at 0 to 8, its header says 0 to 4/,
  );
  refuses(
    withHeader('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8),
    /should lie at 0 to 4, its header says 4 to 8/,
  );
  refuses(withHeader('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 9), /5 bytes follow the last tensor/);
});

test('any damaged file is either read or refused as data', () => {
  const good = encodeSafetensors(sample);
  const change = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255), keep: fc.nat(good.length) });
  fc.assert(
    fc.property(fc.oneof(change.map(damage), fc.uint8Array({ maxLength: 60 })), (bytes) => {
      try {
        decodeSafetensors('w', bytes);
      } catch (error) {
        assert.ok(error instanceof DataError, String(error));
      }
    }),
    { numRuns: 500 },
  );
  function damage({ at, value, keep }: { at: number; value: number; keep: number }): Uint8Array {
    const bytes = good.slice();
    bytes[at] = value;
    return keep % 3 === 0 ? bytes.subarray(0, keep) : bytes;
  }
});
