// Clocks of the processors: what cpufreq says they run at, else what /proc/cpuinfo says, which in a virtual machine is a constant.
// https://docs.kernel.org/admin-guide/pm/cpufreq.html

import type { Figure, Gauge } from './meter.ts';
import { MeterError, problemOf } from './meter-error.ts';
import { parseDecimal, parseWhole } from './parse-number.ts';
import type { SystemView } from './system-view.ts';

const CPUS = '/sys/devices/system/cpu';

/** Hertz of each processor of /proc/cpuinfo; empty where it names none, as on Arm. Throws MeterError. */
export function parseCpuinfo(text: string): readonly number[] {
  return Array.from(
    text.matchAll(/^cpu MHz\s*:(.*)$/gm),
    ([, megahertz]) => parseDecimal('/proc/cpuinfo', megahertz!) * 1e6,
  );
}

async function scalingClocks(view: SystemView): Promise<readonly number[]> {
  const clocks: number[] = [];
  for (const name of (await view.list(CPUS)).filter((one) => /^cpu\d+$/.test(one))) {
    const path = `${CPUS}/${name}/cpufreq/scaling_cur_freq`;
    try {
      clocks.push(parseWhole(path, await view.readText(path)) * 1e3);
    } catch (error) {
      // A processor that is offline has no clock.
      if (problemOf(error).problem !== 'missing') throw error;
    }
  }
  return clocks;
}

export function cpuFrequencyGauge(view: SystemView): Gauge {
  return {
    id: 'cpu-frequency',
    label: 'CPU clocks',
    note: 'at the moment of reading; constant in most virtual machines',
    read: async () => {
      const scaling = await scalingClocks(view);
      const clocks = scaling.length > 0 ? scaling : parseCpuinfo(await view.readText('/proc/cpuinfo'));
      if (clocks.length === 0) throw new MeterError('missing', CPUS, 'neither cpufreq nor /proc/cpuinfo gives a clock');
      return clockFigures(clocks);
    },
  };
}

function clockFigures(clocks: readonly number[]): readonly Figure[] {
  const sum = clocks.reduce((total, clock) => total + clock, 0);
  return [
    { name: 'slowest clock', value: Math.min(...clocks), unit: 'Hz' },
    { name: 'mean clock', value: sum / clocks.length, unit: 'Hz' },
    { name: 'fastest clock', value: Math.max(...clocks), unit: 'Hz' },
  ];
}

/** The rule by which clocks are chosen, such as `performance` or `schedutil`; undefined where the system does not say. */
export async function cpuGovernor(view: SystemView): Promise<string | undefined> {
  const text = (await view.readText(`${CPUS}/cpu0/cpufreq/scaling_governor`).catch(() => '')).trim();
  return /^\w{1,20}$/.test(text) ? text : undefined;
}
