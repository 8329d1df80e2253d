// One kernel thread in a browser; its start arrives as the first message.

import { serveKernels } from '../serve.ts';
import type { ThreadStart } from './types.ts';

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ThreadStart>) => void) | null;
  postMessage(message: string): void;
};
scope.onmessage = (event) => serveKernels(event.data, () => scope.postMessage('ready'));
