// Progress on stderr: a bar with the time left on a terminal, a plain line now and then elsewhere.

import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../experiment/index.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two plain lines of one stage. */
const PLAIN_INTERVAL = 5000;
const STAGE_WIDTH = 26;

const line = (stage: string, text: string | undefined): string => `${stage.padEnd(STAGE_WIDTH)} ${text ?? 'done'}\n`;

/** Bars where stderr is a terminal, lines otherwise. */
export function showProgress(terminal: Terminal, clock: () => number = Date.now): Progress {
  return terminal.interactive ? bars(terminal) : lines(terminal, clock);
}

function bars(terminal: Terminal): Progress {
  let bar: SingleBar | undefined;
  let stage = '';
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    begin(name, total, unit) {
      stop();
      stage = name;
      bar = new SingleBar(
        {
          format: `${name.padEnd(STAGE_WIDTH)} {bar} {percentage}% {eta_formatted} left {detail}`,
          barsize: Math.max(10, Math.min(30, terminal.width - 70)),
          clearOnComplete: true,
          gracefulExit: false,
          hideCursor: null,
          linewrap: false,
          stopOnComplete: false,
        },
        Presets.shades_grey,
      );
      bar.start(Math.max(1, total), 0, { detail: '', unit });
    },
    update: (done, detail) => bar?.update(done, detail === undefined ? {} : { detail }),
    end(result) {
      stop();
      terminal.err(line(stage, result));
    },
    note(text) {
      stop();
      terminal.err(`${text}\n`);
    },
  };
}

function lines(terminal: Terminal, clock: () => number): Progress {
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
  };
}
