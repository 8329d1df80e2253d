// Puts what tsc does not emit beside the compiled code: the kernels, where dist/engine/wasm looks for them.

import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const build = join(root, 'build');
const target = join(root, 'dist', 'engine', 'wasm');

const names = (await readdir(build).catch(() => [])).filter((name) => name.endsWith('.wasm'));
if (names.length === 0) {
  console.error('copy-assets: build/ holds no .wasm; run npm run kernels first');
  process.exitCode = 1;
}
await mkdir(target, { recursive: true });
for (const name of names) await copyFile(join(build, name), join(target, name));
