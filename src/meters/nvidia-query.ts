// One question to `nvidia-smi --query-gpu`: which fields this driver knows, and its answer as numbers in SI.
// A driver refuses the whole question for one field that it does not know, and names it; that field is then left out.
// https://docs.nvidia.com/deploy/nvidia-smi/index.html

import type { Seconds } from '../core/index.ts';
import { MeterError } from './meter-error.ts';
import { parseDecimal } from './parse-number.ts';
import type { SystemView } from './system-view.ts';

/** Joules since the driver was loaded; on Volta and later, and only newer drivers tell it by this program. */
export const ENERGY_FIELD = 'total_energy_consumption';
/** The one of the moment is asked for first: plain `power.draw` is an average over 1 s on Ampere and later, but for GA100. */
export const POWER_FIELDS = ['power.draw.instant', 'power.draw', 'power.draw.average'] as const;
export const BESIDE_FIELDS = [
  'clocks.sm',
  'clocks.mem',
  'utilization.gpu',
  'utilization.memory',
  'memory.used',
  'temperature.gpu',
] as const;

const ALL_FIELDS: readonly string[] = ['index', 'name', ENERGY_FIELD, ...POWER_FIELDS, ...BESIDE_FIELDS];

/** A value in SI and its unit; undefined where the driver has none for this card (`[N/A]`). */
export interface NvidiaValue {
  readonly value: number;
  readonly unit: string;
}

export interface NvidiaCard {
  readonly index: number;
  readonly name: string;
  readonly values: ReadonlyMap<string, NvidiaValue>;
}

/** To SI: what to multiply with, what to divide by (exact where multiplying with 0.01 is not). Shares are of 1, as everywhere else. */
const UNITS: Readonly<Record<string, readonly [number, number, string]>> = {
  W: [1, 1, 'W'],
  mW: [1, 1e3, 'W'],
  J: [1, 1, 'J'],
  mJ: [1, 1e3, 'J'],
  MHz: [1e6, 1, 'Hz'],
  '%': [1, 100, '1'],
  MiB: [2 ** 20, 1, 'B'],
  '': [1, 1, ''],
};

/** `[N/A]`, `N/A`, `[Not Supported]`, `[Unknown Error]`, `[Insufficient Permissions]`, `[GPU requires reset]`. */
const ABSENT = /^(\[.*\]|N\/A)$/;

/** `45.23 W` in SI; undefined for `[N/A]` and the like. Throws MeterError. */
export function parseNvidiaValue(field: string, text: string): NvidiaValue | undefined {
  const trimmed = text.trim();
  if (ABSENT.test(trimmed)) return undefined;
  const [number, unit = ''] = trimmed.split(/\s+(.*)/s);
  const scale = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (scale === undefined) {
    throw new MeterError(
      'nonsense',
      `nvidia-smi ${field}`,
      `got ${JSON.stringify(trimmed.slice(0, 40))}, of no known unit`,
    );
  }
  // NVML counts energy in millijoules; a bare number is one that came without its unit.
  const [times, by, si] = unit === '' && field === ENERGY_FIELD ? UNITS.mJ! : scale;
  const value = (parseDecimal(`nvidia-smi ${field}`, number!) * times) / by;
  return { value, unit: field === 'temperature.gpu' ? '°C' : si };
}

/** Cards of an answer in CSV without a heading. Throws MeterError where it is cut short, or no such answer at all. */
export function parseNvidiaAnswer(fields: readonly string[], text: string): readonly NvidiaCard[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length !== fields.length) {
      const got = `got ${cells.length} of ${fields.length} values in ${JSON.stringify(line.slice(0, 60))}`;
      throw new MeterError('nonsense', 'nvidia-smi', `${got}; the answer is cut short, or of another driver`);
    }
    return parseCard(fields, cells);
  });
}

function parseCard(fields: readonly string[], cells: readonly string[]): NvidiaCard {
  const values = new Map<string, NvidiaValue>();
  let index = Number.NaN;
  let name = 'GPU';
  fields.forEach((field, k) => {
    const text = cells[k]!;
    if (field === 'index') index = parseDecimal('nvidia-smi index', text);
    else if (field === 'name') name = text;
    else {
      const value = parseNvidiaValue(field, text);
      if (value !== undefined) values.set(field, value);
    }
  });
  return { index, name, values };
}

export interface NvidiaQuery {
  readonly program: string;
  readonly fields: readonly string[];
}

/** Asks with these fields. Throws MeterError. */
export async function askNvidia(
  view: SystemView,
  query: NvidiaQuery,
  timeout?: Seconds,
): Promise<readonly NvidiaCard[]> {
  const args = [`--query-gpu=${query.fields.join(',')}`, '--format=csv,noheader'];
  return parseNvidiaAnswer(query.fields, await view.run(query.program, args, timeout));
}

/** Finds the fields that this driver knows. Throws MeterError if it answers to none. */
export async function probeNvidia(
  view: SystemView,
  program: string,
): Promise<{ readonly query: NvidiaQuery; readonly cards: readonly NvidiaCard[] }> {
  let fields = ALL_FIELDS;
  for (;;) {
    try {
      return { query: { program, fields }, cards: await askNvidia(view, { program, fields }) };
    } catch (error) {
      const unknown = /Field "([\w.]+)" is not a valid field/.exec((error as Error).message)?.[1];
      if (unknown === undefined || unknown === 'index' || !fields.includes(unknown)) throw error;
      fields = fields.filter((field) => field !== unknown);
    }
  }
}
