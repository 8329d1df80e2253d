export {
  type Column,
  type ColumnOptions,
  comparisonColumns,
  inferSecondsPerImage,
  spikesPerSynapse,
} from './columns.ts';
export { crossoverHtml } from './crossover/page.ts';
export { crossoverText } from './crossover/text.ts';
export { csvTable } from './csv.ts';
export { fixesCsv, layersCsv, layersLatex } from './doctor/files.ts';
export { diagnosisText, findingsText } from './doctor/text.ts';
export { type Figure, figuresOf } from './figures/index.ts';
export { type RenderedFigure, renderSvg } from './figures/render-svg.ts';
export { forecastText } from './forecast/text.ts';
export { type ForecastVerdict, forecastVerdict } from './forecast/verdict.ts';
export { type GridColumn, layoutGrid } from './grid.ts';
export { renderForecastHtml } from './html/forecast.ts';
export { renderHtml } from './html/page.ts';
export { latexTable } from './latex.ts';
export { measuredNotes, measuredText } from './measured/text.ts';
export { type Paint, painter } from './paint.ts';
export { profileHtml } from './profile/page.ts';
export { profileText } from './profile/text.ts';
export { percent, quantity, significant } from './quantity.ts';
export { attacksCsv, noiseCsv, robustnessLatex } from './robustness/files.ts';
export { robustnessTables, robustnessVerdictText } from './robustness/text.ts';
export { type RobustnessVerdict, robustnessVerdict } from './robustness/verdict.ts';
export { runsTable } from './runs-table.ts';
export { comparisonTable, type TableOptions, tableNotes } from './table.ts';
export { wrap } from './text-width.ts';
export { type Verdict, verdictOf } from './verdict.ts';
export type { VerdictPoint } from './verdict-points.ts';
export { verdictText } from './verdict-text.ts';
