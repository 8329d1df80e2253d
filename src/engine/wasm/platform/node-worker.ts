// One kernel thread: instantiates the shared module on the shared memory and serves.

import { parentPort, workerData } from 'node:worker_threads';
import { serveKernels } from '../serve.ts';
import type { ThreadStart } from './types.ts';

serveKernels(workerData as ThreadStart, () => parentPort?.postMessage('ready'));
