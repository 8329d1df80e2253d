import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnsupportedError } from '../../core/index.ts';
import { allocatorOf } from './allocator.ts';

const fresh = () => allocatorOf(new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true }));

test('regions are aligned, zeroed and do not overlap; freed ones are used again', () => {
  const allocator = fresh();
  const sizes = [1, 128, 1000, 70000, 5];
  const places = sizes.map((size) => allocator.allocate(size));
  for (const [k, place] of places.entries()) {
    assert.equal(place % 128, 0);
    const next = places[k + 1];
    if (next !== undefined) assert.ok(place + sizes[k]! <= next);
  }
  new Uint8Array(allocator.memory.buffer, places[2]!, 1000).fill(7);
  allocator.free(places[2]!);
  const again = allocator.allocate(900);
  assert.equal(again, places[2]);
  assert.ok(new Uint8Array(allocator.memory.buffer, again, 900).every((byte) => byte === 0));
});

test('more than the memory can hold is refused, saying how much was asked', () => {
  const allocator = fresh();
  assert.throws(
    () => allocator.allocate(5e9),
    (error) => error instanceof UnsupportedError && /5000000000 bytes do not fit in its 4 GiB/.test(error.message),
  );
});
