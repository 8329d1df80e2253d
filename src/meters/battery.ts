// A laptop's battery, by Linux's power supply class: power_now in microwatts, or current_now times voltage_now. It shows what the whole
// machine takes, screen included, and only while the battery feeds it. Updated about once a second, on some machines more rarely.
// https://docs.kernel.org/power/power_supply_class.html

import { type Seconds, seconds, watts } from '../core/index.ts';
import type { Found, Meter, PowerReading, UnavailableMeter } from './meter.ts';
import { MeterError, problemOf } from './meter-error.ts';
import { parseSigned } from './parse-number.ts';
import type { SystemView } from './system-view.ts';

export const POWER_SUPPLY = '/sys/class/power_supply';
const PER_UNIT = 1e6;

/** Never throws: a missing meter is an answer. */
export async function findBattery(view: SystemView): Promise<Found> {
  const batteries: string[] = [];
  for (const name of await view.list(POWER_SUPPLY)) if (await feedsMachine(view, name)) batteries.push(name);
  if (batteries.length === 0) return { available: [], unavailable: [NONE] };
  const meter = batteryMeter(view, batteries);
  const error = await meter.read().then(() => undefined, problemOf);
  if (error === undefined) return { available: [meter], unavailable: [] };
  return { available: [], unavailable: [refusal(meter, error)] };
}

const NONE: UnavailableMeter = {
  id: 'battery',
  label: 'Battery',
  reason: 'this machine has none',
  remedy: 'a wall meter shows the whole machine',
};

function refusal({ id, label }: Meter, error: MeterError): UnavailableMeter {
  const plugged = error instanceof NotDischarging;
  return {
    id,
    label,
    reason: error.message,
    remedy: plugged
      ? 'unplug the charger for the time of the measurement'
      : 'none here; its driver gives no usable value',
    ...(plugged ? { brief: 'battery is not in use' } : {}),
  };
}

/** Is it a battery, and not that of a mouse? */
async function feedsMachine(view: SystemView, name: string): Promise<boolean> {
  const text = (file: string): Promise<string> => view.readText(`${POWER_SUPPLY}/${name}/${file}`).catch(() => '');
  return (await text('type')).trim() === 'Battery' && (await text('scope')).trim() !== 'Device';
}

function batteryMeter(view: SystemView, names: readonly string[]): Meter {
  return {
    id: 'battery',
    label: `Battery ${names.join(' + ')}`,
    quantity: 'power',
    covers: 'system',
    period: seconds(1),
    step: 1 / PER_UNIT,
    readEvery: seconds(1),
    permission: 'none, but the charger must be unplugged',
    note: 'the whole machine, screen included; slow, and on some machines far too low under load',
    read: () => readBatteries(view, names),
  };
}

class NotDischarging extends MeterError {}

/** Power of all batteries that feed the machine: of two, often one rests. */
async function readBatteries(view: SystemView, names: readonly string[]): Promise<PowerReading> {
  const before = view.now();
  let total = 0;
  const states: string[] = [];
  for (const name of names) {
    const folder = `${POWER_SUPPLY}/${name}`;
    const state = (await view.readText(`${folder}/status`)).trim().slice(0, 40);
    states.push(state);
    if (state === 'Discharging') total += await readPower(view, folder);
  }
  const at: Seconds = seconds((before + view.now()) / 2);
  const where = `${POWER_SUPPLY}/${names.join(', ')}`;
  if (!states.includes('Discharging') || states.includes('Charging')) {
    throw new NotDischarging(
      'failed',
      where,
      `is ${states.join(', ') || 'in no state'}; it shows the machine only when discharging`,
    );
  }
  if (total === 0) throw new MeterError('nonsense', where, 'discharges at 0 W, which cannot be');
  return { quantity: 'power', at, power: watts(total) };
}

/** In watts. Some drivers give a discharge the sign of a loss. */
async function readPower(view: SystemView, folder: string): Promise<number> {
  const value = async (file: string): Promise<number> =>
    Math.abs(parseSigned(`${folder}/${file}`, await view.readText(`${folder}/${file}`)));
  try {
    return (await value('power_now')) / PER_UNIT;
  } catch (error) {
    if (problemOf(error).problem === 'denied') throw error;
    return ((await value('current_now')) / PER_UNIT) * ((await value('voltage_now')) / PER_UNIT);
  }
}
