import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordFixture } from '../../test/fixtures/record.ts';
import { DataError } from '../core/index.ts';
import { parseRecord, serialiseRecord } from './parse-record.ts';
import type { NetworkRecord, RunRecord } from './record.ts';

const record = recordFixture({ converted: [5], snnTimesteps: 7 });
const text = serialiseRecord(record, 'record.json');

/** The message of the DataError that reading `content` gives. */
function messageOf(content: Uint8Array | string): string {
  try {
    parseRecord(content, 'runs/a/record.json');
  } catch (error) {
    assert.ok(error instanceof DataError, `expected a DataError, got ${error}`);
    assert.equal(error.path, 'runs/a/record.json');
    return error.message;
  }
  throw new assert.AssertionError({ message: 'no error was thrown' });
}

/** The record's text with the field at a dotted path changed. */
function changed(path: string, value: unknown): string {
  const copy = JSON.parse(text) as unknown;
  setAt(copy, path.split('.'), value);
  return JSON.stringify(copy);
}

function setAt(root: unknown, path: readonly string[], value: unknown): void {
  const owner = path.slice(0, -1).reduce<unknown>((held, key) => (held as Record<string, unknown>)[key], root);
  (owner as Record<string, unknown>)[path.at(-1)!] = value;
}

test('a record written and read again is the same record', () => {
  assert.deepEqual(parseRecord(text, 'record.json'), record);
  assert.deepEqual(parseRecord(new TextEncoder().encode(text), 'record.json'), record);
});

