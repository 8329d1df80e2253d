// What a network is, as data. Nothing here computes. One spec is read three ways: as an ANN a slot is a ReLU (the last one
// the identity), as an SNN it is a neuron with its dynamics spelled out, and conversion maps the first onto the second.

/** A network: plain, frozen, JSON and back is the identity. */
export interface NetworkSpec {
  readonly format: 'spikewatt-network';
  readonly version: 1;
  readonly name: string;
  /** Shape of one sample without batch and time, channels last: `[784]`, `[28, 28, 1]`. */
  readonly input: readonly number[];
  /** In an order in which every layer comes after those it reads; the last one is the output. */
  readonly layers: readonly LayerSpec[];
}

export type LayerSpec =
  | FlattenSpec
  | DenseSpec
  | ConvSpec
  | PoolSpec
  | BatchNormSpec
  | DropoutSpec
  | SlotSpec
  | SoftmaxSpec
  | JoinSpec;

/** The name under which a layer's `from` means the network's input. */
export const INPUT_NAME = 'input';

/** What layers of one input have in common. */
interface SingleInput {
  /** The layer whose output this one reads, or `input`; absent: the layer before. */
  readonly from?: string;
}

/** `[...]` to `[product]`. */
export interface FlattenSpec extends SingleInput {
  readonly kind: 'flatten';
  readonly name: string;
}

/** y = x W + b; W is `[in, out]`, b `[out]`. */
export interface DenseSpec extends SingleInput {
  readonly kind: 'dense';
  readonly name: string;
  readonly units: number;
  readonly bias: boolean;
  readonly init: InitSpec;
}

/** [height, width] */
export type Pair = readonly [number, number];

/**
 * Convolution (cross-correlation) of a map [H, W, C]; groups = C is depthwise. W is `[kh kw C/groups, filters]`, rows in the
 * order (ky, kx, channel); b `[filters]`. `padding` zeros on each side; output length floor((n + 2 p - d (k - 1) - 1) / s) + 1.
 */
export interface ConvSpec extends SingleInput {
  readonly kind: 'conv';
  readonly name: string;
  readonly filters: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
  readonly bias: boolean;
  readonly init: InitSpec;
}

/**
 * Pooling of each channel; without `size` over the whole map. `max`, in a spiking network: OR of the window's spikes. `average`
 * counts padding as zeros. `winner`: as an ANN the maximum; spiking, passes on the spikes of the input that has spiked most so far
 * (spiking max pool of converted networks; not trained).
 */
export interface PoolSpec extends SingleInput {
  readonly kind: 'pool';
  readonly name: string;
  readonly mode: 'max' | 'average' | 'winner';
  readonly size?: Pair;
  /** Default: `size`. */
  readonly stride?: Pair;
  readonly padding?: Pair;
}

/**
 * Batch norm per channel: y = threshold scale xhat + shift, statistics over batch, pixels and, in a spiking network, time steps.
 * `threshold` is 1 but for threshold-dependent BN (Zheng et al. 2021), where it is alpha times the neurons' threshold.
 */
export interface BatchNormSpec extends SingleInput {
  readonly kind: 'batch-norm';
  readonly name: string;
  readonly epsilon: number;
  /** Share of the batch's statistics that goes into the running ones. */
  readonly momentum: number;
  readonly threshold: number;
}

/** Probabilities; only as the last layer, and only an ANN computes it: a spiking network's decoder needs no normalisation. */
export interface SoftmaxSpec extends SingleInput {
  readonly kind: 'softmax';
  readonly name: string;
}

/**
 * Two signals of one shape in one. `add`: their sum (a residual connection; of spikes SEW's ADD). `and`, `iand`: spike-element-wise
 * a b and (1 - a) b (Fang et al. 2021), of two spiking signals; an ANN reads them as the product and as (1 - a) b.
 */
export interface JoinSpec {
  readonly kind: 'join';
  readonly name: string;
  readonly mode: 'add' | 'and' | 'iand';
  readonly from: readonly [string, string];
}

/** Zeroes a share `rate` of its inputs while training and scales the rest by 1/(1-rate); one mask a sample, held over time. */
export interface DropoutSpec extends SingleInput {
  readonly kind: 'dropout';
  readonly name: string;
  readonly rate: number;
}

/** An activation slot: `ann` when read as an ANN, `neuron` when read as an SNN. */
export interface SlotSpec extends SingleInput {
  readonly kind: 'slot';
  readonly name: string;
  readonly ann: ActivationSpec;
  readonly neuron: NeuronSpec;
}

/**
 * What an ANN computes at a slot. `quantized`: the clipped, quantised activation whose conversion is exact (QCFS, Bu et al. 2022),
 * y = c clip(floor(x levels / c + 1/2) / levels, 0, 1) with c learned from `ceiling` on.
 */
export type ActivationSpec =
  | 'relu'
  | 'identity'
  | 'relu6'
  | { readonly kind: 'leaky-relu'; readonly slope: number }
  | { readonly kind: 'quantized'; readonly levels: number; readonly ceiling: number };

/**
 * Weight initialiser. `kaiming-*` and `xavier-*` as in Glorot 2010 and He 2015 (fan-in, ReLU gain); `pytorch` is
 * the default of torch.nn.Linear and Conv2d: U(-1/sqrt(fan-in), 1/sqrt(fan-in)) for weight and bias. Other kinds start the bias
 * at 0. A convolution's fan-in is kh kw C/groups, its fan-out kh kw filters.
 */
