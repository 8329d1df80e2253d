// What the numbers were measured on.

import { loadavg } from 'node:os';
import { hostInfo } from '#platform';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
  /** Load of the last minute when the bench began: above half a core, times are not to be trusted. */
  readonly load: number;
}

export function machine(): Machine {
  const { cpuModel, cores, system, runtimeVersion, v8 } = hostInfo();
  return { cpu: cpuModel, cores, system, node: runtimeVersion, v8, load: Math.round(loadavg()[0]! * 100) / 100 };
}

export const machineLine = ({ cpu, cores, system, node, v8, load }: Machine): string =>
  `${cpu}, ${cores} cores, ${system}, Node ${node} (V8 ${v8}), load ${load} at the start${load > 0.5 ? ': busy, times are too long' : ''}`;
