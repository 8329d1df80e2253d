export { referenceBackend } from './backend.ts';
export { type LatencyCode, latencyStep, latencyTime } from './encode.ts';
