// Loading told as stages: download, unpacking, decoding of images.

import type { LoadProgress } from '../data/index.ts';
import type { Progress } from './progress.ts';

const STAGES: Readonly<Record<LoadProgress['stage'], string>> = {
  download: 'Download',
  unpack: 'Unpack',
  decode: 'Decode images',
};

const MEGABYTE = 1e6;

/** Passes on what a loader says; a stage begins with its first word, and ends with the next stage. */
export function followLoading(progress: Progress): (loading: LoadProgress) => void {
  let stage: LoadProgress['stage'] | undefined;
  return ({ stage: now, what, done, total = 0, unit }) => {
    if (stage !== now) {
      if (stage !== undefined) progress.end();
      progress.begin(STAGES[now], total, unit);
      stage = now;
    }
    progress.update(done, unit === 'bytes' ? `${(done / MEGABYTE).toFixed(1)} MB of ${nameOf(what)}` : nameOf(what));
  };
}

const nameOf = (what: string): string => what.split(/[/\\]/).findLast((part) => part !== '') ?? what;
