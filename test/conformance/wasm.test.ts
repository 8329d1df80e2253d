import { wasmBackend } from '../../src/engine/wasm/index.ts';
import { WASM_TOLERANCE } from '../closeness.ts';
import { runConformance } from './conformance.ts';

runConformance({
  ...{ name: 'wasm', makeBackend: ({ threads }) => wasmBackend({ threads }), threads: [2, 1, 3] },
  tolerance: WASM_TOLERANCE,
});
