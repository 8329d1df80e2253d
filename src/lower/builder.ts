// The plan under construction. Layers declare tensors and parameters and append operations; `build` freezes the result.

import type {
  BackwardOp,
  ForwardOp,
  GradientOp,
  ParameterSpec,
  Plan,
  Rows,
  TensorSpec,
  UpdateOp,
} from '../engine/index.ts';
import type { Derived, LowerOptions, Probe } from './options.ts';

/** What flows between two layers. */
export interface Signal {
  readonly id: string;
  readonly rows: Rows;
  readonly features: number;
  readonly values: 'analog' | 'spikes';
  /** Only 0, 1 or -1: spikes, or the signed events of a delta encoder. */
  readonly events: boolean;
  /** Does training need the gradient with respect to it? */
  readonly wanted: boolean;
}

/** Takes the id of the gradient of a layer's output, appends its backward, returns that of its input (if wanted). */
export type Backward = (dy: string) => string | undefined;

/** A layer's output, and how a gradient gets back through it. */
export interface LoweredLayer {
  readonly y: Signal;
  readonly backward?: Backward;
}

/** The id of the gradient of a tensor or parameter. */
export const gradientOf = (id: string): string => `${id}@grad`;

export class PlanBuilder {
  readonly options: LowerOptions;
  readonly forward: ForwardOp[] = [];
  readonly backward: BackwardOp[] = [];
  readonly gradients: GradientOp[] = [];
  /** Neuron parameters: derived before the forward, their gradients before the optimiser. */
  readonly derive: Derived[] = [];
  readonly deriveBackward: UpdateOp[] = [];
  readonly constants = new Map<string, Float64Array>();
  readonly probes: Probe[] = [];
  /** Gradient by key of a trained parameter. */
  readonly trained = new Map<string, string>();
  readonly weights: ParameterSpec[] = [];
  /** Gradients of derived vectors. */
  readonly inner: string[] = [];
  private readonly tensors = new Map<string, TensorSpec>();
  private readonly parameters = new Map<string, ParameterSpec>();
  private readonly counted = new Map<string, string>();

  constructor(options: LowerOptions) {
    this.options = options;
  }

  get training(): boolean {
    return this.options.purpose === 'train';
  }

  /** Declares a chunk tensor; returns its id. */
  tensor(id: string, rows: Rows, features: number, values: TensorSpec['values'] = 'analog'): string {
    this.tensors.set(id, { id, rows, features, values, keep: 'chunk' });
    return id;
  }

  /** Keeps a tensor for the whole batch: the gradients phase or the host reads it. */
  keep(id: string): string {
    this.tensors.set(id, { ...this.tensors.get(id)!, keep: 'batch' });
    return id;
  }

  parameter(id: string, rows: number, columns: number, layer: string, role: string): ParameterSpec {
    const spec = { id, rows, columns, layer, role };
    this.parameters.set(id, spec);
    return spec;
  }

  /** One of the network's own parameters, `layer/role`; declares its gradient too where `learns`. Returns its id. */
  weight(layer: string, role: string, rows: number, columns: number, learns = this.training): string {
    const id = `${layer}/${role}`;
    this.weights.push(this.parameter(id, rows, columns, layer, role));
    if (learns) this.trained.set(id, this.shadow(id, '@grad'));
    return id;
  }

  /** Something shaped like a parameter: its gradient or optimiser state. Returns its id. */
  shadow(of: string, suffix: string): string {
    const { rows, columns, layer, role } = this.parameters.get(of)!;
    return this.parameter(`${of}${suffix}`, rows, columns, layer, `${role}${suffix}`).id;
  }

  /** A neuron vector the host writes once. Returns its id. */
  constant(layer: string, role: string, values: Float64Array): string {
    const { id } = this.parameter(`${layer}@${role}`, 1, values.length, layer, role);
    this.constants.set(id, values);
    return id;
  }

  /** A neuron vector that follows from learned parameters. Returns its id. */
  vector(layer: string, role: string, n: number): string {
    return this.parameter(`${layer}@${role}`, 1, n, layer, role).id;
  }

  /** The gradient of a derived vector: zeroed after each step, but no business of the optimiser's. Returns its id. */
  innerGradient(of: string): string {
    const id = this.shadow(of, '@grad');
    this.inner.push(id);
    return id;
  }

  /** With `observe.counts`: the tensor that holds the number of nonzeros in each row of `x`; the same tensor is counted once. */
  count(layer: string, x: Pick<Signal, 'id' | 'rows'>): { counts?: string } {
    if (!this.options.observe?.counts) return {};
    const known = this.counted.get(x.id);
    if (known !== undefined) return { counts: known };
    const counts = this.keep(this.tensor(`${x.id}@nonzero`, x.rows, 1, 'count'));
    this.forward.push({ kernel: 'count', layer, x: x.id, counts });
    this.counted.set(x.id, counts);
    return { counts };
  }

  /** Declares the gradient of a tensor with the same shape. Returns its id. */
  gradient(of: string): string {
    const { rows, features } = this.tensors.get(of)!;
    return this.tensor(gradientOf(of), rows, features);
  }

  build(update: readonly UpdateOp[]): Plan {
    return {
      timesteps: this.options.timesteps,
      tensors: [...this.tensors.values()],
      parameters: [...this.parameters.values()],
      forward: this.forward,
      backward: this.backward,
      gradients: this.gradients,
      update,
    };
  }
}
