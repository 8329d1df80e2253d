// Layers one after the other, numbered by kind: conv1, bn1, lif1, pool1, conv2, ... A slot is called after its neuron.

import { batchNorm, dense, dropout, flatten, slot } from '../builder.ts';
import { lif } from '../neurons/index.ts';
import type { ActivationSpec, InitSpec, LayerSpec, NeuronSpec, PoolSpec } from '../spec.ts';
import { type ConvOptions, conv, globalPool, type Lengths, pool } from '../window-builder.ts';
import type { PresetOptions } from './entry.ts';

/** Slots are called after their neuron: `lif1`, `if2`, ... */
export const SLOT_PREFIX: Readonly<Record<NeuronSpec['kind'], string>> = {
  if: 'if',
  lif: 'lif',
  plif: 'plif',
  synaptic: 'syn',
  'recurrent-lif': 'rlif',
  integrator: 'li',
};

/** What all layers of a stack share. */
interface Style {
  readonly neuron: NeuronSpec;
  readonly outputNeuron: NeuronSpec;
  readonly init: InitSpec['kind'];
  readonly batchNorm: boolean;
}

export class LayerStack {
  readonly layers: LayerSpec[] = [];
  readonly #style: Style;
  readonly #counts = new Map<string, number>();

  /** `neuron` is the default for the hidden slots, and `outputNeuron` (default: the hidden one) for the last. */
  constructor(options: PresetOptions, neuron: NeuronSpec = lif(), outputNeuron?: NeuronSpec) {
    const hidden = options.neuron ?? neuron;
    this.#style = {
      neuron: hidden,
      outputNeuron: options.outputNeuron ?? outputNeuron ?? hidden,
      init: options.init ?? 'kaiming-uniform',
      batchNorm: options.batchNorm ?? false,
    };
  }

  #number(kind: string): number {
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    return number;
  }

  #name(kind: string): string {
    return `${kind}${this.#number(kind)}`;
  }

  /** A convolution (padding `same` unless told otherwise), and its batch norm in a network that has them. */
  conv(filters: number, kernel: Lengths, options: ConvOptions = {}): this {
    this.layers.push(
      conv(this.#name('conv'), filters, kernel, { padding: 'same', init: this.#style.init, ...options }),
    );
    if (this.#style.batchNorm) this.layers.push(batchNorm(this.#name('bn')));
    return this;
  }

  /** A slot of hidden neurons. */
  slot(ann: ActivationSpec = 'relu'): this {
    return this.#slot(this.#style.neuron, ann);
  }

  #slot(neuron: NeuronSpec, ann: ActivationSpec): this {
    this.layers.push(slot(`${SLOT_PREFIX[neuron.kind]}${this.#number('slot')}`, neuron, { ann }));
    return this;
  }

  pool(mode: PoolSpec['mode'], size: Lengths = 2): this {
    this.layers.push(pool(this.#name('pool'), mode, size));
    return this;
  }

  globalPool(): this {
    this.layers.push(globalPool(this.#name('pool')));
    return this;
  }

  /** No layer at a rate of 0. */
  dropout(rate: number): this {
    if (rate !== 0) this.layers.push(dropout(this.#name('drop'), rate));
    return this;
  }

  flatten(): this {
    this.layers.push(flatten());
    return this;
  }

  dense(units: number): this {
    this.layers.push(dense(this.#name('fc'), units, { init: this.#style.init }));
    return this;
  }

  /** The last dense layer and its slot, the identity as an ANN. */
  output(classes: number): this {
    return this.dense(classes).#slot(this.#style.outputNeuron, 'identity');
  }
}
