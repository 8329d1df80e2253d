// Sensors that Linux drivers offer as hwmon: energy<n>_input in microjoules, power<n>_average and power<n>_input in microwatts.
// A chip says its driver's name, not what it covers; a driver that is not listed here is left out, and said.
// https://docs.kernel.org/hwmon/sysfs-interface.html, https://docs.kernel.org/gpu/amdgpu/thermal.html

import { joules, seconds, watts } from '../core/index.ts';
import type { Coverage, Found, Meter, Reading, UnavailableMeter } from './meter.ts';
import { type MeterError, problemOf } from './meter-error.ts';
import { parseWhole } from './parse-number.ts';
import type { SystemView } from './system-view.ts';

export const HWMON = '/sys/class/hwmon';
const PER_UNIT = 1e6;

interface Driver {
  readonly title: string;
  readonly covers: Coverage;
  readonly note: string;
  /** Only sensors whose label matches; the others are parts of these. */
  readonly only?: RegExp;
  readonly addable?: string;
  /** Default 0.001 s. */
  readonly period?: number;
}

const DRIVERS: Readonly<Record<string, Driver>> = {
  amdgpu: {
    title: 'AMD GPU',
    covers: 'chip',
    note: 'the chip without board losses; on processors with graphics it includes the processor',
    period: 0.1,
  },
  amd_energy: {
    title: 'AMD processor',
    covers: 'package',
    only: /^Esocket/,
    note: 'one socket',
    addable: 'processor sockets',
  },
  zenergy: {
    title: 'AMD processor',
    covers: 'package',
    only: /^Esocket/,
    note: 'one socket',
    addable: 'processor sockets',
  },
  fam15h_power: { title: 'AMD processor', covers: 'package', note: 'AMD family 15h, before Zen', period: 0.01 },
  i915: { title: 'Intel GPU', covers: 'board', note: 'the card' },
  xe: { title: 'Intel GPU', covers: 'board', note: 'the card', only: /^(card)?$/ },
  corsairpsu: {
    title: 'Corsair power supply',
    covers: 'system',
    note: 'what the supply says it delivers',
    only: /total/,
    period: 1,
  },
  power_meter: {
    title: 'ACPI power meter',
    covers: 'system',
    note: 'what the firmware measures, often once a second',
    period: 1,
  },
};

interface Sensor {
  readonly chip: string;
  readonly driver: Driver;
  readonly path: string;
  readonly label: string;
}

/** Never throws: a missing meter is an answer. */
export async function findHwmon(view: SystemView): Promise<Found> {
  const available: Meter[] = [];
  const unavailable: UnavailableMeter[] = [];
  for (const chip of (await view.list(HWMON)).filter((name) => /^hwmon\d+$/.test(name))) {
    const found = await lookAtChip(view, chip);
    available.push(...found.available);
    unavailable.push(...found.unavailable);
  }
  if (available.length + unavailable.length === 0) unavailable.push(NONE);
  return { available, unavailable };
}

const NONE: UnavailableMeter = {
  id: 'hwmon',
  label: 'AMD GPU, hwmon',
  reason: `no energy or power sensor below ${HWMON}`,
  remedy: 'if there is an AMD card, its driver (amdgpu) gives one',
  brief: 'no GPU',
};

async function lookAtChip(view: SystemView, chip: string): Promise<Found> {
  const folder = `${HWMON}/${chip}`;
  const files = sensorFiles(await view.list(folder));
  if (files.length === 0) return { available: [], unavailable: [] };
  const name = (await view.readText(`${folder}/name`).catch(() => '')).trim().slice(0, 40);
  const driver = Object.hasOwn(DRIVERS, name) ? DRIVERS[name] : undefined;
  if (driver === undefined) return { available: [], unavailable: [unknownDriver(chip, name)] };
  const available: Meter[] = [];
  const unavailable: UnavailableMeter[] = [];
  for (const file of files) {
    const label = await labelOf(view, folder, file);
    if (driver.only !== undefined && !driver.only.test(label)) continue;
    const meter = sensorMeter(view, { chip, driver, path: `${folder}/${file}`, label });
    const error = await meter.read().then(() => undefined, problemOf);
    if (error === undefined) available.push(meter);
    else unavailable.push(refusal(meter, error));
  }
  return { available, unavailable };
}

/** Counters, else of each power the average, else the moment's. */
export function sensorFiles(names: readonly string[]): readonly string[] {
  const counters = names.filter((name) => /^energy\d+_input$/.test(name));
  if (counters.length > 0) return counters;
  const averages = names.filter((name) => /^power\d+_average$/.test(name));
  const moments = names.filter(
    (name) => /^power\d+_input$/.test(name) && !averages.includes(name.replace('_input', '_average')),
  );
  return [...averages, ...moments];
}

async function labelOf(view: SystemView, folder: string, file: string): Promise<string> {
  const path = `${folder}/${file.replace(/_\w+$/, '_label')}`;
  return (await view.readText(path).catch(() => '')).trim().slice(0, 40);
}

function sensorMeter(view: SystemView, { chip, driver, path, label }: Sensor): Meter {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const counts = file.startsWith('energy');
  const period = driver.period ?? 0.001;
  return {
    id: `hwmon/${chip}/${file}`,
    label: label === '' ? `${driver.title} (${chip})` : `${driver.title} ${label} (${chip})`,
    quantity: counts ? 'energy' : 'power',
    covers: driver.covers,
    period: seconds(period),
    step: 1 / PER_UNIT,
    readEvery: seconds(counts ? 10 : Math.max(0.1, period)),
    ...(driver.addable === undefined ? {} : { addable: driver.addable }),
    permission: 'to read it; some kernels let root only',
    note: driver.note,
    read: () => readSensor(view, path, counts),
  };
}

async function readSensor(view: SystemView, path: string, counts: boolean): Promise<Reading> {
  const before = view.now();
  const value = parseWhole(path, await view.readText(path)) / PER_UNIT;
  const at = seconds((before + view.now()) / 2);
  return counts ? { quantity: 'energy', at, energy: joules(value) } : { quantity: 'power', at, power: watts(value) };
}

function refusal({ id, label }: Meter, { problem, message }: MeterError): UnavailableMeter {
  const remedy =
    problem === 'denied'
      ? `sudo chmod a+r ${HWMON}/*/energy*_input`
      : 'wake the device, then look again; asleep it has no value';
  return { id, label, reason: message, remedy, brief: 'hwmon cannot be read' };
}

function unknownDriver(chip: string, name: string): UnavailableMeter {
  return {
    id: `hwmon/${chip}`,
    label: `hwmon ${name || chip}`,
    reason: 'has a power sensor, but what it covers is not known to Spikewatt',
    remedy: `see ${HWMON}/${chip} and the manual of its driver`,
  };
}
