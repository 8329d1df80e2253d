import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activityNotes, chanceLoss, type DiagnosisContext, historyNotes } from './diagnosis.ts';
import type { Evaluation } from './evaluate.ts';
import type { EpochReport } from './result.ts';

const context: DiagnosisContext = {
  classNames: ['zero', 'one', 'two', 'three'],
  timesteps: 5,
  loss: 'ce-rate',
  trainSamples: 900,
  validationSamples: 100,
};
const healthy: Evaluation = {
  samples: 100,
  loss: 1,
  accuracy: 0.7,
  predicted: [25, 30, 25, 20],
  undecided: 0,
  layers: [
    { kind: 'neuron', layer: 'lif1', neurons: 9, rate: 0.2 },
    { kind: 'relu', layer: 'relu1', neurons: 9, rate: 1 },
  ],
};
const found = (change: Partial<Evaluation>): string[] =>
  activityNotes(3, { ...healthy, ...change }, context).map(({ text }) => text);
const epoch = (number: number, change: Partial<EpochReport>): EpochReport => ({
  epoch: number,
  trainLoss: 0.5,
  trainAccuracy: 0.8,
  validationLoss: 0.5,
  validationAccuracy: 0.78,
  learningRate: 0.1,
  seconds: 1,
  ...change,
});

test('a healthy epoch has no notes', () => {
  assert.deepEqual(found({}), []);
  assert.deepEqual(historyNotes([epoch(1, {}), epoch(2, {})], context), []);
  assert.deepEqual(historyNotes([], context), []);
});

test('silent and saturated layers are named', () => {
  const [silent, saturated, dead, ...rest] = found({
    layers: [
      { kind: 'neuron', layer: 'lif1', neurons: 9, rate: 0 },
      { kind: 'neuron', layer: 'lif2', neurons: 4, rate: 0.987 },
      { kind: 'relu', layer: 'relu1', neurons: 7, rate: 0 },
      { kind: 'neuron', layer: 'lif3', neurons: 4, rate: 0.9 },
    ],
  });
  assert.equal(
    silent,
    'layer "lif1" is silent: none of its 9 neurons fired in 5 steps of 100 validation samples; lower its threshold, or raise the encoder\'s gain or the weights before it',
  );
  assert.match(saturated!, /^layer "lif2" is saturated: its 4 neurons fired at 98\.7 % of all steps in 5 steps of 100/);
  assert.match(dead!, /^layer "relu1" is dead: none of its 7 ReLUs was above 0 on 100 validation samples; lower/);
  assert.deepEqual(rest, []);
});

test('answering one class is said, unless that is right', () => {
  const [note, ...rest] = found({ predicted: [0, 0, 99, 1], accuracy: 0.26 });
  assert.match(note!, /^the network answers class 2 \("two"\) for 99 of 100 validation samples; train longer/);
  assert.deepEqual(rest, []);
  assert.deepEqual(found({ predicted: [0, 0, 99, 1], accuracy: 0.98 }), []);
  assert.deepEqual(found({ predicted: [0, 1, 98, 1], accuracy: 0.26 }), []);
});

test('samples without an answer are counted', () => {
  assert.match(
    found({ undecided: 10 })[0]!,
    /^10 of 100 validation samples made no output neuron fire and count as wrong/,
  );
  assert.deepEqual(found({ undecided: 9 }), []);
});

test('the loss of guessing, where it is known', () => {
  assert.equal(chanceLoss('cross-entropy', 10, 1), Math.log(10));
  assert.equal(chanceLoss('ce-membrane', 10, 25), 25 * Math.log(10));
  assert.equal(chanceLoss('mse-count', 10, 25), undefined);
});

test('a loss that stays at chance is said from the second epoch on, until it leaves', () => {
  const at = (...losses: number[]): EpochReport[] => losses.map((trainLoss, i) => epoch(i + 1, { trainLoss }));
  assert.deepEqual(historyNotes(at(1.386), context), []);
  const [note] = historyNotes(at(1.39, 1.38), context);
  assert.match(
    note!.text,
    /^the training loss stays at ln\(4\) = 1\.386, that of guessing, after 2 epochs \(1\.380\); try a higher/,
  );
  assert.deepEqual(historyNotes(at(1.39, 1.36), context), []);
  const membranes = { ...context, loss: 'ce-membrane' } as const;
  assert.match(historyNotes(at(6.93, 6.94), membranes)[0]!.text, /stays at 5 ln\(4\) = 6\.931/);
});

test('without a known loss of guessing, accuracy is looked at', () => {
  const squares = { ...context, loss: 'mse-count' } as const;
  const at = (trainAccuracy: number): EpochReport[] =>
    [1, 2, 3].map((n) => epoch(n, { trainAccuracy, validationAccuracy: 0.25 }));
  // 3 standard errors above one in four: 0.25 + 3 sqrt(0.1875 / 900) = 0.2933
  assert.match(
    historyNotes(at(0.293), squares)[0]!.text,
    /^the training accuracy stays at 29\.3 %, that of guessing among 4 classes, after 3 epochs/,
  );
  assert.deepEqual(
    historyNotes(at(0.294), squares).filter(({ kind }) => kind === 'loss-at-chance'),
    [],
  );
});

test('over-fitting is said where the gap is more than the sizes of the sets explain', () => {
  const gap = (validationAccuracy: number | null): string[] =>
    historyNotes([epoch(1, { trainAccuracy: 0.99, validationAccuracy })], context).map(({ text }) => text);
  // bound: 0.05 + 2 sqrt(0.99 0.01 / 900 + v (1 - v) / 100), 0.122 at v = 0.85 and 0.116 at v = 0.88
  assert.match(
    gap(0.85)[0]!,
    /^over-fitting: 99\.0 % of the training samples are right but only 85\.0 % of the validation samples \(epoch 1\)/,
  );
  assert.deepEqual(gap(0.88), []);
  assert.deepEqual(gap(null), []);
});
