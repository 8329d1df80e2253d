import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64 } from './base64.ts';

test('bytes become base64, across the pieces they are taken in', () => {
  assert.equal(toBase64(Uint8Array.of()), '');
  assert.equal(toBase64(Uint8Array.of(0, 255, 128, 7)), 'AP+ABw==');
  const many = Uint8Array.from({ length: 20_001 }, (_, i) => (i * 7919) % 256);
  assert.deepEqual(
    Uint8Array.from(atob(toBase64(many)), (char) => char.charCodeAt(0)),
    many,
  );
});
