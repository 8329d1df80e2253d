// What lowering is asked for, and what it gives.

import type {
  ActivationForm,
  JoinMode,
  LossKind,
  ParameterSpec,
  Plan,
  PoolMode,
  UpdateOp,
  Window,
} from '../engine/index.ts';
import type { EncoderSpec, NeuronSpec } from '../model/index.ts';

export interface LowerOptions {
  readonly mode: 'ann' | 'snn';
  /** Time steps a sample is run for; 1 for an ANN. */
  readonly timesteps: number;
  /** How a static sample becomes an input through time; default constant. An ANN takes constant input only. */
  readonly encoder?: EncoderSpec;
  /**
   * How samples are staged. `scale` multiplies bytes (default 1/255). `sequence`: each sample already has `timesteps` rows;
   * a delta encoder always reads such samples.
   */
  readonly input: { readonly source: 'bytes' | 'floats'; readonly scale?: number; readonly sequence?: boolean };
  /**
   * `train` adds loss, backward, gradients and optimiser, and is the only purpose in which dropout acts. `attack` adds the loss and
   * its gradient by the input (`outputs.inputGradient`), through the network as `infer` runs it; no parameter gets a gradient.
   */
  readonly purpose: 'infer' | 'train' | 'attack';
  /** Needed for training and for attacks; with `infer` the losses are computed too. */
  readonly loss?: LossChoice;
  /** Needed for training. */
  readonly optimizer?: OptimizerChoice;
  /** Above 0, gradients are cut to this global norm (the number itself goes to `update`). Default 0. */
  readonly clipNorm?: number;
  readonly observe?: Observe;
}

export interface LossChoice {
  readonly kind: LossKind;
  /** mse-count and mse-membrane: rates or levels of the right and the wrong classes. Default 1 and 0. */
  readonly onTarget?: number;
  readonly offTarget?: number;
}

/**
 * As in PyTorch, weight decay applies to every parameter, biases and neuron parameters too. Only whether momentum and decay
 * are zero matters here: their values go to `update`.
 */
export interface OptimizerChoice {
  readonly kind: 'sgd' | 'adam' | 'adamw';
  readonly momentum?: number;
  readonly weightDecay?: number;
}

/** What else to keep for the host. */
export interface Observe {
  /** Nonzero values into every dense and convolutional layer and pool and out of the encoder, every ReLU and every neuron layer. */
  readonly counts?: boolean;
  /** Spikes of these slots, for the whole batch. */
  readonly spikes?: readonly string[] | 'all';
  /** Membranes of these slots; `output`: of the output layer alone. */
  readonly membranes?: readonly string[] | 'all' | 'output';
  /** Values that leave these layers, for the whole batch; where to read them says `Lowered.activations`. */
  readonly activations?: readonly string[];
  /** Values that enter every dense and convolutional layer, or only those that are not spikes, for the whole batch. */
  readonly inputs?: 'all' | 'analog';
  /** Training only: gradient of the loss by the (encoded) input. An attack always has it. */
  readonly inputGradient?: boolean;
}

/** Where a layer's activity can be read after a run, for the trace. Ids are of tensors kept for the batch. */
export type Probe =
  | { readonly kind: 'encoder'; readonly layer: string; readonly features: number; readonly counts?: string }
  | {
      readonly kind: 'dense';
      readonly layer: string;
      readonly inputs: number;
      readonly outputs: number;
      readonly bias: boolean;
      /** spikes: 0, 1 (or -1 from a delta encoder); analog: anything else. */
      readonly input: 'spikes' | 'analog';
      /** 1, or `timesteps`. */
      readonly executions: number;
      readonly counts?: string;
      /** The input itself, with `observe.inputs`. */
      readonly x?: string;
    }
  | {
      readonly kind: 'conv';
      readonly layer: string;
      readonly window: Window;
      readonly inputChannels: number;
      readonly filters: number;
      readonly groups: number;
      readonly bias: boolean;
      readonly input: 'spikes' | 'analog';
      readonly executions: number;
      readonly counts?: string;
      /** Nonzeros, each counted as often as output pixels read it. */
      readonly reached?: string;
      readonly x?: string;
    }
  | {
      readonly kind: 'pool';
      readonly layer: string;
      readonly mode: PoolMode;
      readonly window: Window;
      readonly channels: number;
      readonly input: 'spikes' | 'analog';
      readonly executions: number;
      readonly counts?: string;
      /** As for a convolution, where windows overlap or leave values out. */
      readonly reached?: string;
    }
  | { readonly kind: 'batch-norm'; readonly layer: string; readonly features: number; readonly executions: number }
  | {
      readonly kind: 'activation';
      readonly layer: string;
      readonly form: ActivationForm['form'];
      readonly features: number;
      readonly counts?: string;
      readonly y: string;
    }
  | { readonly kind: 'softmax'; readonly layer: string; readonly features: number }
  | {
      readonly kind: 'join';
      readonly layer: string;
      readonly mode: JoinMode;
      readonly features: number;
      readonly input: 'spikes' | 'analog';
      readonly executions: number;
    }
  | {
      readonly kind: 'relu';
      readonly layer: string;
      readonly features: number;
      readonly counts?: string;
      readonly y: string;
    }
  | {
      readonly kind: 'neuron';
      readonly layer: string;
      readonly neurons: number;
      readonly neuron: NeuronSpec;
      readonly counts?: string;
      readonly spikes?: string;
      readonly membrane?: string;
    };

/** What is read at the network's end. */
export interface Outputs {
  readonly features: number;
  /** The layer that is read. */
  readonly layer: string;
  /** [sample, T, features], absent if it never fires. */
  readonly spikes?: string;
  /** [sample, T, features], if a loss or an observer asked for it, and always where it never fires. */
  readonly membrane?: string;
  /** ANN: [sample, features], before a softmax. */
  readonly logits?: string;
  /** ANN that ends in a softmax, purpose `infer`: [sample, features]. A loss reads the logits, so training leaves it out. */
  readonly probabilities?: string;
  /** [sample, 1] */
  readonly losses?: string;
  /**
   * Gradient of the loss by the input. Training: by the encoded one. Attack: by the encoded one too, but of a constant input, and of a
   * rate code, summed over time, so [sample, features]; of any other [sample, T, features]. What the encoder itself passes on (gain,
   * clipping, spike times) is the reader's to apply.
   */
  readonly inputGradient?: string;
}

export interface Lowered {
  readonly plan: Plan;
  readonly mode: 'ann' | 'snn';
  readonly outputs: Outputs;
  /** The network's own parameters, by their keys in `Weights`; running statistics of batch norms too. */
  readonly weights: readonly ParameterSpec[];
  /** Gradient, by key, of each parameter that is trained. */
  readonly gradients: ReadonlyMap<string, string>;
  /** Everything that must be saved to go on training exactly: weights, derived neuron vectors, optimiser state. */
  readonly state: readonly string[];
  /** Neuron vectors that the spec fixes, to be written once. */
  readonly constants: ReadonlyMap<string, Float64Array>;
  /** Neuron vectors that follow from learned parameters. */
  readonly derived: readonly Derived[];
  /** In the order of the network. */
  readonly probes: readonly Probe[];
  /** Tensor that holds the output of each layer of `observe.activations`. */
  readonly activations: ReadonlyMap<string, string>;
}

export type Derived = Extract<UpdateOp, { kernel: 'derive-decay' | 'spread' }>;
