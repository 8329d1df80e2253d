import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layeringFaults, withoutComments } from '../scripts/layering-rules.ts';

/** Faults of these files as `file:line: message`. */
const faults = (files: Readonly<Record<string, string>>): string[] =>
  layeringFaults(new Map(Object.entries(files))).map(({ file, line, message }) => `${file}:${line}: ${message}`);

test('imports downhill, by index.ts, and within a folder are in order', () => {
  const files = {
    'src/core/index.ts': "export { joules } from './units.ts';",
    'src/core/units.ts': 'export const joules = 1;',
    'src/model/index.ts': "import { joules } from '../core/index.ts';\nexport { a } from './neurons/lif.ts';",
    'src/model/neurons/lif.ts':
      "import type { B } from '../spec.ts';\nimport { readFile } from '#platform';\nexport const a = 1;",
    'src/model/spec.ts': 'export type B = 1;',
    'src/measure/index.ts': "import type { T } from '../simulate/index.ts';",
    'src/simulate/index.ts': "import { z } from 'zod';\nexport type T = 1;",
    'src/index.ts': "export { joules } from './core/index.ts';",
    'src/core/platform/node.ts': "import { readFile } from 'node:fs';\nprocess.cwd();",
    'src/cli/main.ts': "import fs from 'node:fs';",
    'src/core/units.test.ts': "import { test } from 'node:test';\nimport { joules } from './units.ts';",
    'src/store/x.test.ts': "import { record } from '../../test/fixtures/record.ts';",
    'src/engine/wasm/platform/node-worker.ts': "import { Worker } from 'node:worker_threads';",
  };
  assert.deepEqual(faults(files), []);
});

test('an uphill import is caught, of whatever form', () => {
  const expected = 'imports uphill: model (rank 1) may not import train (rank 4)';
  const forms = [
    "import { a } from '../train/index.ts';",
    "import type { a } from '../train/index.ts';",
    "export { a } from '../train/index.ts';",
    "import '../train/index.ts';",
    "const a = await import('../train/index.ts');",
    "import {\n  a,\n  b,\n} from '../train/index.ts';",
  ];
  for (const form of forms) {
    const line = form.split('\n').length + 1;
    assert.deepEqual(faults({ 'src/model/x.ts': `// first\n${form}` }), [`src/model/x.ts:${line}: ${expected}`], form);
  }
});

test('siblings, the public face and folders without a rank are caught', () => {
  assert.deepEqual(faults({ 'src/data/x.ts': "import { a } from '../model/index.ts';" }), [
    'src/data/x.ts:1: imports a sibling: data (rank 1) may not import model (rank 1)',
  ]);
  assert.match(
    faults({ 'src/cli/x.ts': "import { a } from '../index.ts';" })[0]!,
    /cli \(rank 7\) may not import src\/index.ts \(rank 8\)/,
  );
  assert.match(
    faults({ 'src/helpers/x.ts': "import { a } from '../core/index.ts';" })[0]!,
    /folder "helpers" has no rank/,
  );
  assert.match(
    faults({ 'src/model/x.ts': "import { a } from '../helpers/index.ts';" })[0]!,
    /whose folder has no rank/,
  );
});

test("an import past a folder's index.ts is caught, except in tests", () => {
  const text = "import { a } from '../core/units.ts';";
  assert.deepEqual(faults({ 'src/model/x.ts': text }), [
    'src/model/x.ts:1: imports "src/core/units.ts" past its folder\'s index.ts',
  ]);
  assert.deepEqual(faults({ 'src/model/x.test.ts': text }), []);
});

test("Node's modules and globals are caught outside their places", () => {
  assert.deepEqual(faults({ 'src/core/x.ts': "\nimport { readFile } from 'node:fs';" }), [
    'src/core/x.ts:2: imports node:fs; only src/cli and platform files may, others go through #platform',
  ]);
  assert.match(
    faults({ 'src/core/x.ts': 'const a = process.env.HOME;' })[0]!,
    /x\.ts:1: uses process, which a browser has not/,
  );
  assert.match(faults({ 'src/core/x.ts': 'const a = Buffer.from([]);' })[0]!, /uses Buffer,/);
  assert.match(faults({ 'src/core/x.ts': "const a = require('fs');" })[0]!, /uses require\(/);
  assert.deepEqual(
    faults({ 'src/core/x.ts': "// process.env\nconst process = 1;\nview.Buffer.x;\n'process.env';" }),
    [],
  );
});

test('a cycle between files is caught once, with its way round', () => {
  const files = {
    'src/model/a.ts': "import { b } from './b.ts';",
    'src/model/b.ts': "\nimport { c } from './c.ts';",
    'src/model/c.ts': "import { a } from './a.ts';",
  };
  assert.deepEqual(faults(files), [
    'src/model/c.ts:1: closes an import cycle: src/model/a.ts -> src/model/b.ts -> src/model/c.ts -> src/model/a.ts',
  ]);
});

test('export * is caught; comments are no imports', () => {
  assert.deepEqual(faults({ 'src/model/index.ts': "export * from './spec.ts';" }), [
    'src/model/index.ts:1: export *; name what is exported',
  ]);
  assert.deepEqual(
    faults({ 'src/model/x.ts': "// import { a } from '../train/index.ts';\n/*\nimport 'node:fs';\n*/" }),
    [],
  );
  assert.equal(withoutComments("a('http://x'); // b\nc"), `a('http://x');     \nc`);
});
