// The page's style sheet: black on white, one accent, tables by rules alone; narrow screens scroll wide tables, paper shows all.

export const STYLE = `
:root { --ink: #1b1b1b; --soft: #565656; --line: #d9d9d9; --accent: #00588a; --wash: #f5f7f9; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: var(--ink); font: 17px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
p, ul, ol { max-width: 46rem; }
a { color: var(--accent); }
h1 { font-size: 2.1rem; line-height: 1.2; margin: 0.2rem 0 0.4rem; letter-spacing: -0.01em; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3.2rem 0 0.6rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 2rem 0 0.4rem; }
.eyebrow { color: var(--soft); font-size: 0.9rem; margin: 0; }
.headline { font-size: 1.3rem; line-height: 1.45; max-width: 50rem; margin: 1.6rem 0; padding: 0.9rem 1.2rem; background: var(--wash); border-left: 4px solid var(--accent); }
.points { display: grid; grid-template-columns: 11rem minmax(0, 46rem); gap: 0.85rem 1.5rem; margin: 1.6rem 0 0; }
.points dt { font-weight: 650; }
.points dd { margin: 0; }
.compact th, .compact td { padding-left: 0.4rem; padding-right: 0.4rem; }
.compact { font-size: 0.8rem; }
.scroll { overflow-x: auto; margin: 1rem 0 0.4rem; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.84rem; line-height: 1.35; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-size: 0.9rem; color: var(--soft); padding-bottom: 0.5rem; }
th, td { padding: 0.4rem 0.55rem; vertical-align: top; text-align: left; }
thead th { vertical-align: bottom; font-weight: 600; }
thead tr:last-child th { border-bottom: 1.5px solid var(--ink); }
thead .group th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--line); text-align: center; padding-bottom: 0.2rem; }
thead .group th:empty { border-bottom: 0; }
tbody th { font-weight: 600; }
tbody tr + tr > * { border-top: 1px solid #ececec; }
tbody tr:last-child > * { border-bottom: 1.5px solid var(--ink); }
tr.sum > * { border-top: 1.5px solid var(--ink) !important; }
.number { text-align: right; white-space: nowrap; }
.unit { display: block; font-weight: 400; color: var(--soft); white-space: nowrap; }
.interval { display: block; color: var(--soft); white-space: nowrap; }
.note { font-size: 0.88rem; color: var(--soft); margin: 0.3rem 0; }
figure { margin: 1.2rem 0 1.6rem; }
figure .scroll { margin: 0; }
figure svg { display: block; width: 100%; height: auto; min-width: 30rem; }
figcaption { font-size: 0.9rem; color: var(--soft); max-width: 46rem; margin-top: 0.5rem; }
details { margin: 0.7rem 0; }
summary { cursor: pointer; font-weight: 600; color: var(--accent); }
pre { font: 0.82rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--wash); padding: 0.9rem 1rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.examples { display: flex; flex-wrap: wrap; gap: 1.2rem 1rem; margin: 0.8rem 0 2rem; padding: 0; list-style: none; max-width: none; }
.examples li { width: 7.6rem; }
.examples h4 { font-size: 0.8rem; line-height: 1.3; margin: 0 0 0.4rem; min-height: 3.9em; display: flex; align-items: flex-end; }
.examples img { display: block; width: 100%; height: auto; image-rendering: pixelated; border: 1px solid var(--line); }
.examples .note { margin: 0.2rem 0 0.5rem; font-size: 0.8rem; }
.predictions { margin: 0.3rem 0 0; padding: 0; list-style: none; font-size: 0.82rem; line-height: 1.4; }
.predictions li { width: auto; }
.wrong { font-weight: 650; text-decoration: underline; text-decoration-thickness: 1px; }
.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.15rem 1.2rem; font-size: 0.92rem; margin: 0.6rem 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.88rem; }
@media (max-width: 40rem) { body { font-size: 16px; } main { padding-top: 1.6rem; } h1 { font-size: 1.6rem; } .headline { font-size: 1.1rem; } .facts, .points { grid-template-columns: 1fr; gap: 0.1rem; } .points dd { margin-bottom: 0.8rem; } .facts dd { margin-bottom: 0.4rem; } }
@media print {
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; } h2 { break-after: avoid; margin-top: 1.6rem; } .headline { background: none; }
  figure, table, .points dd, .examples li { break-inside: avoid; } .scroll { overflow: visible; } table { font-size: 7.6pt; } th, td { padding: 0.2rem 0.3rem; }
  figure svg { min-width: 0; max-width: 16cm; } a { color: inherit; text-decoration: none; } details::details-content { content-visibility: visible; height: auto; }
}
`.trim();
