// A window of measurement: from `openWindow` to `stop`, all meters together. Between the two each meter is read in the background at its
// own pace, as far as the work lets timers run; work that holds the thread for long calls `sample` now and then.

import { now } from '#platform';
import type { Seconds } from '../core/index.ts';
import type { Meter } from './meter.ts';
import { MeterTrack } from './meter-track.ts';
import type { EnergyOutcome } from './outcome.ts';

export interface WindowOptions {
  /** The clock that stamps the meters' readings; tests give another. */
  readonly clock?: () => Seconds;
  /** Read on timers (default); without, only `sample` and the two ends are read. */
  readonly background?: boolean;
}

export interface EnergyWindow {
  /** Since when. */
  readonly start: Seconds;
  /** Reads all meters once, for work that lets no timer run. */
  sample(): Promise<void>;
  /** Reads once more, and says what each meter counted, in the order in which they were given. The second call gives the same. */
  stop(): Promise<readonly EnergyOutcome[]>;
  /** Stops reading without a result; for work that failed. */
  abandon(): Promise<void>;
}

/** Reads every meter once, then opens the window. Meters that wait for their value come first, counters last. */
export async function openWindow(meters: readonly Meter[], options: WindowOptions = {}): Promise<EnergyWindow> {
  const clock = options.clock ?? now;
  const tracks = meters.map((meter) => new MeterTrack(meter, clock));
  const powers = tracks.filter(({ meter }) => meter.quantity === 'power');
  await takeAll(powers);
  await takeAll(tracks.filter((track) => !powers.includes(track)));
  return new RunningWindow(tracks, clock, options.background ?? true);
}

const takeAll = async (tracks: readonly MeterTrack[]): Promise<void> => {
  await Promise.all(tracks.map((track) => track.take()));
};

class RunningWindow implements EnergyWindow {
  readonly start: Seconds;
  readonly #tracks: readonly MeterTrack[];
  readonly #clock: () => Seconds;
  readonly #loops: readonly Promise<unknown>[];
  readonly #wake = new Set<() => void>();
  #open = true;
  #result: Promise<readonly EnergyOutcome[]> | undefined;

  constructor(tracks: readonly MeterTrack[], clock: () => Seconds, background: boolean) {
    this.#tracks = tracks;
    this.#clock = clock;
    this.start = clock();
    // An error that is not a meter's is kept until the window is stopped, and thrown there.
    this.#loops = background
      ? tracks.map((track) => this.#readAtPace(track).catch((error: unknown) => ({ error })))
      : [];
  }

  async sample(): Promise<void> {
    if (this.#open) await takeAll(this.#tracks);
  }

  stop(): Promise<readonly EnergyOutcome[]> {
    this.#result ??= this.#finish();
    return this.#result;
  }

  async #finish(): Promise<readonly EnergyOutcome[]> {
    const end = this.#clock();
    this.#close();
    await Promise.all(this.#tracks.map((track) => track.takeLast(end)));
    await this.#loopsEnded();
    return this.#tracks.map((track) => track.outcome(this.start, end));
  }

  async abandon(): Promise<void> {
    this.#close();
    await Promise.all(this.#loops);
  }

  #close(): void {
    this.#open = false;
    for (const wake of this.#wake) wake();
  }

  async #loopsEnded(): Promise<void> {
    for (const ended of await Promise.all(this.#loops))
      if (ended !== undefined) throw (ended as { error: unknown }).error;
  }

  async #readAtPace(track: MeterTrack): Promise<void> {
    while (this.#open && !track.failed) {
      await this.#pause(track.meter.readEvery);
      if (this.#open) await track.take();
    }
  }

  #pause(time: Seconds): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#wake.delete(end);
        resolve();
      };
      const timer = setTimeout(end, time * 1000);
      this.#wake.add(end);
    });
  }
}

/** Runs `work` inside a window. If it fails, reading stops and its error is thrown. */
export async function measureEnergy<Value>(
  meters: readonly Meter[],
  work: (window: EnergyWindow) => Promise<Value>,
  options: WindowOptions = {},
): Promise<{ readonly value: Value; readonly outcomes: readonly EnergyOutcome[] }> {
  const window = await openWindow(meters, options);
  try {
    const value = await work(window);
    return { value, outcomes: await window.stop() };
  } catch (error) {
    await window.abandon();
    throw error;
  }
}
