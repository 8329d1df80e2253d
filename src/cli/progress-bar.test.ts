import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showProgress } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';

/** A stderr that is no terminal, and what is written to it. */
function plainTerminal(): { terminal: Terminal; written: string[] } {
  const written: string[] = [];
  const terminal = {
    out: () => undefined,
    err: (text: string) => void written.push(text),
    interactive: false,
    width: 80,
    color: false,
  };
  return { terminal, written };
}

test('elsewhere than on a terminal there is a line at the end of a stage, and one now and then within it', () => {
  const { terminal, written } = plainTerminal();
  let time = 0;
  const progress = showProgress(terminal, () => time);
  progress.begin('Train ANN', 200, 'images');
  progress.update(10);
  time = 4999;
  progress.update(50);
  assert.deepEqual(written, []);
  time = 5000;
  progress.update(60, 'epoch 1/3');
  time = 9000;
  progress.update(100);
  progress.end('97.5 %');
  progress.note('resuming');
  assert.deepEqual(written, [
    'Train ANN             30 %  epoch 1/3\n',
    'Train ANN             97.5 %\n',
    'resuming\n',
  ]);
});

test('a stage of unknown length counts its units', () => {
  const { terminal, written } = plainTerminal();
  let time = 0;
  const progress = showProgress(terminal, () => time);
  progress.begin('Load data', 0, 'images');
  time = 6000;
  progress.update(1234);
  assert.deepEqual(written, ['Load data             1234 images\n']);
});
