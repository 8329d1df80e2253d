// The machine and the program, as a record states them.

import { hostInfo } from '#platform';
import { VERSION } from '../core/index.ts';
import type { EnvironmentRecord } from '../store/index.ts';
import { findMeters } from './meters.ts';
import type { OpenBackend } from './open-backend.ts';

/** What a run was made with. */
export async function describeEnvironment({ backend, simdBits }: OpenBackend): Promise<EnvironmentRecord> {
  const host = hostInfo();
  const meters = await findMeters();
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
    meters: meters.found,
    metersUnavailable: meters.unavailable,
  };
}
