// Writes the JSON schemas of what Spikewatt prints and stores to docs/schema/. A test fails when they are out of date.

import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from './json-schemas.ts';

const folder = new URL('../docs/schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [file, text] of Object.entries(jsonSchemas())) writeFileSync(new URL(file, folder), text);
