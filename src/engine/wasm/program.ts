// A compiled program: stages the batch, starts the threads, hands out results.

import { NumericError, ShapeError } from '../../core/index.ts';
import type { Batch, Program, UpdateOptions } from '../backend.ts';
import type { Allocator } from './allocator.ts';
import type { Compiled, ProgramTable } from './compile.ts';
import { readParameter, readTensor, writeParameter } from './layout.ts';
import type { Kernels } from './module.ts';
import type { Probe } from './probe.ts';
import { HEADER } from './words.ts';

export function wasmProgram(
  compiled: Compiled,
  allocator: Allocator,
  kernels: Kernels,
  probe: Probe | undefined,
): Program {
  const { plan, chunkSamples, microBatch, tensors, parameters, staging } = compiled;
  const { memory } = allocator;
  let closed = false;
  let stale = true;
  let lastRound = 0;
  /** Kept tensors of earlier rounds, where a batch took several. */
  let earlier: Map<string, Float32Array> | undefined;

  const place = <T>(places: ReadonlyMap<string, T>, id: string, what: string): T => {
    const found = places.get(id);
    if (closed) throw new ShapeError(`program: ${what} "${id}" asked of a closed program`);
    if (found === undefined)
      throw new ShapeError(`program: there is no ${what} "${id}"; there are ${[...places.keys()].join(', ')}`);
    return found;
  };
  const view = (id: string): { layout: Parameters<typeof readParameter>[1]; floats: Float32Array } => {
    const { address, layout } = place(parameters, id, 'parameter');
    return { layout, floats: new Float32Array(memory.buffer, address, layout.bytes / 4) };
  };

  const write = (id: string, values: ArrayLike<number>): void => {
    const { layout, floats } = view(id);
    const expected = layout.spec.rows * layout.spec.columns;
    if (values.length !== expected)
      throw new ShapeError(`program: parameter "${id}" has ${expected} values, got ${values.length}`);
    writeParameter(floats, layout, values);
    stale = true;
  };
  const read = (id: string): Float32Array => {
    const { layout, floats } = view(id);
    return readParameter(floats, layout);
  };

  const copyOut = (id: string, samples: number, out: Float32Array, offset: number): void => {
    const { address, layout } = tensors.get(id)!;
    readTensor(memory.buffer, address, layout, samples, chunkSamples, out, offset);
  };
  const kept = plan.tensors.filter(({ keep }) => keep === 'batch');

  const stage = (batch: Batch, first: number, samples: number): void => {
    const words = new Int32Array(memory.buffer);
    const n = staging.sampleValues;
    const target = staging.bytes
      ? new Uint8Array(memory.buffer, staging.address, samples * n)
      : new Float32Array(memory.buffer, staging.address, samples * n);
    target.set(batch.input.subarray(first * n, (first + samples) * n));
    for (let i = 0; i < samples; i++) {
      words[compiled.labels / 4 + i] = batch.labels?.[first + i] ?? 0;
      words[compiled.ids / 4 + i] = batch.sampleIds?.[first + i] ?? first + i;
    }
    if (compiled.targets !== undefined) {
      const { address, outputs } = compiled.targets;
      const own = batch.targets!.subarray(first * outputs, (first + samples) * outputs);
      new Float32Array(memory.buffer, address, samples * outputs).set(own);
      words[HEADER.targets] = address;
    }
    words[HEADER.samples] = samples;
    words[HEADER.chunkSamples] = chunkSamples;
    words[HEADER.chunks] = Math.ceil(samples / chunkSamples);
    words[HEADER.lossSamples] = batch.lossSamples ?? batch.samples;
    words[HEADER.seed] = batch.seed;
    words[HEADER.epoch] = batch.epoch;
    words[HEADER.labels] = compiled.labels;
    words[HEADER.ids] = compiled.ids;
    words[HEADER.staging] = compiled.staging.address;
  };

  const check = (batch: Batch): void => {
    const expected = batch.samples * staging.sampleValues;
    if (closed) throw new ShapeError('program: run on a closed program');
    if (staging.sampleValues > 0 && batch.input.length < expected)
      throw new ShapeError(
        `program: ${batch.samples} samples need ${expected} input values, got ${batch.input.length}`,
      );
    const wanted = staging.bytes ? Uint8Array : Float32Array;
    if (staging.sampleValues > 0 && !(batch.input instanceof wanted))
      throw new ShapeError(
        `program: the plan loads ${staging.bytes ? 'bytes (Uint8Array)' : 'floats (Float32Array)'}, got ${batch.input.constructor.name}`,
      );
    if (compiled.wholeBatch && batch.samples > microBatch)
      throw new ShapeError(
        `program: ${batch.samples} samples, but it was compiled for ${microBatch}, and its batch norm takes the statistics of a whole batch; compile it for ${batch.samples} samples`,
      );
    checkWanted(batch);
  };

  const start = (table: ProgramTable): void => {
    if (probe === undefined) kernels.run(table.address);
    else probe.run(table, kernels);
  };

  const runBatch = (batch: Batch): void => {
    if (stale) start(compiled.refresh);
    stale = false;
    lastRound = 0;
    earlier = batch.samples > microBatch ? (earlier ?? new Map()) : undefined;
    for (let first = 0; first < batch.samples; first += microBatch) {
      const samples = Math.min(microBatch, batch.samples - first);
      stage(batch, first, samples);
      start(compiled.run);
      lastRound = samples;
      if (earlier === undefined) continue;
      for (const { id } of kept) {
        const { layout } = tensors.get(id)!;
        const width = layout.rowsPerSample * layout.spec.features;
        if (earlier.get(id)?.length !== batch.samples * width) earlier.set(id, new Float32Array(batch.samples * width));
        else if (first === 0) earlier.get(id)!.fill(0);
        copyOut(id, samples, earlier.get(id)!, first * width);
      }
    }
  };

  const checkWanted = ({ samples, labels, targets }: Batch): void => {
    const outputs = compiled.targets?.outputs;
    if (outputs === undefined) {
      if (labels === undefined && plan.forward.some(({ kernel }) => kernel === 'loss'))
        throw new ShapeError('program: the plan has a loss, but the batch has no labels');
    } else if (targets === undefined || targets.length < samples * outputs)
      throw new ShapeError(
        `program: the plan has the loss of a regression, which needs ${samples * outputs} targets (${samples} samples of ${outputs}), got ${targets?.length ?? 'none'}`,
      );
  };

  const run = (batch: Batch): void => {
    check(batch);
    if (probe === undefined) runBatch(batch);
    else probe.call('run', () => runBatch(batch));
  };

  const update = (options: UpdateOptions): void => {
    const floats = new Float32Array(memory.buffer);
    const [beta1, beta2] = [options.beta1 ?? 0.9, options.beta2 ?? 0.999];
    if (!(options.step >= 1)) throw new NumericError(`program: update step is ${options.step}, expected 1 or more`);
    floats[HEADER.learningRate] = options.learningRate;
    floats[HEADER.stepSize] = options.learningRate / (1 - beta1 ** options.step);
    floats[HEADER.rootBias2] = Math.sqrt(1 - beta2 ** options.step);
    floats[HEADER.beta1] = beta1;
    floats[HEADER.beta2] = beta2;
    floats[HEADER.rest1] = 1 - beta1;
    floats[HEADER.rest2] = 1 - beta2;
    floats[HEADER.epsilon] = options.epsilon ?? 1e-8;
    floats[HEADER.momentum] = options.momentum ?? 0;
    floats[HEADER.weightDecay] = options.weightDecay ?? 0;
    floats[HEADER.clipNorm] = options.clipNorm ?? 0;
    if (probe === undefined) start(compiled.update);
    else probe.call('update', () => start(compiled.update));
  };

  const tensor = (id: string, into?: Float32Array): Float32Array => {
    const { layout } = place(tensors, id, 'tensor');
    if (layout.spec.keep === 'chunk')
      throw new ShapeError(`program: tensor "${id}" is scratch; keep it for the batch to read it`);
    const round = earlier?.get(id);
    if (round !== undefined) return round;
    const length = lastRound * layout.rowsPerSample * layout.spec.features;
    const reused = into !== undefined && into.length >= length;
    const out = reused ? into.subarray(0, length).fill(0) : new Float32Array(length);
    copyOut(id, lastRound, out, 0);
    return out;
  };

  const close = (): void => {
    if (closed) return;
    probe?.close();
    for (const region of compiled.regions) allocator.free(region);
    closed = true;
  };
  const own = { plan, bytes: compiled.bytes, layout: compiled.layout, write, read, run, update, tensor, close };
  return probe === undefined ? own : { ...own, timeline: probe.take };
}
