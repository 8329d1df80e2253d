// Networks with names.

import { ConfigError, showValue } from '../../core/index.ts';
import { canonical } from '../canonical.ts';
import type { NetworkSpec } from '../spec.ts';
import { advancementsPresets } from './advancements.ts';
import { cassettaPresets } from './cassetta.ts';
import type { PresetDescription, PresetEntry, PresetOptions } from './entry.ts';
import { fiveLayerPresets } from './five-layer.ts';
import { mlpPresets } from './mlp.ts';
import { mobilenetPresets } from './mobilenet.ts';
import { niederlechnerPresets } from './niederlechner.ts';
import { reddiPresets } from './reddi.ts';
import { residualPresets } from './residual.ts';
import { vggPresets } from './vgg.ts';

const ENTRIES: readonly PresetEntry[] = [
  ...mlpPresets,
  ...fiveLayerPresets,
  ...reddiPresets,
  ...cassettaPresets,
  ...niederlechnerPresets,
  ...advancementsPresets,
  ...vggPresets,
  ...residualPresets,
  ...mobilenetPresets,
];

/** Every preset, described. */
export const PRESET_LIST: readonly PresetDescription[] = canonical(ENTRIES.map(({ build: _, ...about }) => about));

/** Names that `preset` knows. */
export const PRESETS: readonly string[] = ENTRIES.map(({ name }) => name);

function indexOf(name: string): number {
  const index = PRESETS.indexOf(name);
  if (index < 0) throw new ConfigError('network', `got "${name}", expected one of ${PRESETS.join(', ')}`);
  return index;
}

/** What the preset is and where it comes from. Throws ConfigError with the names there are. */
export function describePreset(name: string): PresetDescription {
  return PRESET_LIST[indexOf(name)]!;
}

/**
 * A network by name, by default for the images and classes of its description. Throws ConfigError with the names there are, or
 * the options it takes; ShapeError where it does not fit `input`.
 */
export function preset(name: string, options: PresetOptions = {}): NetworkSpec {
  const entry = ENTRIES[indexOf(name)]!;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  for (const [option, value] of Object.entries(given)) {
    if ((entry.options as readonly string[]).includes(option)) continue;
    throw new ConfigError(
      `preset "${name}": ${option}`,
      `got ${showValue(value)}, but it takes ${entry.options.join(', ')} only`,
    );
  }
  return entry.build({ input: entry.input, classes: entry.classes, ...given }, name);
}
