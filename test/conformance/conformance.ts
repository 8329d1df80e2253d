// The conformance suite: every kernel, alone and in networks, on a backend and on the reference; and what must hold to the last
// bit on any backend: results do not depend on threads, on how a batch is split, nor on when gradients are added up.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { UnsupportedError } from '../../src/core/index.ts';
import { type Backend, type KernelName, type Program, referenceBackend } from '../../src/engine/index.ts';
import { assertCloseToScale, assertSame } from '../closeness.ts';
import { type ConformanceCase, execute, prepare } from './cases.ts';
import { CONVOLUTIONS } from './conv-cases.ts';
import { MAP_OPS } from './map-cases.ts';
import { MAP_NETWORKS, SPLIT_MAP_NETWORKS, WHOLE_BATCH_NETWORKS } from './map-network-cases.ts';
import { MAP_NEURONS } from './map-neuron-cases.ts';
import { NETWORKS_TRAINED, SPLIT_NETWORKS } from './network-cases.ts';
import { NEURONS } from './neuron-cases.ts';
import { NORMS } from './norm-cases.ts';
import { SINGLE_OPS } from './single-ops.ts';
import { UPDATE_OPS } from './update-cases.ts';

export interface ConformanceOptions {
  readonly name: string;
  makeBackend(options: { readonly threads: number }): Backend | Promise<Backend>;
  /** Thread counts results must not depend on; the first is used for everything else. */
  readonly threads: readonly number[];
  /** Relative to the largest value of the tensor compared. */
  readonly tolerance: { readonly forward: number; readonly gradient: number; readonly parameter: number };
  /** What the backend cannot do, by the start of a case's name; asserted to be refused with an UnsupportedError. */
  readonly skip?: readonly { readonly starts: string; readonly reason: string }[];
}

const CASES: readonly ConformanceCase[] = [
  ...[...SINGLE_OPS, ...NEURONS, ...UPDATE_OPS, ...NETWORKS_TRAINED],
  ...[...CONVOLUTIONS, ...MAP_OPS, ...NORMS, ...MAP_NEURONS, ...MAP_NETWORKS],
];

/** Every kernel there is: a new one in the plan's types must be named here, and then needs a case. */
const KERNELS: Readonly<Record<KernelName, true>> = {
  ...{ load: true, 'encode-rate': true, 'encode-latency': true, 'encode-delta': true, dense: true, relu: true },
  ...{ dropout: true, neuron: true, count: true, loss: true, 'dense-backward': true, 'relu-backward': true },
  ...{ 'dropout-backward': true, 'neuron-backward': true, 'dense-gradient': true, 'sum-gradient': true },
  ...{ 'scale-gradient': true, clip: true, sgd: true, adam: true, 'derive-decay': true, spread: true },
  ...{ 'derive-decay-backward': true, 'spread-backward': true, zero: true },
  ...{ conv: true, 'conv-backward': true, 'conv-gradient': true, pool: true, 'pool-backward': true, join: true },
  ...{ 'batch-norm': true, 'batch-norm-backward': true, activation: true, 'activation-backward': true },
  ...{ softmax: true, 'softmax-backward': true, 'join-backward': true, accumulate: true, reshape: true },
  ...{ 'reshape-backward': true, 'running-norm-backward': true },
};

/** Every tensor and parameter of a program, by name. */
function results({ plan, ignore = [] }: ConformanceCase, program: Program): Map<string, ArrayLike<number>> {
  const written = new Set<string>();
  for (const op of [...plan.forward, ...plan.backward])
    for (const [role, id] of Object.entries(op))
      if (!['kernel', 'layer', 'loss', 'mode', 'form', 'statistics'].includes(role) && typeof id === 'string')
        written.add(id);
  const tensors = plan.tensors
    .filter(({ id, keep }) => keep === 'batch' && written.has(id) && !ignore.includes(id))
    .map(({ id }) => [id, program.tensor(id)] as const);
  return new Map([...tensors, ...plan.parameters.map(({ id }) => [id, program.read(id)] as const)]);
}

