// Sums up how a layer's rates follow the ANN's activations while batches pass by.

import { type Rng, rng } from '../../core/index.ts';
import type { PerNeuron } from '../../model/index.ts';
import { GrowingHistogram } from '../least-error.ts';
import type { LayerDiagnosis, RateHistogram } from './diagnosis.ts';

const SCATTER = 500;
const BINS = 48;
const WIDTH = 1 / 32;

/** One layer whose channels have these scales; `fires` false for an output that adds up its input. */
export class LayerTally {
  readonly #layer: string;
  readonly #fires: boolean;
  readonly #scales: readonly number[];
  readonly #errors = new GrowingHistogram();
  readonly #bins = { activations: new Float64Array(BINS), rates: new Float64Array(BINS) };
  readonly #scatter: { activation: number; rate: number }[] = [];
  readonly #random: Rng;
  /** Sums over values; x = a, y = r s. */
  readonly #sum = { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0, rate: 0, error: 0, squared: 0, own: 0 };
  #saturated = 0;
  #silent = 0;
  #active = 0;

  constructor(layer: string, scale: PerNeuron, fires: boolean) {
    this.#layer = layer;
    this.#fires = fires;
    this.#scales = typeof scale === 'number' ? [scale] : scale;
    this.#random = rng(1, 1);
  }

  /**
   * Activations and rates of some samples, [samples, ..., channels] each; `ownRates` those of the layer driven by exact input,
   * absent for one that never fires.
   */
  add(activations: ArrayLike<number>, rates: ArrayLike<number>, ownRates?: ArrayLike<number>): void {
    const errors = new Float32Array(activations.length);
    for (let k = 0; k < activations.length; k++) {
      const scale = this.#scales[k % this.#scales.length]!;
      const [a, rate] = [activations[k]!, rates[k]!];
      errors[k] = Math.abs(a - rate * scale);
      this.#addValue(a, rate, scale);
      if (ownRates !== undefined) this.#sum.own += (a - ownRates[k]! * scale) ** 2;
    }
    this.#errors.add(errors);
  }

  #addValue(a: number, rate: number, scale: number): void {
    const sum = this.#sum;
    const y = rate * scale;
    sum.n++;
    sum.x += a;
    sum.y += y;
    sum.xx += a * a;
    sum.yy += y * y;
    sum.xy += a * y;
    sum.rate += rate;
    sum.error += Math.abs(a - y);
    sum.squared += (a - y) ** 2;
    if (this.#fires && rate >= 1 - 1e-9 && a > scale * (1 + 1e-6)) this.#saturated++;
    if (this.#fires && rate === 0 && a > 0) this.#silent++;
    this.#bins.activations[binOf(a / scale)]!++;
    this.#bins.rates[binOf(rate)]!++;
    if (a !== 0 || rate !== 0) this.#draw(a, rate);
  }

  /** Reservoir sampling: every value has the same chance to stay. */
  #draw(activation: number, rate: number): void {
    this.#active++;
    if (this.#scatter.length < SCATTER) {
      this.#scatter.push({ activation, rate });
      return;
    }
    const at = Math.floor(this.#random.uniform() * this.#active);
    if (at < SCATTER) this.#scatter[at] = { activation, rate };
  }

  finish(): LayerDiagnosis {
    const { n, x, xx, rate, error, squared, own } = this.#sum;
    const relative = (sum: number): number => (xx === 0 ? 0 : Math.sqrt(sum / xx));
    return {
      layer: this.#layer,
      fires: this.#fires,
      scale: this.#scales.reduce((sum, scale) => sum + scale, 0) / this.#scales.length,
      values: n,
      meanActivation: x / n,
      meanRate: this.#fires ? rate / n : 0,
      correlation: this.#correlation(),
      meanError: error / n,
      percentileError: this.#percentileError(),
      relativeError: relative(squared),
      ownError: this.#fires ? relative(own) : 0,
      saturated: this.#saturated / n,
      silent: this.#silent / n,
      histogram: this.#histogram(),
      scatter: this.#scatter,
    };
  }

  #correlation(): number | null {
    const { n, x, y, xx, yy, xy } = this.#sum;
    const [varianceX, varianceY] = [xx - (x * x) / n, yy - (y * y) / n];
    const least = 1e-12 * (xx + yy);
    if (varianceX <= least || varianceY <= least) return null;
    return Math.min(1, Math.max(-1, (xy - (x * y) / n) / Math.sqrt(varianceX * varianceY)));
  }

  /** Errors of exactly 0 are not in the histogram of errors. */
  #percentileError(): number {
    let above = 0.01 * this.#sum.n;
    for (let bin = this.#errors.counts.length - 1; bin >= 0; bin--) {
      above -= this.#errors.counts[bin]!;
      if (above < 0) return Math.min((bin + 1) * this.#errors.width, this.#errors.largest);
    }
    return 0;
  }

  #histogram(): RateHistogram {
    const shares = (counts: Float64Array): readonly number[] => Array.from(counts, (count) => count / this.#sum.n);
    return { width: WIDTH, activations: shares(this.#bins.activations), rates: shares(this.#bins.rates) };
  }
}

/** The first bin holds what lies below 0, the last what lies beyond. */
const binOf = (value: number): number => Math.max(0, Math.min(BINS - 1, Math.floor(value / WIDTH)));
