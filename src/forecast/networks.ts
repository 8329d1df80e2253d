// The forecasters that are compared. All give every step of the horizon at once (a direct forecast) from one window of values.
// ANNs see the window as a vector, or slide along it; the spiking network reads it value by value, as current into its neurons.

import { conv, dense, flatten, integrator, type NetworkSpec, network, recurrentLif, slot } from '../model/index.ts';

/** Window of values in, horizon of values out. */
export interface ForecastShape {
  readonly window: number;
  readonly horizon: number;
}

/** The slots of an ANN need a neuron all the same; it is never run. */
const UNUSED = integrator();

/** Multilayer perceptron: [window] - hidden with ReLU - [horizon]. */
export function mlpForecaster({ window, horizon }: ForecastShape, hidden: readonly number[]): NetworkSpec {
  const layers = hidden.flatMap((units, i) => [dense(`fc${i + 1}`, units), slot(`relu${i + 1}`, UNUSED)]);
  return network('mlp', [window], [...layers, dense('out', horizon, { init: 'xavier-uniform' })]);
}

export interface CnnOptions {
  readonly filters: readonly number[];
  /** Values each filter sees; layers after the first take every second position. */
  readonly kernel: number;
}

/** 1-D convolutions along the window, without padding, then a dense layer. Throws ShapeError where the window is too short for them. */
export function cnnForecaster({ window, horizon }: ForecastShape, { filters, kernel }: CnnOptions): NetworkSpec {
  const layers = filters.flatMap((count, i) => [
    conv(`conv${i + 1}`, count, [kernel, 1], { stride: [i === 0 ? 1 : 2, 1], padding: 0 }),
    slot(`relu${i + 1}`, UNUSED),
  ]);
  return network('cnn', [window, 1, 1], [...layers, flatten(), dense('out', horizon, { init: 'xavier-uniform' })]);
}

export interface RecurrentOptions {
  readonly hidden: number;
  /** Decay of the hidden membranes at each step. */
  readonly beta: number;
  readonly threshold: number;
  /** Decay of the output's membrane at each step. */
  readonly readout: number;
}

/** value - dense - recurrent LIF neurons, all to all - dense - integrators, whose membrane after the last step is the forecast. */
export function recurrentForecaster({ horizon }: ForecastShape, options: RecurrentOptions): NetworkSpec {
  const { hidden, beta, threshold, readout } = options;
  return network(
    'recurrent-snn',
    [1],
    [
      dense('in', hidden),
      slot('lif', recurrentLif({ beta, threshold, topology: 'all-to-all', bias: false, learn: { decay: true } })),
      dense('out', horizon, { init: 'xavier-uniform' }),
      slot('read', integrator({ beta: readout, learn: { decay: true } })),
    ],
  );
}

/** One dense layer: what a linear autoregression is, run and counted like any network. */
export function linearForecaster({ window, horizon }: ForecastShape): NetworkSpec {
  return network('linear', [window], [dense('out', horizon)]);
}
