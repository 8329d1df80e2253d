import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { philox, rng, STREAM } from './random.ts';

const block = (counter: readonly number[], key: readonly number[]): string[] => {
  const out = new Uint32Array(4);
  philox(out, counter[0]!, counter[1]!, counter[2]!, counter[3]!, key[0]!, key[1]!);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0'));
};

test('philox4x32-10 gives the known answers published with Random123', () => {
  const ones = 0xffffffff;
  assert.deepEqual(block([0, 0, 0, 0], [0, 0]), ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']);
  assert.deepEqual(block([ones, ones, ones, ones], [ones, ones]), ['408f276d', '41c83b0e', 'a20bc7c6', '6d5451fd']);
  assert.deepEqual(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]), [
    'd16cfe09',
    '94fdcceb',
    '5001e420',
    '24126ea1',
  ]);
});

test('the same seed, stream and substream give the same numbers, others do not', () => {
  const words = (seed: number, stream: number, substream: number): string => {
    const generator = rng(seed, stream, substream);
    return Array.from({ length: 9 }, () => generator.word()).join();
  };
  assert.equal(words(7, STREAM.init, 3), words(7, STREAM.init, 3));
  const all = [words(7, STREAM.init, 3), words(8, STREAM.init, 3), words(7, STREAM.split, 3), words(7, STREAM.init, 4)];
  assert.equal(new Set(all).size, 4);
});

test('uniform, below and normal have the moments they should', () => {
  const generator = rng(11, STREAM.noise);
  const n = 40_000;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const uniforms = Array.from({ length: n }, () => generator.uniform());
  assert.ok(uniforms.every((value) => value >= 0 && value < 1));
  assert.ok(Math.abs(mean(uniforms) - 0.5) < 5 * Math.sqrt(1 / 12 / n));
  const normals = Array.from({ length: n }, () => generator.normal());
  assert.ok(Math.abs(mean(normals)) < 5 / Math.sqrt(n));
  assert.ok(Math.abs(mean(normals.map((value) => value * value)) - 1) < 5 * Math.sqrt(2 / n));
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < n; i++) counts[generator.below(7)]!++;
  for (const seen of counts) assert.ok(Math.abs(seen - n / 7) < 5 * Math.sqrt(n / 7), `counts ${counts}`);
});

test('a permutation holds every index once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (n, seed) => {
      const order = rng(seed, STREAM.shuffle).permutation(n);
      assert.deepEqual(
        Array.from(order).sort((a, b) => a - b),
        Array.from({ length: n }, (_, i) => i),
      );
    }),
  );
});
