// Bytes as text, where JSON has to hold them. `btoa` exists in Node and in browsers.

/** Bytes to base64; in pieces, as a call takes only so many arguments. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 8192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  return btoa(text);
}
