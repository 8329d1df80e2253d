// How far forecasts are from what came. Per origin (one forecast), so that intervals can be drawn over time.
//   RMSE   sqrt(mean e^2)                 MAE  mean |e|
//   NRMSE  RMSE / deviation of the truth: 1 is what forecasting the mean of the test would give
//   MASE   MAE / MAE of persistence on the training part at the same steps ahead: above 1, saying "no change" is better. For a horizon
//          of 1 this is Hyndman and Koehler, Int. J. Forecasting 22:679 (2006), doi 10.1016/j.ijforecast.2006.03.001; they scale by one
//          step ahead whatever the horizon, which makes 1 mean nothing for longer ones.
//   sMAPE  mean 200 |e| / (|truth| + |forecast|) in percent (Makridakis 1993), 0 where both are 0; meaningless near a zero crossing

/** Truth and forecasts, row-major [origins, horizon], in the series' own unit. */
export interface Forecasts {
  readonly horizon: number;
  readonly truth: Float64Array;
  readonly forecast: Float64Array;
}

/** Means over the horizon of each origin [origins]. */
export interface OriginErrors {
  readonly squared: Float64Array;
  readonly absolute: Float64Array;
  readonly symmetric: Float64Array;
}

export function originErrors({ horizon, truth, forecast }: Forecasts): OriginErrors {
  const origins = truth.length / horizon;
  const zeros = (): Float64Array => new Float64Array(origins);
  const errors = { squared: zeros(), absolute: zeros(), symmetric: zeros() };
  for (let i = 0; i < truth.length; i++) {
    const origin = Math.floor(i / horizon);
    const [y, f] = [truth[i]!, forecast[i]!];
    const size = Math.abs(y) + Math.abs(f);
    errors.squared[origin]! += (y - f) ** 2 / horizon;
    errors.absolute[origin]! += Math.abs(y - f) / horizon;
    errors.symmetric[origin]! += size === 0 ? 0 : (200 * Math.abs(y - f)) / size / horizon;
  }
  return errors;
}

/** RMSE at each step ahead [horizon]. */
export function errorByStep({ horizon, truth, forecast }: Forecasts): number[] {
  const sums = new Float64Array(horizon);
  for (let i = 0; i < truth.length; i++) sums[i % horizon]! += (truth[i]! - forecast[i]!) ** 2;
  return Array.from(sums, (sum) => Math.sqrt(sum / (truth.length / horizon)));
}

/** Standard deviation of values, about their mean. */
export function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Mean absolute error of persistence over a stretch of the series, 1 to `horizon` steps ahead: what MASE is a multiple of. */
export function persistenceScale(values: Float64Array, horizon: number): number {
  let total = 0;
  for (let ahead = 1; ahead <= horizon; ahead++) {
    let sum = 0;
    for (let i = ahead; i < values.length; i++) sum += Math.abs(values[i]! - values[i - ahead]!);
    total += sum / (values.length - ahead) / horizon;
  }
  return total;
}
