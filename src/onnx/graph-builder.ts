// The graph under construction: nodes, constants, and how the values of a signal lie. ONNX convolves maps channels first,
// [N, C, H, W]; Spikewatt's are channels last. A signal is turned where a layer wants it otherwise, and once however many do.

import { sizeOf } from '../model/index.ts';
import type { Attribute, OnnxNode, OnnxTensor } from './messages.ts';

export type MapShape = readonly [height: number, width: number, channels: number];

/** A value that flows between two layers: [N, ...shape], or as `channelsFirst` says. */
export interface Signal {
  readonly id: string;
  /** As the network has it: channels last, without the batch. */
  readonly shape: readonly number[];
  /**
   * The map [H, W, C] whose values lie channels first: the signal is that map, as [N, C, H, W], or flat, as [N, C H W]. Absent:
   * they lie as the network has them.
   */
  readonly channelsFirst?: MapShape;
}

export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  private readonly turned = new Map<string, Signal>();
  private readonly scalars = new Map<number, string>();
  private readonly shapes = new Map<string, string>();

  /** Appends a node; returns the id of its output, which is its name. */
  node(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.nodes.push({ op, name, inputs, output: name, attributes });
    return name;
  }

  /** Declares a constant; returns its id. */
  tensor(name: string, dims: readonly number[], values: OnnxTensor['values']): string {
    this.tensors.push({ name, dims, values });
    return name;
  }

  /** A single number, declared once however often it is used. */
  scalar(value: number): string {
    const known = this.scalars.get(value);
    if (known !== undefined) return known;
    const id = this.tensor(`@${value}`, [], Float32Array.of(value));
    this.scalars.set(value, id);
    return id;
  }

  /** `id` as [N, ...dims]. */
  reshape(name: string, id: string, dims: readonly number[]): string {
    const key = dims.join('x');
    // 0: the length of the input's own first dimension, which is the batch
    const shape =
      this.shapes.get(key) ??
      this.tensor(`@shape-${key}`, [dims.length + 1], BigInt64Array.from([0n, ...dims.map(BigInt)]));
    this.shapes.set(key, shape);
    return this.node(name, 'Reshape', [id, shape]);
  }

  /** A map with its channels first. */
  mapOf(x: Signal): Signal {
    if (x.channelsFirst !== undefined) return x;
    return this.once(`${x.id}@nchw`, (name) => ({
      id: this.node(name, 'Transpose', [x.id], { perm: [0, 3, 1, 2] }),
      shape: x.shape,
      channelsFirst: x.shape as MapShape,
    }));
  }

  /** `x` with its values in the order that the network has them in. */
  natural(x: Signal): Signal {
    const map = x.channelsFirst;
    if (map === undefined) return x;
    return this.once(`${x.id}@nhwc`, (name) => {
      const flat = x.shape.length === 1;
      const [height, width, channels] = map;
      const from = flat ? this.reshape(`${name}-map`, x.id, [channels, height, width]) : x.id;
      const turned = this.node(name, 'Transpose', [from], { perm: [0, 2, 3, 1] });
      return { id: flat ? this.reshape(`${name}-flat`, turned, x.shape) : turned, shape: x.shape };
    });
  }

  /** All values in one dimension. Those of a map that lies channels first stay so: a dense layer turns its weights instead. */
  flat(x: Signal): Signal {
    if (x.shape.length === 1) return x;
    const shape = [sizeOf(x.shape)];
    const map = x.channelsFirst;
    // of one channel or one pixel both orders are the same
    const alike = map === undefined || map[2] === 1 || map[0] * map[1] === 1;
    return this.once(`${x.id}@flat`, (name) => ({
      id: this.reshape(name, x.id, shape),
      shape,
      ...(alike ? {} : { channelsFirst: map }),
    }));
  }

  private once(name: string, make: (name: string) => Signal): Signal {
    const known = this.turned.get(name);
    if (known !== undefined) return known;
    const signal = make(name);
    this.turned.set(name, signal);
    return signal;
  }
}