function toleranceOf({ plan }: ConformanceCase, id: string, tolerance: ConformanceOptions['tolerance']): number {
  const spec = plan.tensors.find((tensor) => tensor.id === id);
  if (spec === undefined) return plan.update.length > 0 ? tolerance.parameter : tolerance.gradient;
  if (spec.values !== 'analog') return 0;
  return /^d[A-Z]|^dx$/.test(id) ? tolerance.gradient : tolerance.forward;
}

function compare(entry: ConformanceCase, program: Program, expected: Program, options: ConformanceOptions): void {
  const actual = results(entry, program);
  for (const [id, values] of results(entry, expected)) {
    const tolerance = entry.exact ? 0 : toleranceOf(entry, id, options.tolerance);
    assertCloseToScale(`${entry.name}: ${id}`, actual.get(id)!, values, tolerance);
  }
}

/** Runs a case and gives everything it left, for comparisons to the last bit. */
function outcome(entry: ConformanceCase, backend: Backend, memoryLimit?: number): Map<string, ArrayLike<number>> {
  const program = prepare(backend, entry, memoryLimit);
  execute(program, entry);
  const all = results(entry, program);
  program.close();
  return all;
}

function assertIdentical(
  what: string,
  one: Map<string, ArrayLike<number>>,
  other: Map<string, ArrayLike<number>>,
): void {
  for (const [id, values] of one) assertSame(`${what}: ${id}`, other.get(id)!, values);
}

/**
 * A case that keeps its losses and what the gradients of weights are made of: everything else is gone, or lies where something
 * was, when its last reader is done.
 */
function forgetful(entry: ConformanceCase): ConformanceCase {
  const { tensors, gradients } = entry.plan;
  const kept = new Set(['losses', ...gradients.flatMap((op) => Object.values(op).map(String))]);
  const spare = tensors.map((spec) => ({ ...spec, keep: kept.has(spec.id) ? 'batch' : 'chunk' }) as const);
  return { ...entry, plan: { ...entry.plan, tensors: spare } };
}

function assertForgetful(entry: ConformanceCase, backend: Backend, all: Map<string, ArrayLike<number>>): void {
  const left = outcome(forgetful(entry), backend);
  assert.ok(left.has('losses') && left.size < all.size);
  for (const [id, values] of left) assertSame(`keeping few tensors: ${id}`, values, all.get(id)!);
}

/** A case's first batch in pieces of the given sizes, gradients adding up; then one update. */
function inPieces(entry: ConformanceCase, backend: Backend, sizes: readonly number[]): Map<string, ArrayLike<number>> {
  const whole = entry.batches[0]!;
  const program = prepare(backend, entry);
  const perSample = whole.input.length / whole.samples;
  const ids = Uint32Array.from({ length: whole.samples }, (_, n) => n);
  let from = 0;
  for (const samples of sizes) {
    const until = from + samples;
    program.run({
      ...{ ...whole, samples, lossSamples: whole.samples, sampleIds: ids.slice(from, until) },
      ...{ input: whole.input.slice(from * perSample, until * perSample), labels: whole.labels!.slice(from, until) },
    });
    from = until;
  }
  program.update({ ...entry.update!, step: 1 });
  const parameters = new Map(entry.plan.parameters.map(({ id }) => [id, program.read(id)] as const));
  program.close();
  return parameters;
}

