export {
  type CnnOptions,
  cnnForecaster,
  type ForecastShape,
  linearForecaster,
  mlpForecaster,
  type RecurrentOptions,
  recurrentForecaster,
} from './networks.ts';
export type {
  Estimate,
  Excerpt,
  ForecastErrors,
  ForecasterRecord,
  ForecastRecord,
  RunRecord as ForecastRun,
} from './record.ts';
export { type ForecastHooks, runForecast } from './run-forecast.ts';
export { DEFAULT_FORECAST, type ForecastStudy, NETWORKS, type NetworkName, QUICK_FORECAST } from './study.ts';
