import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecoderSpec } from '../model/index.ts';
import { accuracyOf, confusionOf } from './accuracy.ts';
import { checkOutputs, chooseDecoder, decode } from './decode.ts';

/** Classes after each step, for one sample given as rows of [T][C]. */
function classes(kind: DecoderSpec['kind'], rows: readonly (readonly number[])[]): number[] {
  const predictions = rows.map(() => new Int16Array(3));
  const shape = { samples: 1, timesteps: rows.length, classes: rows[0]!.length };
  decode(kind, rows.flat(), shape, predictions, 2);
  return predictions.map((step) => step[2]!);
}

test('spike counts: undecided while silent, ties to the lowest class', () => {
  assert.deepEqual(
    classes('spike-count', [
      [0, 0, 0],
      [0, 1, 1],
      [0, 0, 1],
      [0, 1, 0],
    ]),
    [-1, 1, 2, 1],
  );
});

test('first spike: decided once, ties to the lowest class', () => {
  assert.deepEqual(
    classes('first-spike', [
      [0, 0, 0],
      [0, 1, 1],
      [1, 0, 1],
    ]),
    [-1, 1, 1],
  );
});

test('membranes: the highest so far, the mean so far, the last', () => {
  const rows = [
    [-1, -1, -2],
    [0, 3, -5],
    [0, -4, 2],
    [1, 0, 0],
  ];
  assert.deepEqual(classes('max-membrane', rows), [0, 1, 1, 1]);
  assert.deepEqual(classes('mean-membrane', rows), [0, 1, 0, 0]);
  assert.deepEqual(classes('last-membrane', rows), [0, 1, 2, 0]);
});

test('several samples do not see each other', () => {
  const predictions = [new Int16Array(2), new Int16Array(2)];
  decode('spike-count', [0, 1, 0, 0, 0, 0, 0, 0], { samples: 2, timesteps: 2, classes: 2 }, predictions, 0);
  assert.deepEqual(predictions, [Int16Array.of(1, -1), Int16Array.of(1, -1)]);
});

test('the decoder must fit the output', () => {
  assert.equal(chooseDecoder(undefined, true), 'spike-count');
  assert.equal(chooseDecoder(undefined, false), 'last-membrane');
  assert.equal(chooseDecoder({ kind: 'max-membrane' }, true), 'max-membrane');
  assert.throws(
    () => chooseDecoder({ kind: 'first-spike' }, false),
    /decoder.kind: got "first-spike", but the output layer never fires; use max-membrane, mean-membrane, last-membrane/,
  );
  assert.throws(
    () => chooseDecoder({ kind: 'vote' as 'spike-count' }, true),
    /got "vote"; use spike-count, first-spike/,
  );
});

test('outputs that are no numbers are found', () => {
  const shape = { timesteps: 2, classes: 2 };
  checkOutputs('out', [1, 2, 3, 4], shape, 0);
  assert.throws(
    () => checkOutputs('out', [1, 2, 3, 4, 5, 6, 7, Number.NaN], shape, 10),
    /layer "out": output 1 is NaN at step 1, sample 11/,
  );
  assert.throws(
    () => checkOutputs('out', [Infinity], { timesteps: 1, classes: 1 }, 0),
    /output 0 is Infinity at step 0/,
  );
});

test('undecided samples are wrong, and in no column of the confusion matrix', () => {
  const [predictions, labels] = [Int16Array.of(0, 1, -1, 1), Uint8Array.of(0, 1, 0, 0)];
  const { value, correct, samples, undecided } = accuracyOf(predictions, labels);
  assert.deepEqual([value, correct, samples, undecided], [0.5, 2, 4, 1]);
  assert.deepEqual(confusionOf(predictions, labels, 2), [
    [1, 1],
    [0, 1],
  ]);
});
