// Quantities as branded numbers. Values are stored in SI; scaling (pJ, ms, MiB) happens only when printing.
// Only this file casts: a plain number, or a quantity of another unit, is a type error elsewhere.

declare const unit: unique symbol;
type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

export type Joules = Quantity<'joules'>;
export type Watts = Quantity<'watts'>;
export type Seconds = Quantity<'seconds'>;
export type Bytes = Quantity<'bytes'>;
export type Count = Quantity<'count'>;
export type KilowattHours = Quantity<'kilowattHours'>;

export const joules = (value: number): Joules => value as Joules;
export const watts = (value: number): Watts => value as Watts;
export const seconds = (value: number): Seconds => value as Seconds;
export const bytes = (value: number): Bytes => value as Bytes;
export const count = (value: number): Count => value as Count;

/** Picojoules per operation, as the literature prints them, to joules. */
export const picojoules = (value: number): Joules => (value * 1e-12) as Joules;

const JOULES_PER_KILOWATT_HOUR = 3.6e6;

/** 1 kWh = 3.6e6 J. */
export const toKilowattHours = (energy: Joules): KilowattHours => (energy / JOULES_PER_KILOWATT_HOUR) as KilowattHours;
export const fromKilowattHours = (energy: KilowattHours): Joules => (energy * JOULES_PER_KILOWATT_HOUR) as Joules;

/** Energy of a constant power over a time. */
export const energyOf = (power: Watts, time: Seconds): Joules => (power * time) as Joules;
