// CRC-32 as in zip, gzip and PNG: reflected polynomial 0xEDB88320, start and final xor 0xFFFFFFFF (ISO 3309).
// It finds every burst of up to 32 damaged bits, and any other damage but for one case in 2^32.

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1 ? 0xedb88320 : 0) ^ (value >>> 1);
  return value;
});

/** Checksum of `bytes`, unsigned; `before` continues from the checksum of what came before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before;
  for (let i = 0; i < bytes.length; i++) value = TABLE[(value ^ bytes[i]!) & 255]! ^ (value >>> 8);
  return ~value >>> 0;
}

/** The bytes an array of numbers occupies, without copying. */
export function bytesOf(values: Uint8Array | Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