/** Registers the suite's tests for one backend. */
export function runConformance(options: ConformanceOptions): void {
  const { name, threads, skip = [] } = options;
  const started = new Map<number, Promise<Backend>>();
  const backendOf = (count: number): Promise<Backend> => {
    if (!started.has(count)) started.set(count, Promise.resolve(options.makeBackend({ threads: count })));
    return started.get(count)!;
  };
  after(async () => {
    for (const backend of started.values()) await (await backend).close();
  });
  const skipped = (entry: ConformanceCase) => skip.find(({ starts }) => entry.name.startsWith(starts));

  test(`${name}: there is a case for every kernel`, () => {
    const covered = new Set(CASES.flatMap(({ kernels }) => kernels));
    assert.deepEqual([...covered].sort(), Object.keys(KERNELS).sort());
    for (const entry of CASES) {
      const { forward, backward, gradients, update } = entry.plan;
      const used = new Set([...forward, ...backward, ...gradients, ...update].map(({ kernel }) => kernel));
      for (const kernel of entry.kernels) assert.ok(used.has(kernel), `${entry.name} says it tests ${kernel}`);
    }
    for (const { starts } of skip)
      assert.ok(
        CASES.some((entry) => entry.name.startsWith(starts)),
        `skip "${starts}"`,
      );
  });

  for (const entry of CASES) {
    const refusal = skipped(entry);
    test(`${name}: ${entry.name}${refusal ? ` is refused: ${refusal.reason}` : ''}`, async () => {
      const backend = await backendOf(threads[0]!);
      if (refusal) {
        assert.throws(() => prepare(backend, entry), UnsupportedError);
        return;
      }
      const [program, expected] = [prepare(backend, entry), prepare(referenceBackend(), entry)];
      execute(expected, entry);
      execute(program, entry);
      compare(entry, program, expected, options);
      program.close();
    });
  }

  for (const entry of [...SPLIT_NETWORKS, ...SPLIT_MAP_NETWORKS]) {
    test(`${name}: ${entry.name} is the same to the last bit`, async (context) => {
      const backend = await backendOf(threads[0]!);
      const expected = outcome(entry, backend);
      for (const count of threads.slice(1))
        await context.test(`on ${count} threads`, async () =>
          assertIdentical(`${count} threads`, expected, outcome(entry, await backendOf(count))),
        );
      await context.test('run again', () => assertIdentical('again', expected, outcome(entry, backend)));
      await context.test('with no tensor kept that need not be', () => assertForgetful(entry, backend, expected));
      await context.test('in micro-batches, for want of memory', () => {
        const roomy = prepare(backend, entry);
        const limit = Math.ceil(roomy.bytes * 0.7);
        roomy.close();
        assertIdentical(`within ${limit} bytes`, expected, outcome(entry, backend, limit));
      });
      await context.test('with gradients added up over pieces of the batch', () => {
        const whole = inPieces(entry, backend, [33]);
        for (const sizes of [
          [16, 17],
          [1, 30, 2],
          [11, 11, 11],
        ])
          for (const [id, values] of inPieces(entry, backend, sizes)) {
            // Sums over maps run chunk by chunk, pixel by pixel: other chunks round otherwise.
            if (SPLIT_NETWORKS.includes(entry)) assertSame(`${sizes}: ${id}`, values, whole.get(id)!);
            else assertCloseToScale(`${sizes}: ${id}`, values, whole.get(id)!, options.tolerance.parameter);
          }
      });
    });
  }

  for (const entry of WHOLE_BATCH_NETWORKS) {
    test(`${name}: ${entry.name} is the same to the last bit, or refused`, async (context) => {
      const backend = await backendOf(threads[0]!);
      const expected = outcome(entry, backend);
      for (const count of threads.slice(1))
        await context.test(`on ${count} threads`, async () =>
          assertIdentical(`${count} threads`, expected, outcome(entry, await backendOf(count))),
        );
      await context.test('run again', () => assertIdentical('again', expected, outcome(entry, backend)));
      await context.test('with no tensor kept that need not be', () => assertForgetful(entry, backend, expected));
      if (backend.name === 'reference') return;
      await context.test('a part of a batch has other statistics', () => {
        const roomy = prepare(backend, entry);
        const limit = Math.ceil(roomy.bytes * 0.7);
        roomy.close();
        assert.throws(() => prepare(backend, entry, limit), UnsupportedError);
      });
    });
  }
}
