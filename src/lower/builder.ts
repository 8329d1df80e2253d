// The plan under construction. Layers declare tensors and parameters and append operations; `build` freezes the result.

import type {
  BackwardOp,
  ForwardOp,
  GradientOp,
  ParameterSpec,
  Plan,
  TensorSpec,
  UpdateOp,
  Window,
} from '../engine/index.ts';
import type { Derived, LowerOptions, Probe } from './options.ts';

/** Rows, features and layout of a tensor; `channels` only where they are fewer than the features. */
export type Shape = Pick<TensorSpec, 'rows' | 'features' | 'channels'>;

/** What flows between two layers. */
export interface Signal extends Shape {
  readonly id: string;
  readonly values: 'analog' | 'spikes';
  /** Only 0, 1 or -1: spikes, or the signed events of a delta encoder. */
  readonly events: boolean;
  /** Is the gradient with respect to it needed? */
  readonly wanted: boolean;
  /** Only its sum over time is: linear layers may sum before they multiply, and then do so once and not at every step. */
  readonly summed?: boolean;
}

/** Takes the id of the gradient of a layer's output, appends its backward, returns those of its inputs (where wanted). */
export type Backward = (dy: string) => readonly (string | undefined)[];

/** A layer's output, and how a gradient gets back through it. */
export interface LoweredLayer {
  readonly y: Signal;
  readonly backward?: Backward;
}

/** Of a tensor of `features` values in pixels of `channels`; a map of one pixel is flat. */
export const layout = (features: number, channels: number): Pick<Shape, 'features' | 'channels'> =>
  channels === features ? { features } : { features, channels };

export const channelsIn = ({ features, channels }: Pick<Shape, 'features' | 'channels'>): number =>
  channels ?? features;

/** The id of the gradient of a parameter. */
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
  /** Parameters that hold nothing from one batch to the next. */
  readonly scratch = new Set<string>();
  private readonly tensors = new Map<string, TensorSpec>();
  private readonly parameters = new Map<string, ParameterSpec>();
  private readonly counted = new Map<string, string>();
  private readonly gradientsOf = new Map<string, string>();

  constructor(options: LowerOptions) {
    this.options = options;
  }

  get training(): boolean {
    return this.options.purpose === 'train';
  }

  /** Is there a backward, of whatever is wanted? */
  get differentiates(): boolean {
    return this.options.purpose !== 'infer';
  }

  /** Declares a chunk tensor; returns its id. */
  tensor(id: string, shape: Shape, values: TensorSpec['values'] = 'analog'): string {
    const { rows, features } = shape;
    this.tensors.set(id, { id, rows, ...layout(features, channelsIn(shape)), values, keep: 'chunk' });
    return id;
  }

  /** Keeps a tensor for the host. Returns its id. */
  keep(id: string): string {
    this.tensors.set(id, { ...this.tensors.get(id)!, keep: 'batch' });
    return id;
  }

  /** Keeps a tensor until gradients have been taken. Returns its id. */
  keepForGradients(id: string): string {
    const spec = this.tensors.get(id)!;
    if (spec.keep === 'chunk') this.tensors.set(id, { ...spec, keep: 'gradients' });
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

  /** A vector that is worked out anew for every batch. Returns its id. */
  scratchVector(layer: string, role: string, n: number): string {
    const id = this.vector(layer, role, n);
    this.scratch.add(id);
    return id;
  }

  /** With `observe.counts`: the tensor that holds the number of nonzeros in each row of `x`; the same tensor is counted once. */
  count(layer: string, x: Pick<Signal, 'id' | 'rows'>): { counts?: string } {
    if (!this.options.observe?.counts) return {};
    const known = this.counted.get(x.id);
    if (known !== undefined) return { counts: known };
    const counts = this.keep(this.tensor(`${x.id}@nonzero`, { rows: x.rows, features: 1 }, 'count'));
    this.forward.push({ kernel: 'count', layer, x: x.id, counts });
    this.counted.set(x.id, counts);
    return { counts };
  }

  /** With `observe.counts`: nonzeros in each row of `x`, each counted once an output pixel of `window` that reads it. */
  reached(layer: string, x: Pick<Signal, 'id' | 'rows'>, window: Window): { reached?: string } {
    if (!this.options.observe?.counts) return {};
    const reached = this.keep(this.tensor(`${layer}@reached`, { rows: x.rows, features: 1 }, 'count'));
    this.forward.push({ kernel: 'count', layer, x: x.id, counts: reached, reach: window });
    return { reached };
  }

  /** `y` holds the values of `x` in another layout: counting one counts the other. */
  countTogether(x: string, y: string): void {
    const counts = this.counted.get(x);
    if (counts !== undefined) this.counted.set(y, counts);
  }

  rowsOf(tensor: string): Shape['rows'] {
    return this.tensors.get(tensor)!.rows;
  }

  /** Declares a gradient of a tensor, with its shape (or `rows`); one for each layer that reads it. Returns its id. */
  gradient(of: string, rows = this.rowsOf(of)): string {
    let id = gradientOf(of);
    for (let reader = 2; this.tensors.has(id); reader++) id = `${gradientOf(of)}${reader}`;
    this.gradientsOf.set(id, of);
    return this.tensor(id, { ...this.tensors.get(of)!, rows });
  }

  /** `dy`, the gradient of `of`, summed over time. Returns its id. */
  sumOverTime(layer: string, of: string, dy: string): string {
    if (this.rowsOf(dy) === 'sample') return dy;
    const y = this.gradient(of, 'sample');
    this.backward.push({ kernel: 'accumulate', layer, a: dy, y });
    return y;
  }

  /** Was `gradient` declared for `of`? The gradient that a sum passes back is that of the sum, and shared by its summands. */
  isGradientOf(gradient: string, of: string): boolean {
    return this.gradientsOf.get(gradient) === of;
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
