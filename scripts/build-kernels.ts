// Compiles kernels/index.ts with AssemblyScript to build/kernels.wasm; does nothing if that is newer than all it is made from.
// Run as `npm run kernels`; `npm ci` runs it through `prepare`. `--force` compiles in any case.

import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'kernels');
const entry = join(source, 'index.ts');
const output = join(root, 'build', 'kernels.wasm');

/** Memory is imported and shared by all threads: 16 MiB at first, 4 GiB at most (pages of 64 KiB). */
const OPTIONS = [
  '-O3',
  '--noAssert',
  ...['--runtime', 'stub'],
  ...['--enable', 'simd,relaxed-simd,threads,bulk-memory'],
  '--importMemory',
  '--sharedMemory',
  ...['--initialMemory', '256'],
  ...['--maximumMemory', '65536'],
  // The module's own tables begin here, above the fixed places of kernels/memory.ts and scheduler.ts.
  ...['--memoryBase', '4096'],
];

const changedAt = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;

async function newestSource(): Promise<number> {
  const names = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const paths = [...names.map((name) => join(source, name)), fileURLToPath(import.meta.url)];
  return Math.max(...(await Promise.all(paths.map(changedAt))));
}

async function compile(): Promise<void> {
  await mkdir(join(root, 'build'), { recursive: true });
  const unfinished = `${output}.${process.pid}.tmp`;
  const { error, stderr } = await asc.main([entry, '--outFile', unfinished, ...OPTIONS]);
  if (error !== null) throw new Error(`kernels do not compile: ${error.message}\n${stderr.toString()}`);
  await rename(unfinished, output);
  console.log(`kernels: ${(await stat(output)).size} bytes in build/kernels.wasm`);
}

if ((await changedAt(entry)) === 0) {
  console.error(`kernels: ${entry} is missing; it is the entry of the AssemblyScript kernels`);
  process.exitCode = 1;
} else if (process.argv.includes('--force') || (await changedAt(output)) < (await newestSource())) {
  await compile().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
