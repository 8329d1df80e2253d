// What all pages have in common: one HTML file with no script, no font, nothing loaded from anywhere; a policy in the page forbids it too.

import type { Figure } from '../figures/index.ts';
import { renderSvg } from '../figures/render-svg.ts';
import { scrolling } from './comparison.ts';
import { html, jsonForScript, type Markup, trusted } from './markup.ts';
import { STYLE } from './style.ts';

/** Nothing may be loaded, and no script runs. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A whole page; one made of a `record` also carries it, as `<script type="application/json" id="record">`. */
export function htmlDocument(title: string, main: Markup, record?: unknown): string {
  const carried =
    record === undefined
      ? null
      : html`
<script type="application/json" id="record">${jsonForScript(record)}</script>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
${main}
</main>${carried}
</body>
</html>
`.markup;
}

export async function drawFigure(figure: Figure): Promise<Markup> {
  const { svg, width } = await renderSvg(figure);
  const drawing = scrolling(`Figure: ${figure.title}`, trusted(svg));
  return html`<figure id="figure-${figure.id}" style="max-width: ${Math.ceil(width)}px"><h3>${figure.title}</h3>${drawing}<figcaption>${figure.caption}</figcaption></figure>`;
}
