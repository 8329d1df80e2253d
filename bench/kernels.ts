// Kernels one by one, on one thread: what a core does, with joined 256-bit operations and with 128-bit ones.

import { type Backend, type NeuronOpDynamics, wasmBackend } from '../src/engine/index.ts';
import { COMMON_DYNAMICS, type KernelBench } from './kernel-bench.ts';
import { encoderOp, type InputKind, type LayerSize, neuronOp, type Product, productOp } from './layer-ops.ts';
import { mapBenches } from './map-kernels.ts';
import { measurePeak, type Peak, peakOf } from './peak.ts';
import { parameter, timeOp } from './repeated-op.ts';
import { interleave } from './statistics.ts';
import { digits, textTable } from './text-table.ts';

export interface KernelResult {
  readonly kernel: string;
  readonly unit: string;
  /** From the least and the median time. */
  readonly best256: number;
  readonly median256: number;
  readonly best128: number;
  /** Best of 256 bits as a part of what a core could do; null where no peak is known. */
  readonly share: number | null;
}

export interface KernelReport {
  readonly peak: Peak;
  readonly results: readonly KernelResult[];
}

const LAYER: LayerSize = { inputs: 784, outputs: 256, timesteps: 25, samples: 32 };
const NARROW: LayerSize = { ...LAYER, inputs: 256, outputs: 10 };
const ROUNDS = 12;

const rowsOf = ({ timesteps, samples }: LayerSize): number => timesteps * samples;

function dense(product: Product, kind: InputKind, size: LayerSize): KernelBench {
  const { inputs, outputs } = size;
  return {
    kernel: `dense ${product}, ${inputs} x ${outputs}, ${kind}`,
    unit: 'GFLOP/s',
    path: 'dense',
    work: 2 * inputs * outputs * rowsOf(size),
    op: productOp(product, kind, 0.5, size),
  };
}

function events(product: Product, kind: InputKind, density: number): KernelBench {
  return {
    kernel: `events ${product}, 784 x 256, ${kind} ${100 * density} %`,
    unit: 'G additions/s',
    path: 'events',
    work: density * LAYER.inputs * LAYER.outputs * rowsOf(LAYER),
    op: productOp(product, kind, density, LAYER),
  };
}

const DYNAMICS: Readonly<Record<string, NeuronOpDynamics>> = {
  'subtract, next step': COMMON_DYNAMICS,
  'subtract, same step': { ...COMMON_DYNAMICS, moment: 'same-step', detachReset: false },
  'to a value, same step': { ...COMMON_DYNAMICS, reset: 'value', moment: 'same-step', detachReset: false },
  'to a value, next step': { ...COMMON_DYNAMICS, reset: 'value' },
  synaptic: { ...COMMON_DYNAMICS, alpha: 'alpha' },
};

function neurons(): KernelBench[] {
  const size = { ...LAYER, inputs: 256 };
  return Object.entries(DYNAMICS).flatMap(([name, dynamics]) =>
    (['forward', 'backward'] as const).map(
      (direction): KernelBench => ({
        kernel: `neuron ${direction}, ${name}`,
        unit: 'ns an update',
        path: 'auto',
        work: size.inputs * rowsOf(size),
        op: neuronOp(direction, dynamics, size),
      }),
    ),
  );
}

const encoders = (): KernelBench[] =>
  [0.05, 0.5].map((probability) => ({
    kernel: `rate encoder, p = ${probability}`,
    unit: 'ns a draw',
    path: 'auto',
    work: LAYER.inputs * rowsOf(LAYER),
    op: encoderOp(probability, LAYER),
  }));

const benches = (): KernelBench[] => [
  ...(['forward', 'backward', 'gradient'] as const).map((product) => dense(product, 'analog', LAYER)),
  dense('forward', 'analog', NARROW),
  ...(['forward', 'gradient'] as const).flatMap((product) =>
    (['spikes', 'analog'] as const).flatMap((kind) =>
      [0.02, 0.1, 0.3].map((density) => events(product, kind, density)),
    ),
  ),
  ...neurons(),
  ...encoders(),
  ...mapBenches(),
];

/** A rate for flops and additions, a time for the rest. */
const figureOf = ({ unit, work }: KernelBench, seconds: number): number =>
  unit.startsWith('G') ? work / seconds / 1e9 : (1e9 * seconds) / work;

