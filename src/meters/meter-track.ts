// The readings of one meter in one window. Readings follow one another, never two at once; the first failure ends them, and what was
// counted by then is kept.

import { type Joules, joules, type Seconds, seconds, watts } from '../core/index.ts';
import { counterStep, integratePower } from './integrate.ts';
import type { EnergyReading, Meter, PowerReading, Reading } from './meter.ts';
import { type MeterError, problemOf } from './meter-error.ts';
import { type EnergyOutcome, figureRanges, type MeasuredEnergy, sourceOf } from './outcome.ts';

/** A window shorter than 10 s, or than 100 periods of its meter, is too coarse to compare with. */
export const shortestWindow = ({ period }: Pick<Meter, 'period'>): Seconds => seconds(Math.max(10, 100 * period));

export class MeterTrack {
  readonly meter: Meter;
  readonly #clock: () => Seconds;
  readonly #readings: Reading[] = [];
  #counted = 0;
  #wraps = 0;
  #failure: { readonly error: MeterError; readonly at: Seconds } | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(meter: Meter, clock: () => Seconds) {
    this.meter = meter;
    this.#clock = clock;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Reads once, after the reading that is under way. Rejects only for errors that are not the meter's. */
  take(): Promise<void> {
    const next = this.#last.then(() => this.#read());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Reads once more, unless the reading under way ends after `end` anyway. */
  async takeLast(end: Seconds): Promise<void> {
    await this.#last;
    const late = this.meter.quantity === 'power' && (this.#readings.at(-1)?.at ?? -1) >= end;
    if (!late) await this.take();
  }

  async #read(): Promise<void> {
    if (this.failed) return;
    try {
      this.#add(await this.meter.read());
    } catch (error) {
      this.#failure = { error: problemOf(error), at: this.#clock() };
    }
  }

  #add(reading: Reading): void {
    const before = this.#readings.at(-1);
    if (reading.quantity === 'energy' && before?.quantity === 'energy') {
      const { energy, wrapped } = counterStep(this.meter, before, reading);
      this.#counted += energy;
      if (wrapped) this.#wraps += 1;
    }
    this.#readings.push(reading);
  }

  /** What the meter says of the window from `start` to `end`. */
  outcome(start: Seconds, end: Seconds): EnergyOutcome {
    const source = sourceOf(this.meter);
    const [first, last] = [this.#readings[0], this.#readings.at(-1)];
    if (first === undefined || last === undefined) {
      return {
        ...source,
        kind: 'unavailable',
        reason: this.#failure?.error.message ?? `${this.meter.label} was not read`,
      };
    }
    const whole = this.meter.quantity === 'power' && !this.failed;
    const [from, to] = this.meter.quantity === 'power' ? [start, whole ? end : last.at] : [first.at, last.at];
    const time = seconds(Math.max(0, to - from));
    if (this.#failure !== undefined) {
      const interrupted = {
        ...source,
        kind: 'interrupted',
        at: seconds(Math.max(0, this.#failure.at - start)),
        because: this.#failure.error.message,
      } as const;
      return time > 0 ? { ...interrupted, energySoFar: this.#energy(from, to), timeSoFar: time } : interrupted;
    }
    return this.#measured(this.#energy(from, to), time);
  }

  #energy(from: Seconds, to: Seconds): Joules {
    if (this.meter.quantity === 'energy') return joules(this.#counted);
    const powers = this.#readings.filter((one): one is PowerReading => one.quantity === 'power');
    return integratePower(powers, from, to);
  }

  #measured(energy: Joules, time: Seconds): EnergyOutcome {
    const { meter } = this;
    const source = sourceOf(meter);
    if (!(energy > 0 && time > 0)) {
      const reason = `${meter.label} did not move in ${time.toPrecision(2)} s; measure for ${shortestWindow(meter)} s or more`;
      return { ...source, kind: 'unavailable', reason };
    }
    const power = watts(energy / time);
    return {
      ...source,
      kind: 'measured',
      energy,
      time,
      power,
      readings: this.#readings.length,
      longestGap: longestGap(this.#readings),
      wraps: this.#wraps,
      edge: joules(power * meter.period),
      beside: figureRanges(this.#readings),
    } satisfies MeasuredEnergy;
  }
}

function longestGap(readings: readonly (EnergyReading | PowerReading)[]): Seconds {
  let gap = 0;
  for (let k = 1; k < readings.length; k += 1) gap = Math.max(gap, readings[k]!.at - readings[k - 1]!.at);
  return seconds(gap);
}
