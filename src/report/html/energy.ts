// What lies under the energy figure: each profile's source and caveat, what it leaves unpriced, whom it cannot price.

import type { EnergyEstimate } from '../../measure/index.ts';
import type { RunRecord } from '../../store/index.ts';
import { profilesOf } from '../columns.ts';
import { scrolling } from './comparison.ts';
import { html, type Markup, withLinks } from './markup.ts';

export function assumptions({ networks }: RunRecord): Markup {
  const rows = profilesOf(networks).map(({ profile, label, type, source, caveat }) => {
    const estimates = networks.flatMap(({ name, energy }) =>
      energy.filter((e) => e.profile === profile).map((e) => ({ name, e })),
    );
    const unpriced = [...new Set(estimates.flatMap(({ e }) => e.unpriced))];
    const refused = estimates.filter(({ e }) => e.notApplicable !== undefined);
    return html`<tr><th scope="row">${label}<span class="unit">${type.replace('-', ' ')}</span></th><td>${withLinks(source)}</td><td>${sentence(caveat)}${refusals(refused)}</td><td>${unpriced.length === 0 ? 'nothing that occurred' : unpriced.map(words).join(', ')}</td></tr>`;
  });
  const table = html`<table><caption>Assumptions. Profiles of different types must not be compared with one another.</caption>
<thead><tr><th scope="col" style="width: 15%">Profile</th><th scope="col" style="width: 27%">Source</th><th scope="col" style="width: 35%">Caveat</th><th scope="col">Left without a price</th></tr></thead><tbody>${rows}</tbody></table>`;
  return html`${scrolling('Assumptions of the energy profiles', table)}${baselines(networks)}`;
}

interface Refused {
  readonly name: string;
  readonly e: EnergyEstimate;
}

/** Each reason once, with the networks it holds for. */
function refusals(refused: readonly Refused[]): Markup {
  const reasons = [...new Set(refused.map(({ e }) => e.notApplicable!))];
  const namesOf = (reason: string): string =>
    refused.flatMap(({ name, e }) => (e.notApplicable === reason ? [name] : [])).join(', ');
  return html`${reasons.map((reason) => html` Not for ${namesOf(reason)}: ${sentence(reason)}`)}`;
}

function baselines(networks: RunRecord['networks']): Markup | null {
  const byNote = new Map<string, Set<string>>();
  for (const { label, weightBits, activationBits, note } of networks.flatMap(({ baselines: own = [] }) => own)) {
    const name = `${label} (${weightBits}-bit weights, ${activationBits}-bit activations)`;
    byNote.set(note, (byNote.get(note) ?? new Set()).add(name));
  }
  const lines = [...byNote].map(([note, names]) => html`<p class="note">${[...names].join(', ')}: ${note}.</p>`);
  return lines.length === 0 ? null : html`<h3>Cheaper ANNs to compare with</h3>${lines}`;
}

/** With a capital and a full stop. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

/** `weightReads` as `weight reads`. */
export const words = (key: string): string =>
  key
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/\b(acs|macs)\b/g, (name) => (name === 'acs' ? 'ACs' : 'MACs'));
