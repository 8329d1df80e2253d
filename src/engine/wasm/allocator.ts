// First-fit allocation of the kernels' memory, in multiples of 128 bytes. Programs allocate when compiled and free when closed;
// nothing is allocated while they run.

import { UnsupportedError } from '../../core/index.ts';
import { HEAP_BASE } from './words.ts';

const PAGE = 65536;
const ALIGN = 128;
/** A 32-bit memory holds 4 GiB; the last page is left alone so that no address wraps. */
export const MEMORY_LIMIT = 65535 * PAGE;

export interface Allocator {
  readonly memory: WebAssembly.Memory;
  /** Address of `size` zeroed bytes. Throws UnsupportedError when memory is full. */
  allocate(size: number): number;
  free(address: number): void;
  /** Bytes that could still be allocated. */
  available(): number;
}

export function allocatorOf(memory: WebAssembly.Memory): Allocator {
  const taken: { begin: number; end: number }[] = [];
  const used = (): number => taken.reduce((sum, { begin, end }) => sum + end - begin, 0);
  const allocate = (bytes: number): number => {
    const size = Math.ceil(Math.max(bytes, 1) / ALIGN) * ALIGN;
    let begin = HEAP_BASE;
    let place = 0;
    while (place < taken.length && begin + size > taken[place]!.begin) begin = taken[place++]!.end;
    if (begin + size > MEMORY_LIMIT)
      throw new UnsupportedError(
        `wasm backend: ${size} bytes do not fit in its 4 GiB of memory (${used()} in use); use a smaller batch`,
      );
    const missing = begin + size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    taken.splice(place, 0, { begin, end: begin + size });
    new Uint8Array(memory.buffer, begin, size).fill(0);
    return begin;
  };
  const free = (address: number): void => {
    const place = taken.findIndex(({ begin }) => begin === address);
    if (place >= 0) taken.splice(place, 1);
  };
  return { memory, allocate, free, available: () => MEMORY_LIMIT - HEAP_BASE - used() };
}