/** Backends of one thread on registers of this width. The variable is read when the kernels are compiled. */
async function backendsOf(bits: '128' | '256'): Promise<ReadonlyMap<string, Backend>> {
  const before = process.env.SPIKEWATT_SIMD;
  process.env.SPIKEWATT_SIMD = bits;
  const paths = ['auto', 'events', 'dense'] as const;
  const backends = new Map<string, Backend>();
  for (const path of paths) backends.set(path, await wasmBackend({ threads: 1, path }));
  if (before === undefined) delete process.env.SPIKEWATT_SIMD;
  else process.env.SPIKEWATT_SIMD = before;
  return backends;
}

/** `only`: kernels whose names contain it. */
export async function benchKernels(repeats: number, only: string): Promise<KernelReport> {
  const peak = measurePeak();
  const [wide, narrow] = [await backendsOf('256'), await backendsOf('128')];
  const chosen = benches().filter(({ kernel }) => kernel.includes(only));
  const results = chosen.map((bench): KernelResult => {
    const [fast, slow] = [wide, narrow].map((backends) =>
      Array.from({ length: repeats }, () => timeOp(backends.get(bench.path)!, bench.op, ROUNDS)),
    );
    const least = (times: readonly { min: number }[]): number => Math.min(...times.map(({ min }) => min));
    const typical = fast!.map(({ median }) => median).toSorted((a, b) => a - b)[fast!.length >> 1]!;
    const [best256, best] = [figureOf(bench, least(fast!)), peakOf(bench.unit, peak)];
    return {
      kernel: bench.kernel,
      unit: bench.unit,
      best256,
      share: best === undefined ? null : best256 / best,
      median256: figureOf(bench, typical),
      best128: figureOf(bench, least(slow!)),
    };
  });
  if ('Adam'.includes(only)) results.push(adamResult(wide.get('auto')!, narrow.get('auto')!));
  for (const backend of [...wide.values(), ...narrow.values()]) await backend.close();
  return { peak, results };
}

/** Adam over a million parameters: four arrays, more than the second-level cache holds. */
function adamResult(wide: Backend, narrow: Backend): KernelResult {
  const columns = 1024;
  const ids = ['w', 'g', 'm', 'v'];
  const plan = {
    ...{ timesteps: 1, tensors: [], forward: [], backward: [], gradients: [] },
    parameters: ids.map((id) => parameter(id, columns, columns)),
    update: [
      { kernel: 'adam', parameter: 'w', gradient: 'g', m: 'm', v: 'v', decoupled: false, decay: false } as const,
    ],
  };
  const programs = [wide, narrow].map((backend) => backend.compile(plan, { samples: 1 }));
  const updates = programs.map((program) => () => program.update({ learningRate: 1e-3, step: 2 }));
  const [fast, slow] = interleave(updates, 3, 20);
  for (const program of programs) program.close();
  const perParameter = (milliseconds: number): number => (milliseconds * 1e6) / columns ** 2;
  return {
    kernel: 'Adam',
    unit: 'ns a parameter',
    best256: perParameter(fast!.min),
    median256: perParameter(fast!.median),
    best128: perParameter(slow!.min),
    share: null,
  };
}

export function kernelTable({ peak, results }: KernelReport): string {
  const rows = results.map(({ kernel, unit, best256, median256, best128, share }) => {
    const gain = unit.startsWith('G') ? best256 / best128 : best128 / best256;
    const part = share === null ? '' : `${(100 * share).toFixed(0)} %`;
    return [kernel, part, `${gain.toFixed(2)}x`, `${digits(best256)} / ${digits(median256)}`, digits(best128), unit];
  });
  const { clock, gflops, additions, cacheCopy, memoryCopy } = peak;
  const best = `A core at ${clock.toFixed(2)} GHz: at best ${gflops.toFixed(0)} GFLOP/s, ${additions.toFixed(0)} G additions/s; copies ${cacheCopy.toFixed(0)} GB/s in cache, ${memoryCopy.toFixed(0)} GB/s in memory`;
  const header = ['kernel, one thread', 'of peak', 'gain', '256 bits, best / median', '128 bits, best', ''];
  return `${best}\n\n${textTable(header, rows)}`;
}
