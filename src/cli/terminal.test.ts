import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { ConfigError, DataError, InterruptedError } from '../core/index.ts';
import { describeError, exitCodeOf } from './exit-code.ts';
import { openTerminal } from './terminal.ts';

/** A stream that remembers what was written to it. */
function stream(more: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  return { written, ...more, write: (text: string) => written.push(text) };
}

test('colours are for terminals, and NO_COLOR, FORCE_COLOR and dumb terminals are heeded', () => {
  const color = (isTTY: boolean, env: Record<string, string>): boolean =>
    openTerminal(stream({ isTTY }), stream(), env).color;
  assert.equal(color(true, {}), true);
  assert.equal(color(false, {}), false);
  assert.equal(color(true, { NO_COLOR: '1' }), false);
  assert.equal(color(true, { NO_COLOR: '', TERM: 'xterm' }), true);
  assert.equal(color(true, { TERM: 'dumb' }), false);
  assert.equal(color(false, { FORCE_COLOR: '1' }), true);
  assert.equal(color(false, { FORCE_COLOR: '0' }), false);
});

test('without colours none are written', () => {
  const out = stream();
  openTerminal(out, stream(), {}).out('\u001b[1mbold\u001b[0m');
  assert.deepEqual(out.written, ['bold']);
});

test("the width is the terminal's, that of COLUMNS for files, and never too narrow", () => {
  const width = (out: { isTTY?: boolean; columns?: number }, env = {}): number =>
    openTerminal(stream(out), stream(), env).width;
  assert.equal(width({ isTTY: true, columns: 133 }), 133);
  assert.equal(width({ isTTY: true, columns: 12 }), 40);
  assert.equal(width({ isTTY: true, columns: 0 }), 100);
  assert.equal(width({}), 100);
  assert.equal(width({}, { COLUMNS: '77' }), 77);
  assert.equal(width({}, { COLUMNS: 'x' }), 100);
});

test('bars are for a stderr that is a terminal', () => {
  const interactive = (err: { isTTY?: boolean }, env = {}): boolean =>
    openTerminal(stream(), stream(err), env).interactive;
  assert.deepEqual(
    [interactive({ isTTY: true }), interactive({}), interactive({ isTTY: true }, { TERM: 'dumb' })],
    [true, false, false],
  );
});

test('exit codes: usage and settings 2, interruption 130, the rest 1', () => {
  assert.equal(exitCodeOf(new ConfigError('key', 'wrong')), 2);
  assert.equal(exitCodeOf(new CommanderError(1, 'commander.unknownOption', 'x')), 2);
  assert.equal(exitCodeOf(new CommanderError(0, 'commander.helpDisplayed', 'x')), 0);
  assert.equal(exitCodeOf(new InterruptedError('stopped')), 130);
  assert.equal(exitCodeOf(new DataError('file', 'cut')), 1);
  assert.equal(exitCodeOf(new Error('fault')), 1);
});

test('an error is one line, a fault of the program says so, the stack is for --debug', () => {
  assert.equal(describeError(new DataError('file', 'is cut'), false), 'error: file: is cut\n');
  assert.equal(describeError(new InterruptedError('stopped'), false), 'stopped\n');
  assert.match(
    describeError(new TypeError('x is undefined'), false),
    /^error: x is undefined \(this is a fault in Spikewatt; --debug shows where\)\n$/,
  );
  assert.match(describeError(new DataError('file', 'is cut'), true), /^error: DataError.*file: is cut\n {4}at /s);
  assert.equal(describeError(new CommanderError(1, 'c', 'printed already'), false), '');
});
