// The layering rules over a set of source files, as a pure function, so that a test can plant faults.
// A folder of src/ imports only folders of strictly lower rank, and those only by their index.ts; no import cycles; Node's
// own modules and globals only where a browser never comes.

/** Who stands above whom. src/index.ts, the public face, stands above all. */
export const RANKS: Readonly<Record<string, number>> = {
  core: 0,
  data: 1,
  model: 1,
  engine: 1,
  meters: 1,
  lower: 2,
  trials: 2,
  convert: 3,
  simulate: 3,
  robustness: 3,
  onnx: 3,
  train: 4,
  measure: 4,
  profile: 4,
  timing: 4,
  store: 5,
  forecast: 5,
  experiment: 6,
  report: 6,
  cli: 7,
  web: 7,
  '': 8,
};

export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Source text with comments blanked out, so that lines keep their numbers. Quotes inside a regular expression end with its line. */
export function withoutComments(source: string): string {
  const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return source.replace(pattern, (match) =>
    match.startsWith('//') || match.startsWith('/*') ? match.replace(/[^\n]/g, ' ') : match,
  );
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

function importsOf(code: string): readonly Import[] {
  const pattern = /(?:^|[^.\w])(?:import|export)\s*(?:[^'"`;()]*?\sfrom\s*)?\(?\s*['"]([^'"\n]+)['"]/g;
  return Array.from(code.matchAll(pattern), (match) => ({
    specifier: match[1]!,
    line: lineAt(code, match.index + match[0].length),
  }));
}

/** `src/a/b.ts` and `../c/index.ts` to `src/c/index.ts`. */
function resolve(file: string, specifier: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const folderOf = (file: string): string => (file.split('/').length > 2 ? file.split('/')[1]! : '');
const isTest = (file: string): boolean => file.endsWith('.test.ts');
/** The command line, tests, and a folder's platform files: `node.ts`, or `platform/node-worker.ts` and the like. */
const mayUseNode = (file: string): boolean =>
  isTest(file) || folderOf(file) === 'cli' || /\/node\.ts$|\/platform\/node[\w-]*\.ts$/.test(file);

function rankFault(file: string, target: string): string | undefined {
  if (isTest(file) && target.startsWith('test/')) return undefined;
  const [from, to] = [folderOf(file), folderOf(target)];
  if (from === to) return undefined;
  const [own, other] = [RANKS[from], RANKS[to]];
  if (own === undefined) return `folder "${from}" has no rank; add it to scripts/layering-rules.ts`;
  if (other === undefined) return `imports "${target}", whose folder has no rank`;
  if (other >= own) {
    const kind = other === own ? 'a sibling' : 'uphill';
    return `imports ${kind}: ${from} (rank ${own}) may not import ${to || 'src/index.ts'} (rank ${other})`;
  }
  const whole = target === `src/${to}/index.ts`;
  return whole || isTest(file) ? undefined : `imports "${target}" past its folder's index.ts`;
}

function importFaults(file: string, imports: readonly Import[]): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { specifier, line } of imports) {
    if (specifier.startsWith('node:') && !mayUseNode(file)) {
      faults.push({
        file,
        line,
        message: `imports ${specifier}; only src/cli and platform files may, others go through #platform`,
      });
    }
    const fault = specifier.startsWith('.') ? rankFault(file, resolve(file, specifier)) : undefined;
    if (fault !== undefined) faults.push({ file, line, message: fault });
  }
  return faults;
}

function textFaults(file: string, code: string): readonly Fault[] {
  const faults: Fault[] = [];
  for (const match of code.matchAll(/^export \*/gm)) {
    faults.push({ file, line: lineAt(code, match.index), message: 'export *; name what is exported' });
  }
  if (mayUseNode(file)) return faults;
  for (const match of code.matchAll(
    /(?<![.\w'"`])(process|Buffer)\s*\??\.\w|\b__(?:dirname|filename)\b|(?<![.\w'"`])require\(/g,
  )) {
    faults.push({
      file,
      line: lineAt(code, match.index),
      message: `uses ${match[1] ?? match[0]}, which a browser has not; go through #platform`,
    });
  }
  return faults;
}

/** Each import cycle once, as the fault of the file in which the search first met it. */
function cycleFaults(graph: ReadonlyMap<string, readonly { target: string; line: number }[]>): readonly Fault[] {
  const faults: Fault[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const visit = (file: string): void => {
    state.set(file, 'open');
    path.push(file);
    for (const { target, line } of graph.get(file) ?? []) {
      if (state.get(target) === 'open') {
        const round = [...path.slice(path.indexOf(target)), target].join(' -> ');
        faults.push({ file, line, message: `closes an import cycle: ${round}` });
      } else if (!state.has(target)) visit(target);
    }
    path.pop();
    state.set(file, 'done');
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return faults;
}

/** All faults in `files`: paths such as `src/model/spec.ts` with their text. */
export function layeringFaults(files: ReadonlyMap<string, string>): readonly Fault[] {
  const faults: Fault[] = [];
  const graph = new Map<string, { target: string; line: number }[]>();
  for (const [file, text] of files) {
    const code = withoutComments(text);
    const imports = importsOf(code);
    faults.push(...importFaults(file, imports), ...textFaults(file, code));
    const own = imports.filter(({ specifier }) => specifier.startsWith('.'));
    graph.set(
      file,
      own.map(({ specifier, line }) => ({ target: resolve(file, specifier), line })),
    );
  }
  return [...faults, ...cycleFaults(graph)];
}
