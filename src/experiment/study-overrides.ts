// Settings given on the command line: every key of a study can be set there.

import { parseDocument } from 'yaml';
import { ConfigError, keyPath } from '../core/index.ts';
import { isSettings, type StudyLayer } from './study-merge.ts';

/** One setting of the command line: `training.snn.epochs=3`, and the option it was given with. */
export interface Override {
  readonly assignment: string;
  /** As the user wrote it, for messages: `--set training.snn.epochs=3`, `--epochs 3`. */
  readonly written: string;
}

/**
 * Settings of the command line as a layer; a value is read as YAML (`3`, `[5, 10]`, `true`, `text`).
 * @throws ConfigError for text without `=`, or a value that is not YAML.
 */
export function parseOverrides(overrides: readonly Override[]): StudyLayer {
  const settings: Record<string, unknown> = {};
  const origins = new Map<string, string>();
  for (const { assignment, written } of overrides) {
    const split = assignment.indexOf('=');
    if (split < 1) throw new ConfigError(written, 'expected key=value, as in --set training.snn.epochs=3');
    const path = assignment.slice(0, split).trim().split('.');
    const document = parseDocument(assignment.slice(split + 1), { prettyErrors: false });
    if (document.errors[0]) {
      throw new ConfigError(written, 'the value is not YAML; put text with special characters in quotes');
    }
    assign(settings, path, document.toJS(), written);
    origins.set(keyPath(path), written);
  }
  return { label: 'command line', settings, locate: (keys) => origins.get(keyPath(keys)) };
}

function assign(settings: Record<string, unknown>, path: readonly string[], value: unknown, written: string): void {
  let target = settings;
  for (const key of path.slice(0, -1)) {
    if (key === '__proto__' || key === '') throw new ConfigError(written, 'a part of the key is empty or not allowed');
    const next = Object.hasOwn(target, key) ? target[key] : undefined;
    const child = isSettings(next) ? { ...next } : {};
    target[key] = child;
    target = child;
  }
  const last = path.at(-1)!;
  if (last === '__proto__' || last === '') throw new ConfigError(written, 'a part of the key is empty or not allowed');
  target[last] = value;
}
