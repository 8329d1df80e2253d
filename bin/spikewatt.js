#!/usr/bin/env node
// Starts the compiled command line. Written for any Node, so that an old one is told what is wrong.

const NEEDED = 24;
const [major] = process.versions.node.split('.').map(Number);

if (major < NEEDED) {
  console.error(
    `spikewatt needs Node ${NEEDED} or newer, this is ${process.versions.node}. ` +
      'Install it from https://nodejs.org (in a checkout, npm ci brings it along: use npx spikewatt).',
  );
  process.exit(1);
}

try {
  await import('../dist/cli/main.js');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist/cli/main.js')) throw error;
  console.error('spikewatt is not built: run npm run build in its folder.');
  process.exit(1);
}
