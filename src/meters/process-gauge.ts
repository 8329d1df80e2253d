// What this process has used: CPU time of all its threads, memory, page faults, switches. https://nodejs.org/api/process.html

import type { ProcessUsage } from '../core/index.ts';
import type { Figure, Gauge } from './meter.ts';
import { MeterError } from './meter-error.ts';
import type { SystemView } from './system-view.ts';

const UNITS: readonly (readonly [keyof ProcessUsage, string, string])[] = [
  ['userTime', 'user time', 's'],
  ['systemTime', 'system time', 's'],
  ['resident', 'resident memory', 'B'],
  ['peakResident', 'peak resident memory', 'B'],
  ['heapUsed', 'heap used', 'B'],
  ['heapTotal', 'heap', 'B'],
  ['external', 'memory outside the heap', 'B'],
  ['minorFaults', 'minor page faults', '1'],
  ['majorFaults', 'major page faults', '1'],
  ['voluntarySwitches', 'voluntary switches', '1'],
  ['involuntarySwitches', 'involuntary switches', '1'],
];

export function processGauge(view: SystemView): Gauge {
  return {
    id: 'process',
    label: 'CPU time, memory, page faults of this process',
    note: 'all threads together, since the process started',
    read: async () => {
      const usage = view.processUsage();
      if (usage === undefined) throw new MeterError('missing', 'process', 'a browser does not say what a page uses');
      return UNITS.map(([key, name, unit]): Figure => ({ name, value: usage[key], unit }));
    },
  };
}
