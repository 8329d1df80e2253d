// Settings given on the command line: every key of a study can be set there.

import { parseDocument } from 'yaml';
import { ConfigError, keyPath } from '../core/index.ts';
import { isSettings, type StudyLayer } from './study-merge.ts';

/**
 * `key=value` settings of the command line as a layer; the value is read as YAML (`3`, `[5, 10]`, `true`, `text`).
 * @throws ConfigError for text without `=`, or a value that is not YAML.
 */
export function parseOverrides(assignments: readonly string[]): StudyLayer {
  const settings: Record<string, unknown> = {};
  const written = new Map<string, string>();
  for (const text of assignments) {
    const split = text.indexOf('=');
    if (split < 1) throw new ConfigError(`--set ${text}`, 'expected key=value, as in --set training.snn.epochs=3');
    const path = text.slice(0, split).trim().split('.');
    const document = parseDocument(text.slice(split + 1), { prettyErrors: false });
    if (document.errors[0])
      throw new ConfigError(`--set ${text}`, 'the value is not YAML; put text with special characters in quotes');
    assign(settings, path, document.toJS(), text);
    written.set(keyPath(path), `--set ${text}`);
  }
  return { label: '--set', settings, locate: (keys) => written.get(keyPath(keys)) };
}

function assign(settings: Record<string, unknown>, path: readonly string[], value: unknown, text: string): void {
  let target = settings;
  for (const key of path.slice(0, -1)) {
    if (key === '__proto__' || key === '')
      throw new ConfigError(`--set ${text}`, 'a part of the key is empty or not allowed');
    const next = Object.hasOwn(target, key) ? target[key] : undefined;
    const child = isSettings(next) ? { ...next } : {};
    target[key] = child;
    target = child;
  }
  const last = path.at(-1)!;
  if (last === '__proto__' || last === '')
    throw new ConfigError(`--set ${text}`, 'a part of the key is empty or not allowed');
  target[last] = value;
}
