import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clip, pad, textWidth, wrap } from './text-width.ts';

test('width counts terminal cells', () => {
  assert.equal(textWidth('µJ é'), 4);
  assert.equal(textWidth('e\u0301'), 1);
  assert.equal(textWidth('脈衝'), 4);
  assert.equal(textWidth('🧠'), 2);
  assert.equal(textWidth('👩‍🔬'), 2);
  assert.equal(textWidth('ｆ'), 2);
  assert.equal(textWidth(''), 0);
});

test('padding fills cells, not characters', () => {
  assert.equal(pad('脈', 4, 'left'), '脈  ');
  assert.equal(pad('脈', 4, 'right'), '  脈');
  assert.equal(pad('long', 2, 'left'), 'long');
});

test('lines break at spaces, words only where they must, numbers at no thousands', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('abcdefgh', 3), ['abc', 'def', 'gh']);
  assert.deepEqual(wrap('脈衝神経', 5), ['脈衝', '神経']);
  assert.deepEqual(wrap('of 10\u00a0000 images', 8), ['of', '10\u00a0000', 'images']);
  assert.deepEqual(wrap('', 5), []);
});

test('clipping shows that it clipped', () => {
  assert.equal(clip('abcdef', 4), 'abc…');
  assert.equal(clip('abcd', 4), 'abcd');
});
