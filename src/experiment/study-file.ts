// Study files: YAML, or JSON (which is YAML too). Keeps the position of every key, for messages that name the line.

import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { DataError } from '../core/index.ts';
import { isSettings, type KeyPath, type StudyLayer } from './study-merge.ts';

/**
 * A study file's text as a layer.
 * @throws DataError naming file, line and column if it is not well-formed, repeats a key, or is not a mapping.
 */
export function parseStudyFile(path: string, text: string): StudyLayer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const problem = document.errors[0];
  if (problem)
    throw new DataError(place(problem.pos[0]), `not well-formed YAML or JSON: ${problem.message.split('\n')[0]}`);
  const settings: unknown = readDocument(path, () => document.toJS({ maxAliasCount: 100 })) ?? {};
  if (!isSettings(settings)) {
    throw new DataError(
      path,
      `a study is a mapping of keys to values (name, data, network, ...), got ${describe(settings)}`,
    );
  }
  return {
    label: path,
    settings,
    locate(keys) {
      const node = keyNode(document.contents, keys);
      return node?.range ? place(node.range[0]) : undefined;
    },
  };
}

function readDocument(path: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    throw new DataError(path, `cannot be read as YAML: ${(cause as Error).message}`, { cause });
  }
}

const describe = (value: unknown): string =>
  Array.isArray(value) ? 'a list' : `${typeof value} ${JSON.stringify(value)}`;

/** The node of the value at `keys`; of the key itself where the value is a mapping. */
function keyNode(contents: unknown, keys: KeyPath): Node | undefined {
  let node: unknown = contents;
  let found: Node | undefined;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return undefined;
      node = pair.value;
      found = isNode(pair.key) ? pair.key : undefined;
    } else {
      node =
        isNode(node) && 'get' in node ? (node as { get(key: unknown, keep: true): unknown }).get(key, true) : undefined;
      if (!isNode(node)) return undefined;
      found = node;
    }
  }
  return found;
}
