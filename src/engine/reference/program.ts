// A compiled plan of the reference backend: float64 arrays for everything, operations run one after another over the batch.

import { ConfigError, DataError, NumericError, ShapeError } from '../../core/index.ts';
import type { Batch, CompileOptions, Program, UpdateOptions } from '../backend.ts';
import { checkPlan } from '../check/index.ts';
import type { ForwardOp, Plan } from '../plan.ts';
import { runOp, updateOp } from './kernels.ts';
import type { Run, Tensor } from './run.ts';

export function compileReference(plan: Plan, options: CompileOptions): Program {
  checkPlan(plan);
  if (!Number.isInteger(options.samples) || options.samples < 1)
    throw new ConfigError('samples', `got ${options.samples}, expected a whole number of at least 1`);
  const tensors = new Map(plan.tensors.map((spec) => [spec.id, makeTensor(spec, plan.timesteps, options.samples)]));
  const parameters = new Map(plan.parameters.map((p) => [p.id, new Float64Array(p.rows * p.columns)]));
  const parameter = (id: string): Float64Array => {
    const found = parameters.get(id);
    if (found === undefined)
      throw new ShapeError(`parameter "${id}" is not in the plan; it has ${[...parameters.keys()].join(', ')}`);
    return found;
  };
  const tensor = (id: string): Tensor => {
    const found = tensors.get(id);
    if (found === undefined)
      throw new ShapeError(`tensor "${id}" is not in the plan; it has ${[...tensors.keys()].join(', ')}`);
    return found;
  };
  const arrays = [...[...tensors.values()].map(({ data }) => data), ...parameters.values()];
  let samples = 0;
  return {
    plan,
    bytes: arrays.reduce((total, array) => total + array.byteLength, 0),
    write(id, values) {
      const target = parameter(id);
      if (values.length !== target.length)
        throw new ShapeError(`parameter "${id}" has ${target.length} values, got ${values.length}`);
      target.set(values);
    },
    read: (id) => parameter(id).slice(),
    run(batch) {
      checkBatch(plan, batch, options.samples, tensor);
      samples = batch.samples;
      const run: Run = { batch, samples, timesteps: plan.timesteps, tensor, parameter };
      for (const op of plan.forward) {
        runOp(op, run);
        checkFinite(op, run);
      }
      for (const op of plan.backward) runOp(op, run);
      for (const op of plan.gradients) runOp(op, run);
    },
    update(updateOptions: UpdateOptions) {
      for (const op of plan.update) updateOp(op, parameter, updateOptions);
    },
    tensor(id) {
      const { spec, rows, features, data } = tensor(id);
      if (spec.keep === 'chunk')
        throw new ShapeError(`tensor "${id}" is kept for its chunk only; declare it with keep: 'batch' to read it`);
      return data.slice(0, samples * rows * features);
    },
    close() {},
  };
}

function makeTensor(spec: Tensor['spec'], timesteps: number, samples: number): Tensor {
  const rows = spec.rows === 'step' ? timesteps : 1;
  return { spec, rows, features: spec.features, data: new Float64Array(samples * rows * spec.features) };
}

function checkBatch(plan: Plan, batch: Batch, capacity: number, tensor: (id: string) => Tensor): void {
  if (!Number.isInteger(batch.samples) || batch.samples < 0 || batch.samples > capacity)
    throw new DataError('batch', `has ${batch.samples} samples, expected 0 to ${capacity}, as compiled for`);
  for (const op of plan.forward) {
    if (op.kernel !== 'load') continue;
    const x = tensor(op.x);
    const expected = batch.samples * x.rows * x.features;
    if (batch.input.length < expected)
      throw new DataError(
        'batch',
        `input of "${op.layer}" has ${batch.input.length} values, expected at least ${expected} (${batch.samples} samples x ${x.rows} rows x ${x.features} features)`,
      );
    const bytes = batch.input instanceof Uint8Array;
    if (bytes !== (op.source === 'bytes'))
      throw new DataError('batch', `input of "${op.layer}" is ${bytes ? 'bytes' : 'floats'}, expected ${op.source}`);
  }
}

/** Stops at the first NaN or Infinity that leaves a layer. */
function checkFinite(op: ForwardOp, run: Run): void {
  const id = op.kernel === 'loss' ? op.losses : 'y' in op ? op.y : op.kernel === 'load' ? op.x : undefined;
  if (id === undefined) return;
  const { data, rows, features } = run.tensor(id);
  for (let k = 0; k < run.samples * rows * features; k++) {
    if (Number.isFinite(data[k])) continue;
    const row = Math.floor(k / features);
    throw new NumericError(
      `layer "${op.layer}": ${op.kernel} gave ${data[k]} at step ${row % rows}, feature ${k % features} (sample ${Math.floor(row / rows)} of the batch); check its input, lower the learning rate`,
    );
  }
}
