// The backends every golden test runs on. A new one is one line here.

import { after } from 'node:test';
import { type Backend, referenceBackend } from '../../src/engine/index.ts';
import { wasmBackend } from '../../src/engine/wasm/index.ts';

const MAKERS: readonly { readonly name: string; make(): Backend | Promise<Backend> }[] = [
  { name: 'reference', make: () => referenceBackend() },
  { name: 'wasm', make: () => wasmBackend({ threads: 2 }) },
];

/** Each backend, started when the file's first test asks for it and closed after its last. */
export const BACKENDS = MAKERS.map(({ name, make }) => {
  let started: Promise<Backend> | undefined;
  after(async () => (await started)?.close());
  const backend = (): Promise<Backend> => {
    started ??= Promise.resolve(make());
    return started;
  };
  return { name, backend };
});
