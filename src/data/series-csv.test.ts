import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/index.ts';
import { parseSeriesCsv } from './series-csv.ts';

const read = (text: string, column?: string) =>
  parseSeriesCsv(text, { path: 'a/load.csv', ...(column === undefined ? {} : { column }) });
const values = (text: string, column?: string): number[] => [...read(text, column).values];
const refuses = (text: string, message: RegExp, column?: string): void =>
  assert.throws(
    () => read(text, column),
    (error) => error instanceof DataError && message.test(error.message),
    `expected ${message}`,
  );

test('a column by name, by number, or the only one of numbers', () => {
  const text = 'time,"load, MW",price\n2020-01-01,1.5,-3\n2020-01-02,2e1,.25\n';
  assert.deepEqual(values(text, 'load, MW'), [1.5, 20]);
  assert.deepEqual(values(text, '3'), [-3, 0.25]);
  assert.deepEqual(values('day,x\nmo,1\ntu,2'), [1, 2]);
  assert.deepEqual(values('1\n2\n\n3\n\n'), [1, 2, 3]);
  assert.deepEqual(read(text, 'price'), {
    name: 'load',
    source: 'a/load.csv, column "price"',
    values: Float64Array.of(-3, 0.25),
  });
});

test('semicolons, tabs, CRLF, a byte order mark, quotes and line breaks in quotes', () => {
  assert.deepEqual(values('\ufeffa;b\r\n1;"2"\r\n3;4\r\n', 'b'), [2, 4]);
  assert.deepEqual(values('a\tb\n1\tx\n2\ty'), [1, 2]);
  assert.deepEqual(values('note,v\n"said ""no""\nand went",5\n"",6', 'v'), [5, 6]);
});

test('errors say line, column, what was found and what was expected', () => {
  refuses('t,v\na,1\nb,x2\n', /load\.csv: line 3, column "v": got "x2", expected a number such as/);
  refuses('v,w\n1,a\n,b\n', /line 3, column "v": got an empty cell, expected a number.*fill gaps/);
  refuses('v;w\na;1,5\n', /line 2, column "w": got "1,5".*decimal point/, 'w');
  refuses('v\n1\nNaN\n', /line 3, column "v": got "NaN"/);
  refuses('1\n1e999\n', /line 2, column 1: got "1e999"/);
  refuses('"a\nb",v\nx,1\ny,?\n', /line 4, column "v": got "\?"/);
  refuses('a,b\n1,2\n3\n', /line 3: got 1 cells, expected 2 as in line 1/, 'a');
  refuses('a,b\n1,2\n', /line 2: 2 columns have numbers; choose one of columns 1 "a", 2 "b" with --column/);
  refuses('a,b\nx,y\n', /line 2: no column has a number; choose one of/);
  refuses('a,b\n1,2\n', /has no column "c"; it has columns 1 "a", 2 "b"/, 'c');
  refuses('1,2\n', /has no column "3"; it has columns 1 to 2/, '3');
  refuses('', /has no values; expected a column of numbers/);
  refuses('load\n', /has no values/);
  refuses('a\n1"2\n', /line 2: a quote stands where none may/);
  refuses('a\n"1\n2\n', /line 2: a quote stands where none may, or is never closed/);
});

test('what is written is read back, whatever stands beside it', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const beside = fc.string({ unit: 'grapheme' }).map((text) => `"${text.replaceAll('"', '""')}"`);
  fc.assert(
    fc.property(fc.array(fc.tuple(beside, number), { minLength: 1 }), fc.constantFrom(',', ';', '\t'), (rows, by) => {
      const text = [`"note"${by}value`, ...rows.map(([note, value]) => `${note}${by}${value}`)].join('\n');
      assert.deepEqual(
        values(text, 'value'),
        rows.map(([, value]) => value + 0),
      );
    }),
  );
});

test('any text is a series of finite numbers or a DataError', () => {
  const alphabet = fc.constantFrom('1', '2', '.', '-', 'e', ',', ';', '\t', '"', '\n', '\r', ' ', 'a', '\ufeff');
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(alphabet).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (input) => {
      try {
        const { values: found } = read(input, '1');
        assert.ok(found.length > 0 && found.every(Number.isFinite));
      } catch (error) {
        assert.ok(error instanceof DataError, String(error));
      }
    }),
    { numRuns: 400 },
  );
});
