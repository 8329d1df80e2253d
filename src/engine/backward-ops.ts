// Operations on a chunk, backward; dx is the gradient of x.

import type { ActivationForm, BatchNorm, NeuronOpDynamics, Window } from './operation-fields.ts';

export type BackwardOp =
  /** dx = dy W^T; spikes' gradient is taken with respect to their value. */
  | {
      readonly kernel: 'dense-backward';
      readonly layer: string;
      readonly dy: string;
      readonly weight: string;
      readonly dx: string;
    }
  /** dx[i] = sum of dy W^T over the taps that read i. */
  | {
      readonly kernel: 'conv-backward';
      readonly layer: string;
      readonly window: Window;
      readonly groups: number;
      readonly dy: string;
      readonly weight: string;
      readonly dx: string;
    }
  /** max: to the first maximum of each window of x. average: evenly. */
  | {
      readonly kernel: 'pool-backward';
      readonly layer: string;
      readonly mode: 'max' | 'average';
      readonly window: Window;
      readonly x: string;
      readonly dy: string;
      readonly dx: string;
    }
  /**
   * For batch statistics: dGamma += sum dy factor xhat, dBeta += sum dy over the whole batch (a barrier), then
   * dx = factor gamma d (dy - mean(dy) - xhat mean(dy xhat)), means over the rows and pixels of x. dx absent: only the parameters'
   * gradients. A row of x that stands for several steps has dy summed over them, and `repeats` cancels.
   */
  | (BatchNorm & {
      readonly kernel: 'batch-norm-backward';
      readonly dy: string;
      readonly dx?: string;
      readonly dGamma: string;
      readonly dBeta: string;
      readonly repeats: number;
    })
  /** Of running statistics: dx = factor gamma d dy per channel, d = 1 / sqrt(variance + epsilon). */
  | {
      readonly kernel: 'running-norm-backward';
      readonly layer: string;
      readonly gamma: string;
      readonly variance: string;
      readonly factor: number;
      readonly epsilon: number;
      readonly dy: string;
      readonly dx: string;
    }
  /**
   * relu6: dy where 0 < x < 6. leaky-relu: dy, or slope dy where x <= 0. quantized, straight through: dx = dy where
   * -c/(2L) < x < c - c/(2L), else 0; dCeiling [sample, 1]: sum over the sample of dy (y - x) / c there, dy above, 0 below.
   */
  | (ActivationForm & {
      readonly kernel: 'activation-backward';
      readonly layer: string;
      readonly x: string;
      readonly dy: string;
      readonly dx: string;
      readonly dCeiling?: string;
    })
  | {
      readonly kernel: 'softmax-backward';
      readonly layer: string;
      readonly y: string;
      readonly dy: string;
      readonly dx: string;
    }
  /** add: da = db = dy (lowered without an operation). and: da = dy b, db = dy a. iand: da = -dy b, db = dy (1 - a). */
  | {
      readonly kernel: 'join-backward';
      readonly layer: string;
      readonly mode: 'and' | 'iand';
      readonly a: string;
      readonly b: string;
      readonly dy: string;
      readonly da?: string;
      readonly db?: string;
    }
  /**
   * y = a + b, gradients of a signal that two layers read. An operand with a row a step is summed over them where y has one a sample;
   * that sum is all there is without b.
   */
  | {
      readonly kernel: 'accumulate';
      readonly layer: string;
      readonly a: string;
      readonly b?: string;
      readonly y: string;
    }
  | { readonly kernel: 'reshape-backward'; readonly layer: string; readonly dy: string; readonly dx: string }
  | {
      readonly kernel: 'relu-backward';
      readonly layer: string;
      readonly y: string;
      readonly dy: string;
      readonly dx: string;
    }
  | {
      readonly kernel: 'dropout-backward';
      readonly layer: string;
      readonly rate: number;
      readonly index: number;
      readonly dy: string;
      readonly dx: string;
    }
  /**
   * Time in reverse. dSpikes and/or dMembrane in; dCurrent out: one row a step, or, for a constant drive, one row a sample
   * (summed over time). dParameters: ids of per-neuron gradient accumulators for a, b, c, threshold, alpha, recurrent ones.
   * A recurrent bias or weight that learns uses dCurrent, one row a step. A recurrent layer adds what its spikes did through
   * the recurrence to dSpikes, which may be overwritten; its dB needs `synapse`, as i is then not the current alone.
   */
  | {
      readonly kernel: 'neuron-backward';
      readonly layer: string;
      readonly dynamics: NeuronOpDynamics;
      readonly current: string;
      readonly spikes?: string;
      readonly charge: string;
      readonly membrane?: string;
      readonly synapse?: string;
      readonly dSpikes?: string;
      readonly dMembrane?: string;
      readonly dCurrent: string;
      /** tensors [sample, N], kept for the batch: this sample's sums over time of the derivative by a, b, c, threshold, alpha */
      readonly dA?: string;
      readonly dB?: string;
      readonly dC?: string;
      readonly dThreshold?: string;
      readonly dAlpha?: string;
    };
