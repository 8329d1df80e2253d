// Packs the package, installs the tarball in an empty folder and uses it there, as a stranger would: the command line starts,
// the library is imported and runs a network, the types resolve. Run as `npm run try-package`.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spikewatt-package-'));
const bin = join(root, 'node_modules', '.bin');

function run(command: string, args: readonly string[], where: string): string {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NODE_OPTIONS: '' };
  return execFileSync(command, args, { cwd: where, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

const PROGRAM = `
import { compare, countParameters, mlp, parseNetwork, networkToJson } from 'spikewatt';
const spec = parseNetwork(networkToJson(mlp([784, 16, 10])));
if (countParameters(spec) !== 784 * 16 + 16 + 16 * 10 + 10) throw new Error('wrong parameter count');
if (typeof compare !== 'function') throw new Error('compare is missing');
console.log('library: ok');
`;

const TYPED = `import { countParameters, mlp } from 'spikewatt';\nexport const parameters: number = countParameters(mlp([7, 3]));\n`;

try {
  // prepare has built dist already; packing must not change it under a running test.
  const packed = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)) as [
    { filename: string; entryCount: number; unpackedSize: number },
  ];
  const { filename, entryCount, unpackedSize } = packed[0];
  console.log(`packed: ${filename}, ${entryCount} files, ${(unpackedSize / 1e6).toFixed(1)} MB`);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, filename)], folder);
  writeFileSync(join(folder, 'program.js'), PROGRAM);
  writeFileSync(join(folder, 'typed.ts'), TYPED);
  console.log(`command: ${run('npx', ['--no-install', 'spikewatt', '--version'], folder).trim()}`);
  console.log(run('npx', ['--no-install', 'spikewatt', 'doctor'], folder).trimEnd());
  process.stdout.write(run('node', ['program.js'], folder));
  const strict = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', 'typed.ts'];
  run('tsc', [...strict, '--types', ''], folder);
  console.log('types: ok');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
