// How busy all processors of this machine have been, by everyone: a measurement during which others worked is no measurement.
// /proc/stat counts ticks of 1/100 s; `steal` is time that a hypervisor gave to other machines.
// https://docs.kernel.org/filesystems/proc.html

import { type Seconds, seconds } from '../core/index.ts';
import type { Gauge } from './meter.ts';
import { MeterError } from './meter-error.ts';
import { parseDecimal, parseWhole } from './parse-number.ts';
import type { SystemView } from './system-view.ts';

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Of all processors together, since the machine started. */
export interface CpuTimes {
  /** User, nice, system, interrupts. */
  readonly busy: Seconds;
  /** Idle and waiting for a disk. */
  readonly idle: Seconds;
  readonly stolen: Seconds;
}

/** Throws MeterError. */
export function parseProcStat(text: string): CpuTimes {
  const line = /^cpu +([\d ]+)$/m.exec(text)?.[1];
  const ticks = (line ?? '').trim().split(/ +/);
  if (ticks.length < 7)
    throw new MeterError('nonsense', '/proc/stat', 'its first line does not hold the 7 or more times of cpu');
  const [user, nice, system, idle, wait, irq, softirq, stolen = 0] = ticks.map((one) => parseWhole('/proc/stat', one));
  const time = (sum: number): Seconds => seconds(sum / TICKS_PER_SECOND);
  return { busy: time(user! + nice! + system! + irq! + softirq!), idle: time(idle! + wait!), stolen: time(stolen) };
}

/** Throws MeterError where there is no /proc. */
export const readCpuTimes = async (view: SystemView): Promise<CpuTimes> =>
  parseProcStat(await view.readText('/proc/stat'));

/** Mean number of tasks that ran or waited over the last minute. Throws MeterError. */
export function parseLoad(text: string): number {
  return parseDecimal('/proc/loadavg', text.trim().split(' ')[0]!);
}

export function cpuLoadGauge(view: SystemView): Gauge {
  return {
    id: 'cpu-load',
    label: 'CPU load of the machine',
    note: 'all processes; time stolen by a hypervisor apart',
    read: async () => {
      const { busy, idle, stolen } = await readCpuTimes(view);
      return [
        { name: 'load over 1 min', value: parseLoad(await view.readText('/proc/loadavg')), unit: '1' },
        { name: 'busy time of all processors', value: busy, unit: 's' },
        { name: 'idle time of all processors', value: idle, unit: 's' },
        { name: 'stolen time of all processors', value: stolen, unit: 's' },
      ];
    },
  };
}
