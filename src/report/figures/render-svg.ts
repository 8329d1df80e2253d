// A figure as SVG text, drawn without a screen. Vega measures text by estimate where there is no canvas.

import type { LoggerInterface } from 'vega';
import type { Figure } from './theme.ts';

export interface RenderedFigure {
  /** An `<svg>` element for a page: named for screen readers, scalable, its ids its own. */
  readonly svg: string;
  /** In CSS pixels. */
  readonly width: number;
  /** What Vega and Vega-Lite complained of; empty unless a figure is wrong. */
  readonly warnings: readonly string[];
}

export async function renderSvg({ spec, id, title, alt }: Figure): Promise<RenderedFigure> {
  // Loaded when the first figure is drawn: the two take a third of a second, which a command that draws none need not wait.
  const [{ parse, View, Warn }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const warnings: string[] = [];
  const logger = collector(warnings, Warn);
  const runtime = parse(compile(withoutSeparators(spec), { logger }).spec, undefined, {});
  const view = new View(runtime, { renderer: 'none', logger });
  const raw = await view.toSVG();
  view.finalize();
  const width = Number(/width="([\d.]+)"/.exec(raw)?.[1] ?? 0);
  return { svg: forPage(raw, id, `${title}. ${alt}`), width, warnings };
}

function collector(warnings: string[], level: number): LoggerInterface {
  const collect = (...args: readonly unknown[]): LoggerInterface => {
    warnings.push(args.map(String).join(' '));
    return logger;
  };
  const ignore = (): LoggerInterface => logger;
  const logger = {
    level: (value?: number) => (value === undefined ? level : logger),
    error: collect,
    warn: collect,
    info: ignore,
    debug: ignore,
  } as LoggerInterface;
  return logger;
}

/** Vega numbers its clip paths through all figures it draws; here they are numbered anew, under the figure's own id. */
function forPage(raw: string, id: string, label: string): string {
  const names = [...raw.matchAll(/\bid="([^"]+)"/g)].map(([, name]) => name!);
  const nameOf = (name: string): string => `${id}-${names.indexOf(name)}`;
  const own = raw
    .replace(/\bid="([^"]+)"/g, (_, name: string) => `id="${nameOf(name)}"`)
    .replace(/url\(#([^)]+)\)/g, (_, name: string) => `url(#${nameOf(name)})`)
    .replace(/\b(?:transform|d)="[^"]*"/g, hundredths)
    .replace(/\bhref="#([^"]+)"/g, (_, name: string) => `href="#${nameOf(name)}"`)
    .replace(/ (xmlns|xmlns:xlink|version)="[^"]*"/g, '');
  return own.replace(/^<svg /, `<svg role="img" aria-label="${escapeAttribute(label)}" `);
}

/** Vega-Lite puts names into expressions, whose string literals may not hold the two Unicode line separators. */
const withoutSeparators = <T>(spec: T): T => JSON.parse(JSON.stringify(spec).replace(/[\u2028\u2029]/g, ' ')) as T;

const escapeAttribute = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** Coordinates to a hundredth of a pixel: Vega gives 16 digits, half of a page's size. */
const hundredths = (attribute: string): string => attribute.replace(/(\.\d\d)\d+(?!\d|e)/g, '$1');
