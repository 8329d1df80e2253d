// All profiles, by id.

import { ConfigError } from '../../core/index.ts';
import { ARITHMETIC_PROFILES } from './arithmetic.ts';
import { DEVICE_PROFILES } from './devices.ts';
import type { EnergyProfile } from './profile.ts';
import { MEMORY_PROFILES } from './with-memory.ts';

export { type Constant, energyPerOperation } from './constant.ts';
export { CONSTANTS, constant, energyOfOne } from './constants.ts';
export { type EnergyProfile, type LinearProfile, type MemoryTrafficProfile, type Prices, withTerm } from './profile.ts';

export const PROFILES: readonly EnergyProfile[] = [...ARITHMETIC_PROFILES, ...MEMORY_PROFILES, ...DEVICE_PROFILES];

/** @throws ConfigError listing the profiles there are */
export function profile(id: string): EnergyProfile {
  const found = PROFILES.find((each) => each.id === id);
  if (found === undefined) {
    throw new ConfigError('profile', `got "${id}", expected one of ${PROFILES.map((each) => each.id).join(', ')}`);
  }
  return found;
}
