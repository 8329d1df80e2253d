// Example images: the original, what a disturbance made of it, the difference, and what each network sees in it.

import type { ExampleImage, ExampleVariant } from '../../robustness/index.ts';
import { amplified, bytesOf, pngUri } from '../robustness/picture.ts';
import { html, type Markup } from './markup.ts';

/** Null where there are none, or none of one, three or four channels. */
export function exampleImages(examples: readonly ExampleImage[], classes: readonly string[]): Markup | null {
  const shown = examples.filter(({ shape }) => [1, 3, 4].includes(shape[2] ?? 1));
  if (shown.length === 0) return null;
  return html`<h3>Examples</h3><p>Each disturbed image with its difference to the original below it (mid grey: unchanged), and what each network takes it for: ✓ right, ✗ wrong.</p>${shown.map((example) => exampleList(example, classes))}`;
}

function exampleList(example: ExampleImage, classes: readonly string[]): Markup {
  const { sample, label, shape, original, variants } = example;
  const pixels = bytesOf(original);
  const name = nameOf(label, classes);
  const first = html`<li><h4>Test image ${sample}</h4>${image(pixels, shape, `Test image ${sample}, ${name}`)}<p class="note">original: ${name}</p></li>`;
  return html`<ul class="examples">${first}${variants.map((variant) => card(variant, pixels, example, classes))}</ul>`;
}

function card(
  variant: ExampleVariant,
  original: Uint8Array,
  example: ExampleImage,
  classes: readonly string[],
): Markup {
  const { title, predictions } = variant;
  const { label, shape, sample } = example;
  const pixels = bytesOf(variant.pixels);
  const { pixels: difference, factor } = amplified(pixels, original, shape[2] ?? 1);
  const changed = pixels.some((value, i) => value !== original[i]);
  const words = changed ? `difference × ${factor}` : 'no difference';
  const items = predictions.map(({ network, label: seen }) => {
    const answer = seen < 0 ? 'silent' : nameOf(seen, classes);
    return seen === label
      ? html`<li>✓ ${network}: ${answer}</li>`
      : html`<li>✗ ${network}: <span class="wrong">${answer}</span></li>`;
  });
  return html`<li><h4>${title}</h4>${image(pixels, shape, `Test image ${sample}, ${title}`)}<p class="note">${words}:</p>${image(difference, shape, `Difference of test image ${sample}, ${title}`)}<ul class="predictions">${items}</ul></li>`;
}

const nameOf = (label: number, classes: readonly string[]): string => classes[label] ?? String(label);

const image = (pixels: Uint8Array, shape: readonly number[], alt: string): Markup =>
  html`<img src="${pngUri(pixels, shape)}" width="${shape[1] ?? 1}" height="${shape[0]!}" alt="${alt}">`;
