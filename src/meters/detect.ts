// Looks for every kind of meter that this system can have.

import { findBattery } from './battery.ts';
import { cpuFrequencyGauge } from './cpu-frequency.ts';
import { cpuLoadGauge } from './cpu-load.ts';
import { findHwmon } from './hwmon.ts';
import type { Found, Gauge, Meter, UnavailableMeter } from './meter.ts';
import { problemOf } from './meter-error.ts';
import { findNvidia } from './nvidia.ts';
import { findPowermetrics } from './powermetrics.ts';
import { processGauge } from './process-gauge.ts';
import { findRapl } from './rapl.ts';
import { type SystemView, systemView } from './system-view.ts';

export interface DetectedMeters {
  readonly available: readonly Meter[];
  readonly unavailable: readonly UnavailableMeter[];
  readonly gauges: readonly Gauge[];
  readonly missingGauges: readonly UnavailableMeter[];
}

type Finder = (view: SystemView) => Promise<Found>;

const nothing = (why: UnavailableMeter): Found => ({ available: [], unavailable: [why] });

const NO_READER: UnavailableMeter = {
  id: 'processor',
  label: 'Processor',
  reason: 'Spikewatt reads no meter of the processor on this system',
  remedy: 'measure under Linux on the same machine, or with a wall meter',
  brief: 'no processor meter on this system',
};

const BROWSER: UnavailableMeter = {
  id: 'browser',
  label: 'All meters',
  reason: 'a browser lets no page read energy or power',
  remedy: 'run the same study with Node',
  brief: 'a browser has no meters',
};

/** By system; on others than these there is only NVIDIA's program. */
const FINDERS: Readonly<Record<string, readonly Finder[]>> = {
  linux: [findRapl, findNvidia, findHwmon, findBattery],
  darwin: [findPowermetrics],
  browser: [async () => nothing(BROWSER)],
};
const OTHER: readonly Finder[] = [async () => nothing(NO_READER), findNvidia];

/** Reads each meter once. Never throws for hardware that is absent, closed or broken. */
export async function detectMeters(view: SystemView = systemView()): Promise<DetectedMeters> {
  const finders = Object.hasOwn(FINDERS, view.system) ? FINDERS[view.system]! : OTHER;
  const found = await Promise.all(finders.map((find) => find(view)));
  const { gauges, missingGauges } = await findGauges(view);
  return {
    available: found.flatMap(({ available }) => available),
    unavailable: found.flatMap(({ unavailable }) => unavailable),
    gauges,
    missingGauges,
  };
}

async function findGauges(view: SystemView): Promise<Pick<DetectedMeters, 'gauges' | 'missingGauges'>> {
  const gauges: Gauge[] = [];
  const missingGauges: UnavailableMeter[] = [];
  for (const gauge of [processGauge(view), cpuLoadGauge(view), cpuFrequencyGauge(view)]) {
    const error = await gauge.read().then(() => undefined, problemOf);
    if (error === undefined) gauges.push(gauge);
    else missingGauges.push({ ...gauge, reason: error.message, remedy: 'none needed; it is only shown beside energy' });
  }
  return { gauges, missingGauges };
}

/** For the energy column of a machine without meters; undefined where there is one. */
export function notMeasurable({
  available,
  unavailable,
}: Pick<DetectedMeters, 'available' | 'unavailable'>): string | undefined {
  if (available.length > 0) return undefined;
  return `not measurable here: ${briefReasons(unavailable)}`;
}

/** Such as `no powercap, no GPU`. */
export function briefReasons(unavailable: readonly UnavailableMeter[]): string {
  const briefs = new Set(unavailable.flatMap(({ brief }) => (brief === undefined ? [] : [brief])));
  if (briefs.size > 1 && [...briefs].some((brief) => /GPU (cannot|without)/.test(brief))) briefs.delete('no GPU');
  return [...briefs].join(', ') || 'no meter was found';
}
