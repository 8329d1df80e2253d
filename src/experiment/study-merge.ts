// A study is built in layers: a preset, then a file, then what was said on the command line. Later layers win key by key;
// lists are replaced. Each layer can say where it wrote a key, so an error points at the line the user typed.

export type KeyPath = readonly (string | number)[];
export type Settings = { readonly [key: string]: unknown };

export interface StudyLayer {
  /** `preset "mnist-default"`, `study.yaml`, `--set`. */
  readonly label: string;
  readonly settings: Settings;
  /** Where this layer wrote the key at `path` (or, for `key`, the name of the key itself); undefined if it did not. */
  locate(path: KeyPath): string | undefined;
}

export const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys whose value is one of several kinds of thing, and the keys inside that tell which. */
const CHOICES = ['network', 'neuron', 'activation', 'encoder', 'decay', 'normalize', 'harden'];
const DISCRIMINATORS = ['kind', 'dialect', 'form', 'format', 'sizes', 'hidden', 'preset'];

/** Are both of one kind, so that they can be merged? Otherwise the later replaces the earlier. */
const sameKind = (key: string, a: Settings, b: Settings): boolean => {
  if (!CHOICES.includes(key)) return true;
  const named = DISCRIMINATORS.filter((name) => name in b);
  return named.every((name) => name in a && (typeof b[name] !== 'string' || a[name] === b[name]));
};

/** `over` laid over `base`, without touching either. */
export function mergeSettings(base: Settings, over: Settings): Settings {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    const mixes = isSettings(value) && isSettings(below) && sameKind(key, below, value);
    merged.set(key, mixes ? mergeSettings(below, value) : value);
  }
  return Object.fromEntries(merged);
}

/** All layers, lowest first, as one. */
export const mergeLayers = (layers: readonly StudyLayer[]): Settings =>
  layers.reduce<Settings>((merged, layer) => mergeSettings(merged, layer.settings), {});

/** Where the value at `path` was written, by the topmost layer that has it or an ancestor of it. */
export function originOf(layers: readonly StudyLayer[], path: KeyPath): string | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    for (const layer of [...layers].reverse()) {
      const place = layer.locate(path.slice(0, depth));
      if (place !== undefined) return place;
    }
  }
  return undefined;
}
