// What a meter is. A meter reads energy that was counted, or power at a moment; it never estimates. Absent hardware is a value:
// a meter that is not there, or that this user may not read, is an `UnavailableMeter` with the reason and the remedy.

import type { Joules, Seconds, Watts } from '../core/index.ts';

/**
 * What the number includes. `package`: a processor with its caches and, on clients, its graphics. `cores`, `uncore`: parts of a
 * package. `memory`: DRAM. `chip`: a chip with several kinds of processor on it. `board`: a card with its memory and regulators.
 * `system`: the whole machine. `unknown`: the driver does not say.
 */
export type Coverage = 'package' | 'cores' | 'uncore' | 'memory' | 'chip' | 'board' | 'system' | 'unknown';

/** A number read beside energy: a clock, a temperature, memory in use. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `Hz`, `°C`, `B`, `W`, `s`, or `1` for shares in [0,1] and counts. */
  readonly unit: string;
}

/** A counter that only grows, or wraps. Only differences mean anything. */
export interface EnergyReading {
  readonly quantity: 'energy';
  readonly at: Seconds;
  readonly energy: Joules;
  /** The counter starts again from zero after this much; undefined where it does not wrap, or does not say. */
  readonly range?: Joules;
  readonly beside?: readonly Figure[];
}

export interface PowerReading {
  readonly quantity: 'power';
  readonly at: Seconds;
  readonly power: Watts;
  /** The value is an average over this time before `at`; 0 or undefined for the power of the moment. */
  readonly averagedOver?: Seconds;
  readonly beside?: readonly Figure[];
}

export type Reading = EnergyReading | PowerReading;

export interface Meter {
  /** Such as `rapl/intel-rapl:0`, `nvidia/0`; the same at each start of one machine. */
  readonly id: string;
  readonly label: string;
  readonly quantity: Reading['quantity'];
  readonly covers: Coverage;
  /** How often the hardware makes a new value. */
  readonly period: Seconds;
  /** Smallest step of the value: joules of a counter, watts of a power. */
  readonly step: number;
  /** How often a window reads it: a counter only as often as it might wrap, a power often enough to be integrated. */
  readonly readEvery: Seconds;
  /** Id of the meter that includes this one, or counts the same thing: the two are never added. */
  readonly within?: string;
  /** Meters of the same group count different devices and may be added; without a group a meter stands alone. */
  readonly addable?: string;
  /** What it needed to be read. */
  readonly permission: string;
  /** What it does not show. */
  readonly note: string;
  /** Throws MeterError when it can no longer be read, or reads nonsense. */
  read(): Promise<Reading>;
}

/** Numbers about the machine or this process that are no energy: CPU time, memory, clocks, load. */
export interface Gauge {
  readonly id: string;
  readonly label: string;
  readonly note: string;
  /** Throws MeterError. */
  read(): Promise<readonly Figure[]>;
}

export interface UnavailableMeter {
  readonly id: string;
  readonly label: string;
  readonly reason: string;
  readonly remedy: string;
  /** Few words for a column, such as `no powercap`; undefined for meters that nobody would look for here. */
  readonly brief?: string;
}

/** What looking for one kind of meter finds. */
export interface Found {
  readonly available: readonly Meter[];
  readonly unavailable: readonly UnavailableMeter[];
}
