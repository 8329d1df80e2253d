// Progress on stderr: a bar with the time left on a terminal, a plain line now and then elsewhere.

import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../experiment/index.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two plain lines of one stage. */
const PLAIN_INTERVAL = 5000;
const STAGE_WIDTH = 21;

const line = (stage: string, text: string | undefined): string => `${stage.padEnd(STAGE_WIDTH)} ${text ?? 'done'}\n`;

/** Progress that must be closed, so that a bar cut short leaves the terminal's line free. */
export interface ShownProgress extends Progress {
  close(): void;
}

/** Bars where stderr is a terminal, lines otherwise. */
export function showProgress(terminal: Terminal, clock: () => number = Date.now): ShownProgress {
  return terminal.interactive ? bars(terminal) : lines(terminal, clock);
}

const BAR_WIDTH = { least: 8, most: 30 };
/** Cells of a bar's line beside stage, bar and detail: the share and the time left. */
const FIGURES_WIDTH = 20;
/** Room that a detail should have, if it can. */
const DETAIL_WIDTH = 31;

function bars(terminal: Terminal): ShownProgress {
  let bar: SingleBar | undefined;
  let stage = '';
  const free = terminal.width - STAGE_WIDTH - FIGURES_WIDTH;
  const barsize = Math.max(BAR_WIDTH.least, Math.min(BAR_WIDTH.most, free - DETAIL_WIDTH));
  const close = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    begin(name, total) {
      close();
      stage = name;
      if (total === 0) return;
      bar = openBar(name, barsize);
      bar.start(total, 0, { detail: '' });
    },
    update: (done, detail) =>
      bar?.update(done, detail === undefined ? {} : { detail: detail.slice(0, Math.max(0, free - barsize)) }),
    end(result) {
      close();
      terminal.err(line(stage, result));
    },
    note(text) {
      close();
      terminal.err(`${text}\n`);
    },
    close,
  };
}

/** The terminal's own settings (cursor, wrapping) are left alone, so that nothing is to be mended after a second Ctrl-C. */
const openBar = (name: string, barsize: number): SingleBar =>
  new SingleBar(
    {
      format: `${name.padEnd(STAGE_WIDTH)} {bar} {percentage}% {eta_formatted} left {detail}`,
      barsize,
      clearOnComplete: true,
      gracefulExit: false,
      hideCursor: null,
      linewrap: true,
      stopOnComplete: false,
    },
    Presets.shades_grey,
  );

function lines(terminal: Terminal, clock: () => number): ShownProgress {
  let stage = { name: '', total: 0, unit: '' };
  let last = 0;
  return {
    begin(name, total, unit) {
      stage = { name, total, unit };
      last = clock();
    },
    update(done, detail) {
      if (clock() - last < PLAIN_INTERVAL) return;
      last = clock();
      const share = stage.total > 0 ? `${Math.floor((100 * done) / stage.total)} %` : `${done} ${stage.unit}`;
      terminal.err(line(stage.name, detail === undefined ? share : `${share}  ${detail}`));
    },
    end: (result) => terminal.err(line(stage.name, result)),
    note: (text) => terminal.err(`${text}\n`),
    close() {},
  };
}
