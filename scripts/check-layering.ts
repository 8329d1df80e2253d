// Checks the layering of src/ and prints each offender as file:line. Run as `npm run layering`.

import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { layeringFaults } from './layering-rules.ts';

const root = new URL('../', import.meta.url);

const names = (await readdir(fileURLToPath(new URL('src', root)), { recursive: true })).filter((name) =>
  name.endsWith('.ts'),
);
const files = new Map<string, string>();
for (const name of names.sort()) {
  const path = `src/${name.replaceAll('\\', '/')}`;
  files.set(path, await readFile(new URL(path, root), 'utf8'));
}

const faults = layeringFaults(files);
for (const { file, line, message } of faults) console.error(`${file}:${line}: ${message}`);
if (faults.length > 0) process.exitCode = 1;
else console.log(`layering: ${files.size} files in order`);
