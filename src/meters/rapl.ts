// RAPL, the energy counters of Intel and AMD processors, by Linux's powercap: microjoules that wrap at max_energy_range_uj.
// Zones nest (psys contains the packages, a package its cores and uncore), so only packages are ever added.
// https://docs.kernel.org/power/powercap/powercap.html, https://nvd.nist.gov/vuln/detail/CVE-2020-8694

import { joules, seconds } from '../core/index.ts';
import type { Coverage, EnergyReading, Found, Meter, UnavailableMeter } from './meter.ts';
import { MeterError, problemOf } from './meter-error.ts';
import { parseWhole } from './parse-number.ts';
import type { SystemView } from './system-view.ts';

export const POWERCAP = '/sys/class/powercap';
const ZONE = /^(?:intel|amd)-rapl(?:-mmio)?(?::\d+){1,2}$/;
const PER_UNIT = 1e6;

interface Zone {
  /** `intel-rapl:0`, or `intel-rapl:0:1` for a part of it. */
  readonly key: string;
  readonly folder: string;
  /** `package-0`, `core`, `psys`, ... */
  readonly name: string;
}

/** The zones that can be read, and why others cannot. Never throws: a missing meter is an answer. */
export async function findRapl(view: SystemView): Promise<Found> {
  const folders = await zoneFolders(view);
  if (folders.size === 0) return { available: [], unavailable: [await noZones(view)] };
  const zones: Zone[] = [];
  for (const [key, folder] of folders) zones.push({ key, folder, name: await zoneName(view, folder, key) });
  const available: Meter[] = [];
  const refused: { zone: Zone; error: MeterError }[] = [];
  for (const zone of zones) {
    const meter = raplMeter(view, zone, zones);
    const error = await meter.read().then(() => undefined, problemOf);
    if (error === undefined) available.push(meter);
    else refused.push({ zone, error });
  }
  return { available, unavailable: refusals(refused) };
}

/** Zones by their key: sysfs lists all in one folder; a part is also inside its parent. */
async function zoneFolders(view: SystemView): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const add = (folder: string, names: readonly string[]): void => {
    for (const key of names) if (ZONE.test(key) && !found.has(key)) found.set(key, `${folder}/${key}`);
  };
  add(POWERCAP, await view.list(POWERCAP));
  for (const folder of [...found.values()]) add(folder, await view.list(folder));
  return found;
}

async function zoneName(view: SystemView, folder: string, key: string): Promise<string> {
  const text = await view.readText(`${folder}/name`).catch(() => '');
  return /^[\w.-]{1,40}$/.test(text.trim()) ? text.trim() : key;
}

async function noZones(view: SystemView): Promise<UnavailableMeter> {
  const empty = (await view.list(POWERCAP)).length > 0;
  return {
    id: 'rapl',
    label: 'RAPL',
    reason: empty ? `${POWERCAP} lists no RAPL zone` : `no ${POWERCAP}, as on most virtual machines`,
    remedy: 'on a machine of your own: sudo modprobe intel_rapl_msr (Intel; AMD since Linux 5.11)',
    brief: 'no powercap',
  };
}

const REMEDIES = {
  denied: `sudo chmod a+r ${POWERCAP}/*/energy_uj (until the next start; docs/measuring.md says how to keep it)`,
  missing: 'load the module again: sudo modprobe intel_rapl_msr',
  nonsense: 'none here; firmware or a hypervisor gives this value',
  failed: 'try again as root',
} as const;

/** One line for all zones with the same problem. */
function refusals(refused: readonly { zone: Zone; error: MeterError }[]): readonly UnavailableMeter[] {
  const kinds = new Map<string, { zone: Zone; error: MeterError }[]>();
  for (const one of refused) kinds.set(one.error.problem, [...(kinds.get(one.error.problem) ?? []), one]);
  return [...kinds.values()].map((group) => {
    const { zone, error } = group[0]!;
    const denied = error.problem === 'denied';
    return {
      id: `rapl/${zone.key}`,
      label: `RAPL ${group.map((one) => one.zone.name).join(', ')}`,
      reason: denied ? 'its energy_uj may be read by root only (since CVE-2020-8694)' : error.message,
      remedy: REMEDIES[error.problem],
      brief: denied ? 'powercap is for root only' : 'powercap cannot be read',
    };
  });
}

const COVERAGE: readonly (readonly [RegExp, Coverage])[] = [
  [/^package/, 'package'],
  [/^psys/, 'system'],
  [/^core/, 'cores'],
  [/^uncore/, 'uncore'],
  [/^dram/, 'memory'],
];

const NOTES: Readonly<Partial<Record<Coverage, string>>> = {
  package: 'the whole processor, not this program alone; no memory, disk or power supply',
  system: 'what the maker wired to it; on some laptops it is off by much',
  memory: 'modelled by the processor on some machines',
  unknown: 'a zone of a name that Spikewatt does not know',
};

function raplMeter(view: SystemView, zone: Zone, zones: readonly Zone[]): Meter {
  const covers = COVERAGE.find(([pattern]) => pattern.test(zone.name))?.[1] ?? 'unknown';
  const within = containing(zone, zones);
  return {
    id: `rapl/${zone.key}`,
    label: `RAPL ${within === undefined ? zone.name : `${zone.name} of ${within.name}`}`,
    quantity: 'energy',
    covers,
    period: seconds(0.001),
    step: 1 / PER_UNIT,
    // 65.5 kJ, the smallest range, takes 131 s at 500 W. Polling at 1 kHz costs up to 47 % of the time (arXiv:2604.26815).
    readEvery: seconds(10),
    ...(within === undefined ? {} : { within: `rapl/${within.key}` }),
    ...(covers === 'package' && within === undefined ? { addable: 'processor packages' } : {}),
    permission: 'to read energy_uj, as a rule root only',
    note: NOTES[covers] ?? 'part of its package',
    read: () => readZone(view, zone.folder),
  };
}

/** The zone this one is a part of, or another interface to the same package (`intel-rapl-mmio`). */
function containing(zone: Zone, zones: readonly Zone[]): Zone | undefined {
  const parent = /^(.*:\d+):\d+$/.exec(zone.key)?.[1];
  if (parent !== undefined) return zones.find(({ key }) => key === parent) ?? { ...zone, key: parent, name: parent };
  if (!zone.key.includes('-mmio')) return undefined;
  return zones.find(({ key, name }) => !key.includes('-mmio') && name === zone.name);
}

async function readZone(view: SystemView, folder: string): Promise<EnergyReading> {
  const before = view.now();
  const path = `${folder}/energy_uj`;
  const energy = parseWhole(path, await view.readText(path));
  const at = seconds((before + view.now()) / 2);
  const range = await readRange(view, `${folder}/max_energy_range_uj`);
  if (range === undefined) return { quantity: 'energy', at, energy: joules(energy / PER_UNIT) };
  if (energy > range) {
    throw new MeterError('nonsense', path, `counts ${energy}, more than the ${range} of its max_energy_range_uj`);
  }
  return { quantity: 'energy', at, energy: joules(energy / PER_UNIT), range: joules(range / PER_UNIT) };
}

/** Undefined where the kernel does not say; a wrap then ends the measurement. */
async function readRange(view: SystemView, path: string): Promise<number | undefined> {
  try {
    const range = parseWhole(path, await view.readText(path));
    return range > 0 ? range : undefined;
  } catch (error) {
    problemOf(error);
    return undefined;
  }
}
