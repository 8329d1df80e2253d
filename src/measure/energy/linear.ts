// Energy = sum over ledger columns of count * price.

import { type Joules, joules } from '../../core/index.ts';
import { COLUMNS, type Column, type OpCounts } from '../counts.ts';
import type { EnergyTerm } from '../energy-types.ts';
import type { LinearProfile } from '../profiles/profile.ts';

export function linearTerms(counts: OpCounts, profile: LinearProfile): EnergyTerm[] {
  return profile.terms
    .filter(
      ({ prices, ifPresent }) =>
        ifPresent === undefined || COLUMNS.some((column) => column in prices && counts[column] > 0),
    )
    .map(({ term, prices }) => ({ term, energy: priced(counts, prices) }));
}

function priced(counts: OpCounts, prices: Partial<Record<Column, Joules>>): Joules {
  let energy = 0;
  for (const column of COLUMNS) energy += counts[column] * (prices[column] ?? 0);
  return joules(energy);
}

/** Bounds and composites: they restate other columns, so leaving them without a price leaves nothing out. */
const RESTATED: readonly Column[] = ['denseMacs', 'denseAcs', 'neuronUpdates'];

/** Columns that are not 0 and that this profile neither prices nor contains. */
export function unpricedColumns(counts: OpCounts, profile: LinearProfile): Column[] {
  const known = new Set<string>([...RESTATED, ...profile.covers]);
  for (const { prices } of profile.terms) for (const column of Object.keys(prices)) known.add(column);
  return COLUMNS.filter((column) => !known.has(column) && counts[column] > 0);
}
