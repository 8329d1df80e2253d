// The machine and the program, as a record states them.

import { hostInfo } from '#platform';
import { VERSION } from '../core/index.ts';
import { briefReasons, type DetectedMeters, detectMeters } from '../meters/index.ts';
import type { EnvironmentRecord } from '../store/index.ts';
import type { OpenBackend } from './open-backend.ts';

/** What a run was made with; looks for meters unless they are given. */
export async function describeEnvironment(
  { backend, simdBits }: OpenBackend,
  meters?: DetectedMeters,
): Promise<EnvironmentRecord> {
  const host = hostInfo();
  const { available, unavailable } = meters ?? (await detectMeters());
  return {
    spikewatt: VERSION,
    node: host.runtime === 'node' ? host.runtimeVersion : '',
    v8: host.v8,
    platform: host.system,
    cpu: host.cpuModel,
    cores: host.cores,
    memoryBytes: host.memoryBytes ?? 0,
    backend: backend.name,
    threads: backend.threads,
    simdBits,
    meters: available.map(({ label }) => label),
    metersUnavailable: available.length > 0 ? '' : briefReasons(unavailable),
  };
}
