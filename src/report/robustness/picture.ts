// Pixels as PNG in a data URI, for Node and the browser alike.

import { encode } from 'fast-png';

/** Grey that stands for `unchanged`. */
const MIDDLE = 128;
const FACTORS = [100, 50, 20, 10, 5, 2, 1, 0.5];

/** The bytes that a base64 text stands for. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** An image of [height, width, channels] with one (grey), three or four channels; channels missing: 1. */
export function pngUri(pixels: Uint8Array, shape: readonly number[]): string {
  const [height = 1, width = 1, channels = 1] = shape;
  const file = encode({ width, height, channels, depth: 8, data: pixels });
  return `data:image/png;base64,${btoa(Array.from(file, (byte) => String.fromCharCode(byte)).join(''))}`;
}

/** `pixels` minus `original` around mid grey, times the largest factor that keeps every difference within a byte. */
export function amplified(
  pixels: Uint8Array,
  original: Uint8Array,
  channels: number,
): { readonly pixels: Uint8Array; readonly factor: number } {
  const opaque = (i: number): boolean => channels === 4 && i % 4 === 3;
  const largest = pixels.reduce(
    (most, value, i) => (opaque(i) ? most : Math.max(most, Math.abs(value - original[i]!))),
    0,
  );
  const factor = FACTORS.find((each) => each * largest < MIDDLE) ?? 0.5;
  const shown = pixels.map((value, i) =>
    opaque(i) ? 255 : Math.min(255, Math.round(MIDDLE + factor * (value - original[i]!))),
  );
  return { pixels: shown, factor };
}
