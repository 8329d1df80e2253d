// Results that go into a run's record have to be of the run's own data and seed.

import { ConfigError } from '../core/index.ts';
import { differingKeys, type Study } from '../experiment/index.ts';

/** May differ whatever is done: they change where and how fast, not what. */
const FREE = ['out', 'threads', 'memory', 'data.download', 'data.cache'];

/** What a run's record says of its networks holds for its own study. Throws ConfigError for a key, not `free`, that is another's. */
export function refuseOtherStudy(study: Study, own: Study, free: readonly string[]): void {
  const keys = differingKeys(own, study, [...free, ...FREE]);
  if (keys.length === 0) return;
  throw new ConfigError(
    keys[0]!,
    `differs from the run's own, whose record this result would go into; leave it out, or give the run's .safetensors files instead of the run`,
  );
}
