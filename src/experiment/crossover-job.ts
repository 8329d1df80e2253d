// Where a trained spiking network would take less than the ANN on this machine.

import { ConfigError, seconds } from '../core/index.ts';
import { type DetectedMeters, detectMeters } from '../meters/index.ts';
import type { EnvironmentRecord } from '../store/index.ts';
import { type BatchChoice, type Crossover, measureCrossover, type TimedNetwork } from '../timing/index.ts';
import type { TrialOptions } from '../trials/index.ts';
import type { NamedNetwork } from './attack-job.ts';
import { deployed } from './candidate.ts';
import { timedAs } from './measure-job.ts';
import type { Study } from './study.ts';
import { type BenchOptions, withWorkbench } from './workbench.ts';

export interface CrossoverJobOptions extends BenchOptions {
  /** Default: the network's own T, a half, a quarter, and 1. */
  readonly timesteps?: readonly number[];
  /** Spikes a hidden neuron and step. Default 0.01, 0.03, 0.1, 0.25, 0.5; with energy 0.01, 0.1, 0.5. */
  readonly rates?: readonly number[];
  /** Default: 1, then the best of each. */
  readonly batches?: readonly BatchChoice[];
  readonly trials?: TrialOptions;
  readonly onnx?: boolean;
  /** Windows long enough for a meter: minutes for each point. Default false. */
  readonly energy?: boolean;
  readonly meters?: DetectedMeters;
}

/** Written as crossover.json. */
export interface CrossoverDocument {
  readonly format: 'spikewatt-crossover';
  readonly version: 1;
  readonly environment: EnvironmentRecord;
  readonly crossover: Crossover;
}

/** What is compared. Without an ANN the spiking network's own layers and weights are read as one, and the other way round. */
export interface CrossoverNetworks {
  readonly ann?: NamedNetwork;
  readonly snn?: NamedNetwork;
}

const RATES = [0.01, 0.03, 0.1, 0.25, 0.5];
const FEW_RATES = [0.01, 0.1, 0.5];
/** Time steps of an ANN read as a spiking network. */
const TIMESTEPS = 16;
/** So many, and so short, that the whole takes about a minute. */
const QUICK: TrialOptions = { trials: 5, window: seconds(0.06), warmUp: seconds(0.2) };
const WITH_ENERGY: TrialOptions = { trials: 5, idle: seconds(10) };

/** Throws ConfigError, ShapeError for what does not fit together, InterruptedError when stopped. */
export async function crossoverOf(
  study: Study,
  networks: CrossoverNetworks,
  options: CrossoverJobOptions = {},
): Promise<CrossoverDocument> {
  const pair = pairOf(networks);
  const { energy = false, batches = [1, 'best'], onnx = true, progress, signal } = options;
  const rates = options.rates ?? (energy ? FEW_RATES : RATES);
  const found = options.meters ?? (await detectMeters());
  const meters = energy ? found : { available: [], unavailable: found.unavailable };
  return withWorkbench(study, { ...options, spec: pair.snn.spec }, async ({ data }, environment) => {
    const { test } = data;
    const timesteps = options.timesteps ?? stepsOf(pair.snn.timesteps, test.timesteps, energy);
    const settings = { timesteps, rates, batches, onnx, seed: study.seed, threads: study.threads ?? 1 };
    const trials = { ...(energy ? WITH_ENERGY : QUICK), ...options.trials };
    progress?.begin('Crossover', 1, 'points');
    const onProgress = (done: number, total: number, next: string): void => {
      if (done === 0) progress?.begin('Crossover', total, 'points');
      progress?.update(done, next);
    };
    const hooks = { onProgress, ...(signal && { signal }) };
    const measured = await measureCrossover(pair, test, meters, { ...settings, trials }, hooks);
    progress?.end(`${measured.trials - measured.rejected} of ${measured.trials} trials count`);
    const unasked = !energy && found.available.length > 0;
    const crossover = unasked
      ? { ...measured, noEnergy: 'not measured: windows are too short for a meter; add --energy' }
      : measured;
    return { format: 'spikewatt-crossover', version: 1, environment, crossover };
  });
}

function stepsOf(own: number, fixed: number | undefined, energy: boolean): readonly number[] {
  if (fixed !== undefined) return [fixed];
  if (energy) return [own];
  return [...new Set([1, Math.ceil(own / 4), Math.ceil(own / 2), own])];
}

function pairOf({ ann, snn }: CrossoverNetworks): { readonly ann: TimedNetwork; readonly snn: TimedNetwork } {
  const source = snn ?? ann;
  if (source === undefined) throw new ConfigError('networks', 'got none, expected a trained network');
  return { ann: readAs(ann ?? source, 'ann'), snn: readAs(source, 'snn') };
}

/** A network file, read as it was trained or the other way; batch norms folded for that reading. */
function readAs({ name, file }: NamedNetwork, mode: 'ann' | 'snn'): TimedNetwork {
  const { reading } = file;
  const own = (reading.kind === 'ann') === (mode === 'ann');
  if (own) return timedAs(deployed({ ...file, name }));
  const { decoder: _, ...other } = timedAs(
    deployed({ ...file, name, reading: { ...reading, kind: mode, timesteps: mode === 'ann' ? 1 : TIMESTEPS } }),
  );
  return mode === 'ann' ? { ...other, encoder: { kind: 'constant' } } : other;
}
