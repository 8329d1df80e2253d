// The Mackey-Glass equation, a delay equation that is chaotic from a delay of about 17 on:
//   dx/dt = beta x(t - tau) / (1 + x(t - tau)^n) - gamma x(t)
// Mackey and Glass, "Oscillation and chaos in physiological control systems", Science 197:287 (1977), doi 10.1126/science.267326.
// Integrated by the classical Runge-Kutta method of order 4; the delayed value between two steps is the cubic through values and
// slopes of both (Hermite), so that the delay costs no order.

import { ConfigError, rng, STREAM } from '../core/index.ts';
import type { Series } from './series.ts';

export interface MackeyGlassOptions {
  /** Delay; default 17. */
  readonly tau?: number;
  /** Default 0.2. */
  readonly beta?: number;
  /** Default 0.1. */
  readonly gamma?: number;
  /** Default 10. */
  readonly n?: number;
  /** Time between two samples; default 1. */
  readonly dt?: number;
  /** Steps of integration from one sample to the next; default as many as make them 0.1 or shorter. */
  readonly substeps?: number;
  readonly samples: number;
  /** x(t) for all t <= 0; default 1.2. */
  readonly initial?: number;
  /** Time that passes before the first sample, so that the start is forgotten; default 500. */
  readonly discard?: number;
  /** Standard deviation of Gaussian noise added to each sample (not to the motion); default 0. */
  readonly noise?: number;
  /** Of the noise; default 0. */
  readonly seed?: number;
}

type Settings = Required<MackeyGlassOptions>;

/** Longest step of integration by default: its error over a unit of time is below 1e-9. */
const LONGEST_STEP = 0.1;

const settingsOf = (options: MackeyGlassOptions): Settings => {
  const { dt = 1 } = options;
  const substeps = Math.max(1, Math.ceil(dt / LONGEST_STEP - 1e-9));
  const equation = { tau: 17, beta: 0.2, gamma: 0.1, n: 10, initial: 1.2 };
  return { ...equation, dt, substeps, discard: 500, noise: 0, seed: 0, ...options };
};

function check(settings: Settings): void {
  const { dt, substeps, samples, tau } = settings;
  const positive = (value: number): boolean => value > 0 && value < Infinity;
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;
  const atLeastZero = (value: number): boolean => value >= 0 && value < Infinity;
  const rules: readonly (readonly [keyof Settings, boolean, string])[] = [
    ['samples', whole(samples), 'a whole number of at least 1'],
    ['dt', positive(dt), 'a positive time'],
    ['substeps', whole(substeps), 'a whole number of at least 1'],
    ['tau', positive(tau), 'a positive delay'],
    ['gamma', positive(settings.gamma), 'a positive rate'],
    ['beta', atLeastZero(settings.beta), 'a number of at least 0'],
    ['n', atLeastZero(settings.n), 'a number of at least 0'],
    ['initial', atLeastZero(settings.initial), 'a number of at least 0: x is a concentration'],
    ['discard', atLeastZero(settings.discard), 'a time of at least 0'],
    ['noise', atLeastZero(settings.noise), 'a standard deviation of at least 0'],
  ];
  for (const [key, holds, expected] of rules)
    if (!holds) throw new ConfigError(`mackeyGlass.${key}`, `got ${settings[key]}, expected ${expected}`);
  const step = dt / substeps;
  if (step > tau)
    throw new ConfigError(
      'mackeyGlass.substeps',
      `got ${substeps}, which makes steps of ${step}, longer than the delay tau = ${tau}; use ${Math.ceil(dt / tau)} or more`,
    );
}

/** What has been integrated so far, and the value at any moment of it. */
class Path {
  private readonly values: Float64Array;
  private readonly slopes: Float64Array;
  private readonly step: number;
  private readonly initial: number;

  constructor(steps: number, step: number, initial: number) {
    this.values = new Float64Array(steps + 1).fill(initial);
    this.slopes = new Float64Array(steps + 1);
    this.step = step;
    this.initial = initial;
  }

  at = (i: number): number => this.values[i]!;

  set(i: number, value: number, slope: number): void {
    this.values[i] = value;
    this.slopes[i] = slope;
  }

  /** The value `position` steps after t = 0, from the cubic between the steps around it. */
  between(position: number): number {
    if (position <= 0) return this.initial;
    const i = Math.floor(position);
    const s = position - i;
    if (s === 0) return this.values[i]!;
    const [a, b] = [this.values[i]!, this.values[i + 1]!];
    const [p, q] = [this.slopes[i]! * this.step, this.slopes[i + 1]! * this.step];
    return (1 + 2 * s) * (1 - s) ** 2 * a + s * (1 - s) ** 2 * p + s * s * (3 - 2 * s) * b + s * s * (s - 1) * q;
  }
}

function integrate(settings: Settings, steps: number): Path {
  const { tau, beta, gamma, n, initial, dt, substeps } = settings;
  const h = dt / substeps;
  const delay = tau / h;
  const path = new Path(steps, h, initial);
  const growth = (position: number): number => {
    const delayed = path.between(position - delay);
    return (beta * delayed) / (1 + delayed ** n);
  };
  let x = initial;
  let now = growth(0);
  path.set(0, x, now - gamma * x);
  for (let i = 0; i < steps; i++) {
    // A delay of at least one step: both later growths are of values that are known already.
    const [half, next] = [growth(i + 0.5), growth(i + 1)];
    const k1 = now - gamma * x;
    const k2 = half - gamma * (x + (h / 2) * k1);
    const k3 = half - gamma * (x + (h / 2) * k2);
    const k4 = next - gamma * (x + h * k3);
    x += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    path.set(i + 1, x, next - gamma * x);
    now = next;
  }
  return path;
}

/**
 * A Mackey-Glass series, a function of its options alone. With the defaults it is the benchmark most papers use (tau = 17, sampled
 * once a unit of time). Throws ConfigError for constants that make no sense.
 */
export function mackeyGlass(options: MackeyGlassOptions): Series {
  const settings = settingsOf(options);
  check(settings);
  const { tau, beta, gamma, n, initial, dt, substeps, samples, discard, noise, seed } = settings;
  const skipped = Math.round((discard / dt) * substeps);
  const path = integrate(settings, skipped + (samples - 1) * substeps);
  const dice = rng(seed, STREAM.noise);
  const values = Float64Array.from({ length: samples }, (_, i) => path.at(skipped + i * substeps));
  if (noise > 0) for (let i = 0; i < samples; i++) values[i]! += noise * dice.normal();
  const noisy = noise > 0 ? `, noise ${noise} (seed ${seed})` : '';
  return {
    name: 'mackey-glass',
    source: `Mackey-Glass equation, tau ${tau}, beta ${beta}, gamma ${gamma}, n ${n}, x(t <= 0) = ${initial}, a sample every ${dt}, ${substeps} Runge-Kutta steps a sample, the first ${discard} left out${noisy}`,
    values,
  };
}
