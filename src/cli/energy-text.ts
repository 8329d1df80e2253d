// Energy estimates as text: a network under each profile, and what each profile rests on.

import type { EnergyEstimate } from '../measure/index.ts';

export interface NetworkEnergy {
  readonly name: string;
  readonly kind: string;
  readonly energy: readonly EnergyEstimate[];
}

interface ProfileText {
  readonly profile: string;
  readonly label: string;
  readonly type: string;
  readonly source: string;
  readonly caveat: string;
}

const SCALES = [
  [1e-3, 'mJ'],
  [1e-6, 'µJ'],
  [1e-9, 'nJ'],
  [1e-12, 'pJ'],
] as const;

/** `1.23 µJ`. */
export function energyWords(energy: number): string {
  const [factor, unit] = SCALES.find(([least]) => energy >= least) ?? SCALES.at(-1)!;
  return `${(energy / factor).toPrecision(3)} ${unit}`;
}

const INDENT = '    ';

/** Breaks text into lines of at most `width` cells. */
function wrapped(text: string, width: number): string {
  const room = Math.max(20, width - INDENT.length);
  const lines = text.split(' ').reduce<string[]>((found, word) => {
    const last = found.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) found[found.length - 1] = `${last} ${word}`;
    else found.push(word);
    return found;
  }, []);
  return lines.map((line) => `${INDENT}${line}`).join('\n');
}

/** The profiles with their sources and caveats. */
export const profilesText = (profiles: readonly ProfileText[], width: number): string =>
  profiles
    .map(({ profile, label, type, source, caveat }) =>
      [
        `${profile} (${type})`,
        wrapped(label, width),
        wrapped(`Source: ${source}`, width),
        wrapped(`Caveat: ${caveat}`, width),
      ].join('\n'),
    )
    .join('\n\n');

/** Each profile with every network's energy of one inference, its terms, and the caveat. */
export function energyText(networks: readonly NetworkEnergy[], width: number): string {
  const profiles = networks[0]?.energy ?? [];
  const nameWidth = Math.max(...networks.map(({ name }) => name.length), 0);
  const blocks = profiles.map(({ profile, label, type, caveat }, i) => {
    const rows = networks.map(({ name, energy }) => `  ${name.padEnd(nameWidth)}  ${priceWords(energy[i]!)}`);
    return [`${label} (${profile}, ${type})`, ...rows, wrapped(`Caveat: ${caveat}`, width)].join('\n');
  });
  return ['Estimated energy of one inference, from counted operations; measured on no chip.', ...blocks].join('\n\n');
}

function priceWords({ total, terms, notApplicable, unpriced }: EnergyEstimate): string {
  if (notApplicable !== undefined) return `not applicable: ${notApplicable}`;
  const parts = terms.filter(({ energy }) => energy > 0).map(({ term, energy }) => `${term} ${energyWords(energy)}`);
  const missing = unpriced.length > 0 ? `; not priced: ${unpriced.join(', ')}` : '';
  return `${energyWords(total).padStart(9)}  = ${parts.join(' + ')}${missing}`;
}
