// The backends every golden test runs on. A new one is one line here.

import { type Backend, referenceBackend } from '../../src/engine/index.ts';

export const BACKENDS: readonly { readonly name: string; make(): Backend | Promise<Backend> }[] = [
  { name: 'reference', make: () => referenceBackend() },
];
