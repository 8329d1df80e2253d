import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followLoading } from './load-progress.ts';

test('loading is told as stages: each begins with its first word and ends with the next', () => {
  const told: string[] = [];
  const follow = followLoading({
    begin: (stage, total, unit) => told.push(`${stage} of ${total} ${unit}`),
    update: (done, detail) => told.push(`${done} ${detail}`),
    end: () => told.push('end'),
    note: (text) => told.push(text),
  });
  const what = 'https://example.org/some/cifar.tar.gz';
  follow({ stage: 'download', what, done: 1_500_000, total: 3_000_000, unit: 'bytes' });
  follow({ stage: 'download', what, done: 3_000_000, total: 3_000_000, unit: 'bytes' });
  follow({ stage: 'unpack', what: 'cache/cifar.tar.gz', done: 1, total: 6, unit: 'files' });
  follow({ stage: 'decode', what: 'images/', done: 7, total: undefined, unit: 'images' });
  assert.deepEqual(told, [
    'Download of 3000000 bytes',
    '1500000 1.5 MB of cifar.tar.gz',
    '3000000 3.0 MB of cifar.tar.gz',
    'end',
    'Unpack of 6 files',
    '1 cifar.tar.gz',
    'end',
    'Decode images of 0 images',
    '7 images',
  ]);
});