test('a truncated record says where it ends', () => {
  const cut = text.slice(0, 1000);
  assert.match(
    messageOf(cut),
    /^runs\/a\/record\.json at byte 1000: got broken JSON \(the file ends there, after 1000 bytes/,
  );
  assert.match(messageOf(''), /at byte 0: got broken JSON .* expected a run record; restore the file from a copy/);
});

test('the offset of broken JSON counts bytes, not characters', () => {
  assert.match(messageOf('{"é": tru'), /at byte 10: /);
  assert.match(messageOf('{"é": !}'), /at byte 7: got broken JSON/);
});

test('bytes that are not text are refused', () => {
  assert.match(
    messageOf(new Uint8Array([0x7b, 0xff, 0xfe])),
    /got bytes that are not UTF-8, expected a JSON run record/,
  );
});

test('another format or version is named', () => {
  assert.match(messageOf('[]'), /got no "format", expected format "spikewatt-run"; point to the record\.json/);
  assert.match(messageOf('null'), /got no "format"/);
  assert.match(messageOf('{"format":"x"}'), /got format "x", expected format "spikewatt-run"/);
  const later = changed('version', 3);
  assert.match(
    messageOf(later),
    /got run record version 3, expected version 1 or 2; read it with the Spikewatt that wrote it \(0\.1\.0\)/,
  );
  assert.match(messageOf('{"format":"spikewatt-run"}'), /got run record version nothing, expected version 1 or 2;/);
});

test('a record of version 1 is read as one of version 2', () => {
  assert.deepEqual(parseRecord(changed('version', 1), 'old.json'), JSON.parse(text));
});

test('what version 2 adds comes back as it was', () => {
  const [ann, ...others] = record.networks;
  const network: NetworkRecord = {
    ...ann!,
    overTime: { synops: [1, 3], undecided: [0.5, 0], energy: [{ profile: 'p', label: 'P', joules: [1e-9, 2e-9] }] },
    earlyStop: {
      rule: 'margin',
      profile: 'p',
      points: [
        {
          ...{ threshold: 2, accuracy: 0.9, meanSteps: 3.5, synops: 7, energy: null },
          ...{ stepsSaved: 0.1, synopsSaved: 0.2, energySaved: null },
        },
      ],
    },
    diagnosis: {
      ...{ timesteps: 8, samples: 4, annAccuracy: 1, accuracy: 0.75 },
      layers: [
        {
          ...{ layer: 'if1', fires: true, scale: 2, values: 3, meanActivation: 0.5, meanRate: 0.25, correlation: null },
          ...{ meanError: 0.1, percentileError: 0.2, relativeError: 0.3, ownError: 0, saturated: 0.5, silent: 0 },
          histogram: { width: 0.1, activations: [1], rates: [0.5, 0.5] },
          scatter: [{ activation: 1, rate: 0.5 }],
        },
      ],
      findings: [{ layer: 'if1', severity: 'loses', problem: 'too few spikes', remedy: 'more steps' }],
      fixes: [{ fix: 'more steps', change: 'timesteps: 16', timesteps: 16, accuracy: 1, gain: 0.25 }],
    },
    watched: [{ sample: 0, layer: 'if1', neuron: 5, position: [0, 1, 1], membrane: [0.5, -0.5], spikes: [1] }],
    stream: {
      ...{ samples: 10, latency: { median: 1, p95: 2, mean: 1.2, longest: 3 } },
      ...{ eventsPerSample: 5, eventsPerSecond: 50, synopsPerSecond: 500 },
    },
    rates: [{ layer: 'if1', rates: [0.5], every: 4 }],
  };
  const data = {
    ...record.data,
    normalize: { by: 'given', mean: [0.5], deviation: [0.25] },
    skipped: [{ path: 'a.png', reason: 'cut short' }],
  };
  const full = { ...record, data, networks: [network, ...others] };
  assert.deepEqual(parseRecord(serialiseRecord(full, 'r.json'), 'r.json'), full);
});

test('a wrong value is named with its key, what was got and what was expected', () => {
  const cases: [RegExp, string, unknown][] = [
    [/: wallSeconds: got "x", expected a value of type number; restore/, 'wallSeconds', 'x'],
    [/: wallSeconds: got -1, expected at least 0;/, 'wallSeconds', -1],
    [/: wallSeconds: got nothing, expected a value of type number;/, 'wallSeconds', undefined],
    [/: the record: got the unknown key "extra", expected none;/, 'extra', 1],
    [/: id: got "\.\.\/x", expected letters, digits/, 'id', '../x'],
    [/: networks: got \[\], expected at least 1;/, 'networks', []],
    [/: networks\[0\]\.kind: got "cnn", expected one of "ann", "snn", "converted";/, 'networks.0.kind', 'cnn'],
    [/: networks\[0\]\.accuracy\.value: got 1\.5, expected at most 1;/, 'networks.0.accuracy.value', 1.5],
    [/: networks\[0\]\.spec: .*fc1.*; restore the file/, 'networks.0.spec.layers.1.name', 'fc1'],
    [/: networks\[0\]\.spec: .*layers\[0\]\.units: got -3, expected/, 'networks.0.spec.layers.0.units', -3],
    [/: networks: got \[.*\.\.\., expected names that are all different;/, 'networks.0.name', 'SNN T=7'],
  ];
  for (const [expected, path, value] of cases) assert.match(messageOf(changed(path, value)), expected);
});

test('a record with NaN is not written', () => {
  const broken: RunRecord = { ...record, wallSeconds: Number.NaN };
  assert.throws(() => serialiseRecord(broken, 'out/record.json'), {
    name: 'DataError',
    message: /^out\/record\.json: the record was not written: wallSeconds: got NaN, expected a value of type number;/,
  });
});

test('random damage gives a DataError or a record, never anything else', () => {
  const bytes = new TextEncoder().encode(text);
  const edit = fc.record({
    at: fc.nat(bytes.length - 1),
    value: fc.nat(255),
    kind: fc.constantFrom('set', 'cut', 'drop', 'ascii'),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let damaged = Array.from(bytes);
      for (const { at, value, kind } of edits) {
        if (kind === 'cut') damaged = damaged.slice(0, at);
        else if (kind === 'drop') damaged.splice(at, 1 + (value % 8));
        else if (at < damaged.length) damaged[at] = kind === 'set' ? value : 0x20 + (value % 0x5f);
      }
      readOrDataError(Uint8Array.from(damaged));
    }),
    { numRuns: 150 },
  );
});

test('a field replaced by any JSON value gives a DataError or a record', () => {
  const paths = pathsOf(JSON.parse(text));
  fc.assert(
    fc.property(fc.nat(paths.length - 1), fc.jsonValue(), (index, value) => {
      const copy = JSON.parse(text) as unknown;
      setAt(copy, paths[index]!, value);
      readOrDataError(JSON.stringify(copy));
    }),
    { numRuns: 300 },
  );
});

function readOrDataError(content: Uint8Array | string): void {
  try {
    const read = parseRecord(content, 'record.json');
    assert.deepEqual(parseRecord(serialiseRecord(read, 'record.json'), 'record.json'), read);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(error instanceof DataError, `expected a DataError, got ${error instanceof Error ? error.stack : error}`);
  }
}

/** Paths to every value, with only the first two items of long arrays. */
function pathsOf(value: unknown, prefix: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Object.keys(value).slice(0, Array.isArray(value) ? 2 : undefined);
  return keys.flatMap((key) => [
    [...prefix, key],
    ...pathsOf((value as Record<string, unknown>)[key], [...prefix, key]),
  ]);
}