export interface InitSpec {
  readonly kind: 'pytorch' | 'kaiming-uniform' | 'kaiming-normal' | 'xavier-uniform' | 'xavier-normal';
}

/** One number for the layer, or one for each neuron; on a map [H, W, C] one for each channel. */
export type PerNeuron = number | readonly number[];

/**
 * A neuron, every choice explicit. With m the membrane, x the input current, per time step:
 *   current  i = alpha i + x          (only with `synapse`; else i = x)
 *   charge   u = a m + b i + c        (a, b, c from `decay`, after a next-step reset of m)
 *   fire     s = [u >= threshold] or [u > threshold]      (`tie`)
 *   reset    m = u changed by s       (`reset`)
 * `kind` names the family for people; the fields decide what runs.
 */
export interface NeuronSpec {
  readonly kind: 'if' | 'lif' | 'plif' | 'synaptic' | 'recurrent-lif' | 'integrator';
  /** Firing threshold; Infinity (written null in JSON) for an `integrator`, which never fires. */
  readonly threshold: PerNeuron | null;
  /** Does a membrane exactly at threshold fire? `>=` yes (SpikingJelly, SNN Toolbox), `>` no (snnTorch, Norse). */
  readonly tie: '>=' | '>';
  readonly decay: DecaySpec;
  /** Synaptic current filter (current-based LIF): i = alpha i + x. */
  readonly synapse?: { readonly alpha: PerNeuron };
  /** The layer's own spikes of the last step, fed back as current. */
  readonly recurrent?: { readonly topology: 'one-to-one' | 'all-to-all'; readonly bias: boolean };
  readonly reset: ResetSpec;
  readonly surrogate: SurrogateSpec;
  /** Which parameters training may change. A learned beta is clamped to [0,1]; a learned tau goes through 1/tau = sigmoid(w). */
  readonly learn: { readonly decay: boolean; readonly threshold: boolean };
  /** Membrane at t = 0: 0, or half a threshold for a converted network. */
  readonly initialMembrane: number;
}

/**
 * How the membrane decays.
 *   none   a = 1, b = 1, c = 0
 *   beta   a = beta, b = 1, c = 0
 *   tau    a = 1 - 1/tau, c = rest/tau, b = 1/tau (`inputDecay`) or 1; tau in time steps, > 1
 *   linear a, b, c as given (Lapicque's RC circuit: a = 1 - dt/(RC), b = dt/C); never learned
 */
export type DecaySpec =
  | { readonly form: 'none' }
  | { readonly form: 'beta'; readonly beta: PerNeuron }
  | { readonly form: 'tau'; readonly tau: PerNeuron; readonly inputDecay: boolean; readonly rest: number }
  | { readonly form: 'linear'; readonly a: PerNeuron; readonly b: PerNeuron; readonly c: PerNeuron };

/**
 * What firing does to the membrane.
 *   subtract  m -= threshold        value  m = value        none
 *   moment `same-step`: applied to u at once (SpikingJelly). `next-step`: decided from the m of the last step, r = [m fires],
 *   and applied while charging (snnTorch's default): subtract u = a m + b i + c - r threshold (the whole threshold, not decayed);
 *   value u = a (r ? value : m) + b i + c, or with `dropsInput` u = r ? value : a m + b i + c (snnTorch's RLeaky, Lapicque,
 *   Synaptic: that step's input is lost too).
 *   `both-steps`: snnTorch with reset_delay=False: a next-step reset, then m = u - (s - r) threshold (subtract) or
 *   m = u - (s - r) (u - value) (value).
 *   gradient: does the gradient of s flow through the reset? The next-step decision r is always detached.
 */
export interface ResetSpec {
  readonly kind: 'subtract' | 'value' | 'none';
  readonly value: number;
  readonly moment: 'same-step' | 'next-step' | 'both-steps';
  readonly dropsInput: boolean;
  readonly gradient: 'through' | 'detached';
}

/**
 * Surrogate derivative of the step, with x = u - threshold and k = slope:
 *   atan          (k/2) / (1 + (pi k x / 2)^2)
 *   sigmoid       k s (1 - s), s = 1/(1 + exp(-k x))
 *   fast-sigmoid  1 / (1 + k |x|)^2
 *   triangular    max(0, 1 - k |x|) * k
 *   straight-through  1
 */
export interface SurrogateSpec {
  readonly kind: 'atan' | 'sigmoid' | 'fast-sigmoid' | 'triangular' | 'straight-through';
  readonly slope: number;
}

/** How a static sample becomes an input through time. */
export type EncoderSpec =
  | { readonly kind: 'constant' }
  | { readonly kind: 'rate'; readonly gain: number; readonly offset: number }
  | LatencyEncoderSpec
  | { readonly kind: 'delta'; readonly threshold: number; readonly offSpikes: boolean; readonly padding: boolean };

/** Time to first spike. Conventions of snnTorch's `latency` and SpikingJelly's `LatencyEncoder` differ; `convention` picks one. */
export interface LatencyEncoderSpec {
  readonly kind: 'latency';
  readonly convention: 'snntorch' | 'spikingjelly';
  readonly form: 'linear' | 'log';
  /** snnTorch only: tau, threshold, normalize, clip. */
  readonly tau: number;
  readonly threshold: number;
  readonly normalize: boolean;
  readonly clip: boolean;
}

/**
 * How the output layer is read. Ties go to the lowest class index; a sample whose outputs all stay silent is `undecided`
 * and counts as wrong.
 */
export type DecoderSpec = {
  readonly kind: 'spike-count' | 'first-spike' | 'max-membrane' | 'mean-membrane' | 'last-membrane';
};
