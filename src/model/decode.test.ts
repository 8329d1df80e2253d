import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argmax, DECODERS, decode, finalScores, UNDECIDED } from './decode.ts';
import type { DecoderSpec } from './spec.ts';

// Two samples, three steps, three classes.
const spikes = [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const membrane = [-3, -1, -2, 0, -1, -1, 0, 0, -9, -1, -1, -1, 2, 1, 0, -5, 0, 1];
const read = (kind: DecoderSpec['kind']): number[][] => {
  const found = [...decode({ kind }, { samples: 2, timesteps: 3, classes: 3, spikes, membrane })];
  return [found.slice(0, 3), found.slice(3)];
};

test('spike count: ties to the lowest class, silence undecided', () => {
  assert.deepEqual(read('spike-count'), [
    [UNDECIDED, 1, 1],
    [UNDECIDED, UNDECIDED, UNDECIDED],
  ]);
});

test('first spike: the earliest class, later spikes change nothing', () => {
  assert.deepEqual(read('first-spike'), [
    [UNDECIDED, 1, 1],
    [UNDECIDED, UNDECIDED, UNDECIDED],
  ]);
  const late = [0, 1, 1, 0, 1, 0];
  const found = decode({ kind: 'first-spike' }, { samples: 1, timesteps: 3, classes: 2, spikes: late });
  assert.deepEqual([...found], [1, 1, 1]);
  const counted = decode({ kind: 'spike-count' }, { samples: 1, timesteps: 3, classes: 2, spikes: [0, 1, 1, 0, 1, 0] });
  assert.deepEqual([...counted], [1, 0, 0]);
});

test('membranes: maximum, mean and last; negative values too', () => {
  assert.deepEqual(read('max-membrane'), [
    [1, 0, 0],
    [0, 0, 0],
  ]);
  // means after each step: [-3 -1 -2], [-1.5 -1 -1.5], [-1 -2/3 -4]; [-1 -1 -1], [.5 0 -.5], [-4/3 0 0]
  assert.deepEqual(read('mean-membrane'), [
    [1, 1, 1],
    [0, 0, 1],
  ]);
  assert.deepEqual(read('last-membrane'), [
    [1, 0, 0],
    [0, 0, 2],
  ]);
});

test('a decoder whose values the output layer does not give is refused', () => {
  const shape = { samples: 1, timesteps: 1, classes: 2 };
  assert.throws(() => decode({ kind: 'spike-count' }, { ...shape, membrane: [1, 2] }), {
    name: 'UnsupportedError',
    message: 'decoder "spike-count": the output layer gives no spikes; use a membrane decoder',
  });
  assert.throws(() => decode({ kind: 'last-membrane' }, { ...shape, spikes: [1, 0] }), {
    name: 'UnsupportedError',
    message: 'decoder "last-membrane": the output layer gives no membranes; use spike-count or first-spike',
  });
});

test('final scores, whose largest is the last prediction', () => {
  const input = { samples: 2, timesteps: 3, classes: 3, spikes, membrane };
  assert.deepEqual([...finalScores({ kind: 'spike-count' }, input)], [1, 2, 1, 0, 0, 0]);
  assert.deepEqual([...finalScores({ kind: 'first-spike' }, input)], [1 / 3, 1 / 2, 1 / 2, 0, 0, 0]);
  assert.deepEqual([...finalScores({ kind: 'max-membrane' }, input)], [0, 0, -1, 2, 1, 1]);
  assert.deepEqual([...finalScores({ kind: 'mean-membrane' }, input)], [-3, -2, -12, -4, 0, 0]);
  assert.deepEqual([...finalScores({ kind: 'last-membrane' }, input)], [0, 0, -9, -5, 0, 1]);
  for (const kind of DECODERS) {
    const scores = finalScores({ kind }, input);
    const last = [0, 1].map((i) =>
      scores.subarray(3 * i).some((value) => value !== 0) ? argmax(scores, 3 * i, 3) : UNDECIDED,
    );
    assert.deepEqual(
      last,
      [0, 1].map((i) => decode({ kind }, input)[3 * i + 2]),
    );
  }
});

test('argmax takes the lowest of equals, within its window', () => {
  assert.equal(argmax([9, 1, 5, 5], 1, 3), 1);
});
