import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError, DataError } from '../core/index.ts';
import { loadStudy } from './load-study.ts';
import type { Study } from './study.ts';
import { parseStudyFile } from './study-file.ts';
import { mergeSettings, type StudyLayer } from './study-merge.ts';
import { parseOverrides as parseAll } from './study-overrides.ts';
import { studyPresets } from './study-presets.ts';

const fromText = (text: string): Study => loadStudy({ file: parseStudyFile('study.yaml', text) });
const parseOverrides = (assignments: readonly string[]): StudyLayer =>
  parseAll(assignments.map((assignment) => ({ assignment, written: `--set ${assignment}` })));
const withSet = (...assignments: string[]): Study => loadStudy({ overrides: parseOverrides(assignments) });

/** The message of the error that `action` throws. */
function messageOf(action: () => unknown, kind: typeof ConfigError | typeof DataError = ConfigError): string {
  let caught: unknown;
  try {
    action();
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof kind, `expected a ${kind.name}, got ${String(caught)}`);
  return caught.message;
}

test('every preset is a whole, valid study and named after itself', () => {
  assert.ok(studyPresets.length >= 13);
  for (const { name } of studyPresets) assert.equal(loadStudy({ preset: name }).name, name);
});

test('the default is the main job: all of MNIST, rate-coded LIF with T=20, conversions up to T=100', () => {
  const study = loadStudy({});
  assert.deepEqual(study.network, { hidden: [256] });
  assert.deepEqual([study.data.train, study.data.test, study.timesteps], [null, null, 20]);
  assert.deepEqual(study.convert.timesteps, [5, 10, 20, 50, 100]);
  assert.deepEqual(study.compare, ['ann', 'snn', 'converted']);
});

test('a file is laid over its preset, and the command line over both', () => {
  const file = parseStudyFile('a/small.yaml', 'preset: mlp-256-256\ntraining: {snn: {epochs: 3}}\ntimesteps: 7\n');
  const study = loadStudy({ file, overrides: parseOverrides(['timesteps=9', 'compare=[snn]']) });
  assert.equal(study.name, 'small');
  assert.deepEqual(study.network, { hidden: [256, 256], init: 'kaiming-uniform' });
  assert.deepEqual([study.training.snn.epochs, study.training.ann.epochs, study.timesteps], [3, 20, 9]);
  assert.deepEqual(study.compare, ['snn']);
});

test('quick changes less than the command line does', () => {
  assert.equal(loadStudy({ quick: true }).data.train, 24_000);
  assert.equal(loadStudy({ quick: true }).name, 'mnist-quick');
  assert.equal(loadStudy({ quick: true, preset: 'mlp-1000' }).name, 'mlp-1000');
  assert.equal(loadStudy({ quick: true, overrides: parseOverrides(['data.train=500']) }).data.train, 500);
});

test('objects of another kind replace, of the same kind merge', () => {
  assert.deepEqual(mergeSettings({ encoder: { kind: 'rate', gain: 1 } }, { encoder: { kind: 'constant' } }), {
    encoder: { kind: 'constant' },
  });
  assert.deepEqual(mergeSettings({ encoder: { kind: 'rate', gain: 1 } }, { encoder: { gain: 2 } }), {
    encoder: { kind: 'rate', gain: 2 },
  });
  assert.deepEqual(mergeSettings({ network: { hidden: [3], bias: true } }, { network: { sizes: [2, 3] } }), {
    network: { sizes: [2, 3] },
  });
  assert.deepEqual(mergeSettings({ network: { hidden: [3], bias: true } }, { network: { hidden: [4] } }), {
    network: { hidden: [4], bias: true },
  });
});

test('an unknown key is named with its line, the nearest allowed one, and all that are allowed', () => {
  const message = messageOf(() => fromText('timesteps: 5\ntraining:\n  snn:\n    epoch: 3\n'));
  assert.match(
    message,
    /^training\.snn\.epoch: unknown key; did you mean "epochs"\? allowed: epochs, batchSize, loss, /,
  );
  assert.match(message, /\(study\.yaml:4:5\)$/);
  assert.match(
    messageOf(() => fromText('tyme: 3')),
    /^tyme: unknown key; did you mean "name"|^tyme: unknown key; allowed: name, data/,
  );
});

test('a wrong value is shown with what is allowed and where it was written', () => {
  const cases: readonly [string, RegExp][] = [
    ['timesteps: 0', /^timesteps: got 0, expected a number of at least 1 \(study\.yaml:1:1\)$/],
    ['timesteps: three', /^timesteps: got "three", expected a number \(study\.yaml:1:1\)$/],
    ['timesteps: 2.5', /^timesteps: got 2\.5, expected a whole number/],
    ['timesteps:', /^timesteps: got null, expected a number/],
    [
      'decoder: spike_count',
      /^decoder: got "spike_count", expected one of spike-count, .*; did you mean "spike-count"\?/,
    ],
    ['encoder: {kind: poison}', /^encoder\.kind: got "poison", expected one of constant, rate, latency, delta/],
    [
      'encoder: {kind: rate, gian: 1}',
      /^encoder\.gian: unknown key; did you mean "gain"\? allowed: kind, gain, offset/,
    ],
    [
      'convert: {timesteps: [5, -1]}',
      /^convert\.timesteps\[1\]: got -1, expected a number of at least 1 \(study\.yaml:1:26\)$/,
    ],
    ['convert: {timesteps: []}', /^convert\.timesteps: got \[\], expected a list of at least 1 item/],
    ['data: {validation: 1}', /^data\.validation: got 1, expected a number of less than 1/],
    [
      'training: {ann: {optimizer: {kind: lion}}}',
      /^training\.ann\.optimizer\.kind: got "lion", expected one of sgd, adam, adamw/,
    ],
    [
      'neuron: {dialect: snntorch.leeky}',
      /^neuron\.dialect: got "snntorch\.leeky", expected one of snntorch\.leaky, .*did you mean/,
    ],
    ['neuron: {bata: 0.9}', /^neuron\.bata: unknown key; did you mean "beta"\? allowed: dialect, beta, threshold/],
    ['neuron: {dialect: norse.lif, vTh: x}', /^neuron\.vTh: got "x", expected a number \(study\.yaml:1:30\)/],
    ['network: mnist-wid', /^network: got "mnist-wid", expected one of mnist-mlp, .*; did you mean "mnist-wide"\?/],
    ['network: {hidden: [0]}', /^network\.hidden\[0\]: got 0, expected a number of at least 1/],
    ['network: {size: [3]}', /^network\.size: unknown key; allowed: hidden, bias/],
    ['seed: -1', /^seed: got -1, expected a number of at least 0/],
    ['name: ""', /^name: got "", expected text of at least 1 character/],
    ['data: 3', /^data: got 3, expected a mapping of keys to values/],
  ];
  for (const [text, pattern] of cases)
    assert.match(
      messageOf(() => fromText(text)),
      pattern,
      text,
    );
});

