export { referenceBackend } from './backend.ts';
