// Names of runs: `20261121-031500-mnist-default-1a2b`, the time (UTC) first, so that names sort by age.

import type { Rng } from '../core/index.ts';

const LONGEST_NAME = 40;

/** A run's id from its time, its study's name and 16 random bits. */
export function makeRunId(now: Date, name: string, rng: Rng): string {
  const [day, time] = now.toISOString().slice(0, 19).replace(/[-:]/g, '').split('T');
  const suffix = rng.below(0x10000).toString(16).padStart(4, '0');
  return `${day}-${time}-${slug(name)}-${suffix}`;
}

/** Lower-case letters, digits and single dashes; accents are dropped; never empty. */
function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const dashed = plain.replace(/[^a-z0-9]+/g, '-').slice(0, LONGEST_NAME);
  return dashed.replace(/^-+|-+$/g, '') || 'run';
}
