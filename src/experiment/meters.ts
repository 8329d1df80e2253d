// Meters of real energy on this machine: Intel's and AMD's RAPL counters, and NVIDIA's driver. Looked for, not assumed.

import { joinPath, listDirectory, pathKind, readFile } from '#platform';

export interface Meters {
  /** Such as `RAPL package-0`; empty where there is none. */
  readonly found: readonly string[];
  /** Why there is none, or none that can be read; empty where one was found. */
  readonly unavailable: string;
}

/** Where a system keeps its meters; tests give another place. */
export interface MeterPlaces {
  readonly rapl: string;
  readonly nvidia: readonly string[];
}

const PLACES: MeterPlaces = {
  rapl: '/sys/class/powercap',
  nvidia: ['/dev/nvidia0', '/usr/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'],
};

/** Meters found, or why none. Never throws: a missing meter is an answer. */
export async function findMeters(places: MeterPlaces = PLACES): Promise<Meters> {
  const rapl = await raplMeters(places.rapl);
  const kinds = await Promise.all(places.nvidia.map((path) => pathKind(path)));
  const nvidia = kinds.some((kind) => kind !== 'missing') ? ['NVIDIA driver (nvidia-smi)'] : [];
  const found = [...rapl.found, ...nvidia];
  return { found, unavailable: found.length > 0 ? '' : `${rapl.unavailable}; no NVIDIA driver` };
}

async function raplMeters(folder: string): Promise<Meters> {
  if ((await pathKind(folder)) !== 'directory')
    return { found: [], unavailable: `no RAPL counters (${folder} is missing)` };
  const names = await listDirectory(folder).catch(() => []);
  const zones = names.filter((name) => /^(intel|amd)-rapl:\d+$/.test(name));
  if (zones.length === 0) {
    return { found: [], unavailable: `no RAPL counters (${folder} lists none, as on most virtual machines)` };
  }
  const readable: string[] = [];
  for (const zone of zones) {
    const label = await readZone(folder, zone);
    if (label !== undefined) readable.push(label);
  }
  const unavailable = `RAPL counters are there, but ${folder}/*/energy_uj may be read by root only`;
  return readable.length > 0 ? { found: readable, unavailable: '' } : { found: [], unavailable };
}

/** `RAPL package-0` if the zone's counter can be read. */
async function readZone(folder: string, zone: string): Promise<string | undefined> {
  try {
    await readFile(joinPath(folder, zone, 'energy_uj'));
    return `RAPL ${new TextDecoder().decode(await readFile(joinPath(folder, zone, 'name'))).trim()}`;
  } catch {
    return undefined;
  }
}