test('all problems are listed, a line each', () => {
  const lines = messageOf(() => fromText('timesteps: 0\nseed: x\nfoo: 1\n')).split('\n');
  assert.deepEqual(
    lines.map((line) => line.split(':')[0]),
    ['timesteps', 'seed', 'foo'],
  );
});

test('settings that do not go together are refused', () => {
  assert.match(
    messageOf(() => withSet('data.dataset=folder')),
    /^data\.path: data\.dataset is "folder", so give the folder/,
  );
  assert.match(
    messageOf(() => withSet('data.path=x')),
    /^data\.path: got "x", but data\.dataset is "mnist"/,
  );
  assert.match(
    messageOf(() => withSet('training.ann.loss.kind=ce-count')),
    /^training\.ann\.loss\.kind: got "ce-count", expected cross-entropy/,
  );
  assert.match(
    messageOf(() => withSet('training.snn.loss.kind=cross-entropy')),
    /^training\.snn\.loss\.kind: got "cross-entropy"/,
  );
});

test('an unknown energy profile, and an encoder for changes on images that do not change, are refused', () => {
  assert.match(
    messageOf(() => withSet('energy=[keras-loihy]')),
    /^energy\[0\]: got "keras-loihy", expected one of horowitz-45nm-fp32, .*; did you mean "keras-loihi"\? \(--set/,
  );
  assert.match(
    messageOf(() => withSet('encoder={kind: delta}')),
    /^encoder\.kind: got "delta", which codes changes .*; the images of "mnist" do not change; use constant, rate or latency$/,
  );
});

test('overrides say how they are written and are quoted in errors', () => {
  assert.match(
    messageOf(() => parseOverrides(['timesteps'])),
    /^--set timesteps: expected key=value, as in --set training\.snn/,
  );
  assert.match(
    messageOf(() => parseOverrides(['a=[1'])),
    /^--set a=\[1: the value is not YAML/,
  );
  assert.match(
    messageOf(() => parseOverrides(['__proto__.x=1'])),
    /^--set __proto__\.x=1: a part of the key/,
  );
  assert.match(
    messageOf(() => parseOverrides(['a..b=1'])),
    /^--set a\.\.b=1: a part of the key/,
  );
  assert.match(
    messageOf(() => parseOverrides(['a.=1'])),
    /^--set a\.=1: a part of the key/,
  );
  assert.match(
    messageOf(() => withSet('timesteps=0')),
    /^timesteps: got 0, expected .* \(--set timesteps=0\)$/,
  );
  assert.match(
    messageOf(() => withSet('time=0')),
    /^time: unknown key; .*\(--set time=0\)$/,
  );
});

test('an unknown preset lists the presets', () => {
  const message = messageOf(() => loadStudy({ preset: 'mnist-defualt' }));
  assert.match(
    message,
    /^preset: no preset "mnist-defualt"; did you mean "mnist-default"\? presets: mnist-default, mnist-quick, /,
  );
  assert.match(
    messageOf(() => fromText('preset: 3')),
    /^preset: got 3, expected a preset's name/,
  );
});

test('text that is not YAML is placed by line and column', () => {
  assert.match(
    messageOf(() => fromText('a: [1\nb: }'), DataError),
    /^study\.yaml:2:\d+: not well-formed YAML or JSON/,
  );
  assert.match(
    messageOf(() => fromText('seed: 1\nseed: 2'), DataError),
    /^study\.yaml:2:1: not well-formed YAML or JSON: Map keys must be unique/,
  );
  assert.match(
    messageOf(() => fromText('- 1'), DataError),
    /^study\.yaml: a study is a mapping of keys to values .*, got a list/,
  );
  assert.match(
    messageOf(() => fromText('just text'), DataError),
    /got string "just text"/,
  );
  assert.match(
    messageOf(() => fromText('a: *nothing'), DataError),
    /study\.yaml.*/,
  );
  assert.equal(fromText('{"timesteps": 3, "compare": ["ann"]}').timesteps, 3);
  assert.equal(fromText('').timesteps, 20);
});

test('any text either parses or is refused with one of our errors', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom(...'ab: {}[]\n-&*!#\'"|>?%@`,1') })),
      (text) => {
        try {
          fromText(text);
        } catch (error) {
          assert.ok(error instanceof ConfigError || error instanceof DataError, String(error));
        }
      },
    ),
    { numRuns: 300 },
  );
});
