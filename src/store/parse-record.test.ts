import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordFixture } from '../../test/fixtures/record.ts';
import { DataError } from '../core/index.ts';
import { parseRecord, serialiseRecord } from './parse-record.ts';
import type { RunRecord } from './record.ts';

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
  const later = changed('version', 2);
  assert.match(
    messageOf(later),
    /got run record version 2, expected version 1; read it with the Spikewatt that wrote it \(0\.1\.0\)/,
  );
  assert.match(messageOf('{"format":"spikewatt-run"}'), /got run record version nothing, expected version 1;/);
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
