import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordFixture } from '../../../test/fixtures/record.ts';
import { robustnessFixture } from '../../../test/fixtures/robustness.ts';
import { DataError } from '../../core/index.ts';
import { parseRecord, serialiseRecord } from '../parse-record.ts';
import type { RunRecord } from '../record.ts';
import { robustnessSchema } from './robustness.ts';

const bare = recordFixture({ converted: [5], snnTimesteps: 7 });
const result = robustnessFixture(['ANN', 'SNN T=7', 'converted T=5']);
const record: RunRecord = { ...bare, robustness: result };
const copyOf = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value));

/** What is said of the record with the field of its result at a dotted path changed. */
function messageOf(path: string, value: unknown): string {
  const copy = copyOf(record);
  const keys = `robustness.${path}`.split('.');
  const owner = keys.slice(0, -1).reduce<unknown>((held, key) => (held as Record<string, unknown>)[key], copy);
  (owner as Record<string, unknown>)[keys.at(-1)!] = value;
  try {
    parseRecord(JSON.stringify(copy), 'r.json');
  } catch (error) {
    assert.ok(error instanceof DataError, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: `${path} = ${JSON.stringify(value)} was taken` });
}

test('a result comes back as it was, in a record and by itself', () => {
  assert.deepEqual(parseRecord(serialiseRecord(record, 'r.json'), 'r.json'), record);
  assert.deepEqual(robustnessSchema.parse(copyOf(result)), result);
});

test('a record without one is read as before, of version 1 too', () => {
  assert.deepEqual(parseRecord(serialiseRecord(bare, 'r.json'), 'r.json'), bare);
  assert.deepEqual(parseRecord(JSON.stringify({ ...bare, version: 1 }), 'r.json'), bare);
});

test('sizes that do not fit together are named', () => {
  const point = result.noise[0]!.curves[0]!.points[0]!;
  assert.match(
    messageOf('noise.0.curves.1.points', [point]),
    /robustness\.noise\[0\]\.curves\[1\]\.points: got \[.*expected 3 points, one a level;/,
  );
  assert.match(
    messageOf('noise.1.curves.0.points', [point]),
    /noise\[1\]\.curves\[0\]\.points: .*expected none where not applicable;/,
  );
  assert.match(
    messageOf('attack.lines.2.points', [null]),
    /attack\.lines\[2\]\.points: got \[null\], expected 4 points, one an epsilon;/,
  );
  assert.match(
    messageOf('attack.epsilons', [0, 0.3, 0.2, 1]),
    /attack\.epsilons: got \[0,0\.3,0\.2,1\], expected numbers that rise;/,
  );
  assert.match(messageOf('noise.0.levels', []), /noise\[0\]\.levels: got \[\], expected at least 1;/);
});

test('a network that the run does not have is named', () => {
  const expected = /expected a network of this run: ANN, SNN T=7, converted T=5;/;
  const paths = ['noise.0.curves.1.network', 'attack.lines.3.network', 'examples.0.variants.0.predictions.2.network'];
  for (const path of paths) assert.match(messageOf(path, 'SNN T=8'), expected, path);
  const transfer = result.attack!.lines.findIndex(({ role }) => role === 'transfer');
  assert.match(
    messageOf(`attack.lines.${transfer}.from`, 'another'),
    /lines\[\d+\]\.from: got "another", expected a network of/,
  );
});

test('images are base64 of as many bytes as their shape has values', () => {
  assert.match(
    messageOf('examples.0.original', 'AAECAwQ!'),
    /examples\[0\]\.original: got "AAECAwQ!", expected .*base64/i,
  );
  const wanted = /expected 6 bytes in base64, one a value of 3 x 2 x 1;/;
  assert.match(messageOf('examples.0.original', 'AAECAwQ='), wanted);
  assert.match(messageOf('examples.0.variants.0.pixels', 'AAECAwQFBgcI'), wanted);
  assert.match(messageOf('examples.0.shape', [3, 3, 1]), /expected 9 bytes in base64/);
});

test('numbers outside what they can be are refused', () => {
  assert.match(messageOf('chance', 1.5), /robustness\.chance: got 1\.5, expected at most 1;/);
  assert.match(messageOf('noise.0.draws', 0), /draws: got 0, expected at least 1;|draws: got 0, expected .*0/);
  assert.match(
    messageOf('noise.0.curves.0.points.0.accuracy', { value: 0.5, low: 0.6, high: 0.7 }),
    /accuracy: got .*, expected an interval around its value;/,
  );
  assert.match(messageOf('noise.0.kind', 'fog'), /noise\[0\]\.kind: got "fog", expected one of "gaussian", /);
  assert.match(messageOf('attack.lines.0.points.1.samples', 0), /samples: got 0/);
  assert.match(messageOf('attack.lines.0.role', 'magic'), /role: got "magic", expected one of "naive", /);
  assert.match(messageOf('extra', 1), /got the unknown key "extra"/);
});

test('a line cannot be evidence and have alarms', () => {
  const masked = result.attack!.lines.findIndex(({ evidence }) => !evidence);
  const expected = /evidence: got \w+, expected true where there is no alarm, and false where there is one;/;
  assert.match(messageOf(`attack.lines.${masked}.evidence`, true), expected);
  assert.match(messageOf('attack.lines.0.evidence', false), expected);
});

test('a field of the result replaced by any JSON value gives a DataError or a record', () => {
  const paths = pathsOf(copyOf(result));
  fc.assert(
    fc.property(fc.nat(paths.length - 1), fc.jsonValue(), (index, value) => {
      const copy = copyOf(record);
      const keys = ['robustness', ...paths[index]!];
      const owner = keys.slice(0, -1).reduce<unknown>((held, key) => (held as Record<string, unknown>)[key], copy);
      (owner as Record<string, unknown>)[keys.at(-1)!] = value;
      try {
        const read = parseRecord(JSON.stringify(copy), 'r.json');
        assert.deepEqual(parseRecord(serialiseRecord(read, 'r.json'), 'r.json'), read);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});

/** Paths to every value, with only the first two items of long arrays. */
function pathsOf(value: unknown, prefix: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Object.keys(value).slice(0, Array.isArray(value) ? 2 : undefined);
  return keys.flatMap((key) => [
    [...prefix, key],
    ...pathsOf((value as Record<string, unknown>)[key], [...prefix, key]),
  ]);
}
