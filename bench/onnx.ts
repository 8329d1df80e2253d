// The ANN on our engine and, as the file that `spikewatt export` writes, on ONNX Runtime: one thread each, in one process, in turns. A
// run takes the batch in and gives the outputs out on both sides.

import { rng } from '../src/core/index.ts';
import { type Backend, wasmBackend } from '../src/engine/index.ts';
import { lower, writeWeights } from '../src/lower/index.ts';
import { initialWeights, mlp, type NetworkSpec, preset, sizeOf, type Weights } from '../src/model/index.ts';
import { exportOnnx, type OnnxProvider, type OnnxSession, openOnnx } from '../src/onnx/index.ts';
import { type Timing, timingOf } from './statistics.ts';
import { digits, textTable } from './text-table.ts';

export interface OnnxBench {
  readonly about: string;
  readonly batch: number;
  /** `spikewatt`, or a provider with the version of ONNX Runtime. */
  readonly engine: string;
  /** Of one run of the whole batch. */
  readonly time: Timing;
  /** Median time as a share of ours. */
  readonly ratio: number;
}

const BATCHES = [1, 128] as const;
const WARMUP = 5;
/** Time that counts, for each network and batch, by all sides together and for each repeat. */
const BUDGET_MS = 2000;
const LEAST_ROUNDS = 11;

interface Side {
  readonly engine: string;
  /** Takes samples in, gives outputs out. */
  readonly run: () => unknown;
  readonly close: () => unknown;
}

const NETWORKS = [
  { about: 'MLP 784-256-256-10', network: mlp([784, 256, 256, 10]) },
  { about: 'CNN of the study cnn-cifar-small', network: preset('cassetta-cifar-small-four') },
  { about: 'CNN cifar-five-layer', network: preset('cifar-five-layer') },
];

/** Those whose name contains `only`, `repeats` times the usual time each. Runtimes that are not installed are left out, and named on stderr. */
export async function benchOnnx(repeats: number, only: string): Promise<readonly OnnxBench[]> {
  const results: OnnxBench[] = [];
  const backend = await wasmBackend({ threads: 1 });
  for (const { about, network } of NETWORKS.filter((entry) => entry.about.includes(only))) {
    const weights = initialWeights(network, 1);
    for (const batch of BATCHES) {
      const sides = await openSides(backend, network, weights, batch);
      const times = await takeTurns(sides, BUDGET_MS * repeats);
      sides.forEach(({ engine }, k) => {
        const time = timingOf(times[k]!);
        results.push({ about, batch, engine, time, ratio: time.median / timingOf(times[0]!).median });
      });
      for (const { close } of sides) await close();
    }
  }
  await backend.close();
  return results;
}

async function openSides(backend: Backend, spec: NetworkSpec, weights: Weights, batch: number): Promise<Side[]> {
  const generator = rng(1, 1);
  const input = Float32Array.from({ length: batch * sizeOf(spec.input) }, () => generator.uniform());
  const sides = [ownSide(backend, spec, weights, batch, input)];
  const model = exportOnnx(spec, weights);
  for (const provider of ['onnxruntime-web', 'onnxruntime-node'] as const) {
    const session = await openProvider(provider, model);
    if (session === undefined) continue;
    const engine = `${provider} ${session.version}`;
    sides.push({ engine, run: () => session.run(input), close: () => session.close() });
  }
  return sides;
}

async function openProvider(provider: OnnxProvider, model: Uint8Array): Promise<OnnxSession | undefined> {
  const session = await openOnnx(model, { providers: [provider], threads: 1 });
  if (!('unavailable' in session)) return session;
  console.error(session.unavailable);
  return undefined;
}

function ownSide(backend: Backend, spec: NetworkSpec, weights: Weights, samples: number, input: Float32Array): Side {
  const lowered = lower(spec, { mode: 'ann', timesteps: 1, input: { source: 'floats' }, purpose: 'infer' });
  const program = backend.compile(lowered.plan, { samples });
  writeWeights(program, lowered, weights);
  const logits = lowered.outputs.logits!;
  const outputs = new Float32Array(samples * lowered.outputs.features);
  const batch = { samples, input, seed: 0, epoch: 0 };
  return {
    engine: 'spikewatt',
    run: () => {
      program.run(batch);
      return program.tensor(logits, outputs);
    },
    close: () => program.close(),
  };
}

/** Milliseconds of each run of each side; who begins a round changes, so that nobody always follows the same. */
async function takeTurns(sides: readonly Side[], budget: number): Promise<readonly number[][]> {
  const times = sides.map((): number[] => []);
  const end = performance.now() + budget;
  for (let round = -WARMUP; round < LEAST_ROUNDS || performance.now() < end; round++)
    for (let k = 0; k < sides.length; k++) {
      const turn = (k + round + WARMUP) % sides.length;
      const start = performance.now();
      await sides[turn]!.run();
      if (round >= 0) times[turn]!.push(performance.now() - start);
    }
  return times;
}

export function onnxTable(results: readonly OnnxBench[]): string {
  const header = ['ANN, one thread', 'batch', 'engine', 'min, ms', 'median, ms', 'times ours', 'runs'];
  const rows = results.map(({ about, batch, engine, time, ratio }) => [
    ...[about, `${batch}`, engine, digits(time.min), digits(time.median), digits(ratio), `${time.runs}`],
  ]);
  return textTable(header, rows);
}
