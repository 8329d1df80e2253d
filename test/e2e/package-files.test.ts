// The command's entry and the build scripts, copied to an empty folder or told lies, must say what is wrong.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

function node(...args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Runs `work` in a folder that holds copies of these files of the project, and its node_modules. */
async function withCopies(files: readonly string[], work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spikewatt-files-'));
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type": "module"}');
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await copyFile(join(root, file), join(folder, file));
    }
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('the command tells an old Node what it needs', () => {
  const lie = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.11.1"})';
  const { status, output } = node('--import', lie, join(root, 'bin/spikewatt.js'));
  assert.equal(status, 1);
  assert.match(output, /^spikewatt needs Node 24 or newer, this is 20\.11\.1\. Install it from https:\/\/nodejs\.org/);
});

test('the command in a folder that was not built says how to build', async () => {
  await withCopies(['bin/spikewatt.js'], async (folder) => {
    const { status, output } = node(join(folder, 'bin/spikewatt.js'));
    assert.deepEqual([status, output], [1, 'spikewatt is not built: run npm run build in its folder.\n']);
  });
});

test('an error inside the compiled command is not taken for a missing build', async () => {
  await withCopies(['bin/spikewatt.js'], async (folder) => {
    await mkdir(join(folder, 'dist/cli'), { recursive: true });
    await writeFile(join(folder, 'dist/cli/main.js'), "throw new Error('from inside');");
    const { status, output } = node(join(folder, 'bin/spikewatt.js'));
    assert.equal(status, 1);
    assert.match(output, /from inside/);
  });
});

test('without kernels, or with kernels that do not compile, the build says so and leaves none behind', async () => {
  await withCopies(['scripts/build-kernels.ts', 'scripts/copy-assets.ts'], async (folder) => {
    const build = (): Outcome => node(join(folder, 'scripts/build-kernels.ts'));
    const missing = build();
    assert.equal(missing.status, 1);
    assert.match(missing.output, /kernels: .*index\.ts is missing; it is the entry of the AssemblyScript kernels/);
    const nothing = node(join(folder, 'scripts/copy-assets.ts'));
    assert.deepEqual(
      [nothing.status, nothing.output],
      [1, 'copy-assets: build/ holds no .wasm; run npm run kernels first\n'],
    );
    await mkdir(join(folder, 'kernels'));
    await writeFile(join(folder, 'kernels/index.ts'), 'export function f(): i32 { return nowhere; }');
    const wrong = build();
    assert.equal(wrong.status, 1);
    assert.match(wrong.output, /kernels do not compile: [\s\S]*Cannot find name 'nowhere'/);
    await assert.rejects(readFile(join(folder, 'build/kernels.wasm')), { code: 'ENOENT' });
  });
});

test('kernels are compiled once, copied beside the backend, and not compiled again', async () => {
  await withCopies(['scripts/build-kernels.ts', 'scripts/copy-assets.ts'], async (folder) => {
    await mkdir(join(folder, 'kernels'));
    await writeFile(join(folder, 'kernels/index.ts'), 'export function f(x: i32): i32 { return x + 1; }');
    const first = node(join(folder, 'scripts/build-kernels.ts'));
    assert.match(first.output, /^kernels: \d+ bytes in build\/kernels\.wasm\n$/);
    assert.deepEqual(node(join(folder, 'scripts/build-kernels.ts')), { status: 0, output: '' });
    assert.equal(node(join(folder, 'scripts/copy-assets.ts')).status, 0);
    const bytes = await readFile(join(folder, 'dist/engine/wasm/kernels.wasm'));
    const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    assert.equal((instance.exports.f as (x: number) => number)(41), 42);
  });
});
