// HTML by construction: every text put into a template is escaped, unless it is markup made here.

/** Markup that is safe to put into a page as it is. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | null | readonly Part[];

/** A template whose texts are escaped; nested markup, lists and null (nothing) are allowed. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, i) => text + (i < parts.length ? render(parts[i]!) : '')).join('') };
}

/** Markup from elsewhere, trusted: a figure's SVG. */
export const trusted = (markup: string): Markup => ({ markup });

function render(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  return part.map(render).join('');
}

export const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');

/** JSON for a `<script type="application/json">`: no text in it can end the element, and parsing it gives the same value. */
export function jsonForScript(value: unknown): Markup {
  const text = JSON.stringify(value);
  return trusted(
    text
      .replace(/</g, '\\u003c')
      .replace(/>/g, '\\u003e')
      .replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`),
  );
}

const REFERENCE = /(https:\/\/[^\s,;)]*[^\s,;).]|(?:doi:)?\b10\.\d{4,9}\/[^\s,;)]*[^\s,;).])/;

/** Text in which each DOI and each https address is a link. */
export function withLinks(text: string): Markup {
  const parts = text.split(new RegExp(REFERENCE, 'g'));
  return html`${parts.map((part, i) => (i % 2 === 1 ? link(part) : part))}`;
}

function link(reference: string): Markup {
  const target = reference.startsWith('https:') ? reference : `https://doi.org/${reference.replace(/^doi:/, '')}`;
  return html`<a href="${target}">${reference.replace(/^https:\/\//, '')}</a>`;
}
