// Whole training steps of a 20-16-4 network: forward, loss, gradients, and the weights after one and five steps of Adam.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend, Program } from '../../src/engine/index.ts';
import { dialects, type NeuronSpec } from '../../src/model/index.ts';
import { assertClose, assertSame, GOLDEN_TOLERANCES as TOLERANCE } from '../closeness.ts';
import { neuronValues, type TwoLayers, twoLayerPlan } from '../two-layer-plan.ts';
import { BACKENDS } from './backends.ts';
import { batchFirst, floats, type GoldenTensor, inOut, readGolden } from './files.ts';
import { total } from './neuron-bench.ts';

interface Params {
  readonly neuron?: 'LIFNode' | 'ParametricLIFNode' | 'IFNode';
  readonly beta?: number;
  readonly learn_beta?: boolean;
  readonly tau?: number;
  readonly init_tau?: number;
  readonly decay_input?: boolean;
  readonly v_reset?: number | null;
  readonly surrogate: 'atan' | 'ATan' | 'Sigmoid';
  readonly surrogate_alpha?: number;
  readonly loss: string;
  readonly T: number;
  readonly optimizer: { readonly lr: number; readonly betas: readonly [number, number]; readonly eps: number };
}
type Tensors = Readonly<Record<string, GoldenTensor>>;
interface Case {
  readonly name: string;
  readonly params: Params;
  readonly init: Tensors;
  readonly input: GoldenTensor;
  readonly targets: GoldenTensor;
  readonly expect: {
    readonly forward: Tensors;
    readonly loss: number;
    readonly grads: Tensors;
    readonly after1: Tensors;
    readonly losses5: readonly number[];
    readonly after5: Tensors;
  };
}
interface File {
  readonly peer: string;
  readonly cases: readonly Case[];
}

function neuronOf(params: Params): NeuronSpec {
  if (params.beta !== undefined)
    return dialects.snntorch.leaky({ beta: params.beta, learnBeta: params.learn_beta ?? false });
  const { v_reset: vReset = 0, surrogate_alpha: slope = 2, decay_input: decayInput = true } = params;
  const common = { vReset, surrogate: { kind: params.surrogate === 'Sigmoid' ? 'sigmoid' : 'atan', slope } as const };
  if (params.neuron === 'IFNode') return dialects.spikingjelly.ifNode(common);
  if (params.neuron === 'LIFNode') return dialects.spikingjelly.lifNode({ ...common, tau: params.tau!, decayInput });
  return dialects.spikingjelly.parametricLifNode({ ...common, initTau: params.init_tau!, decayInput });
}

const LOSSES = {
  mse_count_loss: { loss: 'mse-count', onTarget: 0.8, offTarget: 0.2 },
  ce_rate_loss: { loss: 'ce-rate' },
  ce_per_step_membrane_sum: { loss: 'ce-membrane' },
  'mse(mean over T of spk2, one-hot)': { loss: 'mse-rate' },
} as const;

/** Names of the peers' parameters, as ours. */
const OURS: Readonly<Record<string, string>> = {
  ...{ 'fc1.weight': 'fc1/weight', 'fc1.bias': 'fc1/bias', 'fc2.weight': 'fc2/weight', 'fc2.bias': 'fc2/bias' },
  ...{ 'lif1.beta': 'lif1/decay', 'lif2.beta': 'lif2/decay' },
  ...{ '0.weight': 'fc1/weight', '2.weight': 'fc2/weight', '1.w': 'lif1/decay', '3.w': 'lif2/decay' },
};

const valuesOf = (tensor: GoldenTensor): Float32Array => (tensor.shape.length === 2 ? inOut(tensor) : floats(tensor));

function netOf({ params, input, init }: Case): TwoLayers {
  return {
    ...{ sizes: [20, 16, 4], timesteps: params.T, input: input.shape.length === 2 ? 'sample' : 'step' },
    ...{ bias: 'fc1.bias' in init, neuron: neuronOf(params), ...LOSSES[params.loss as keyof typeof LOSSES] },
  };
}

function prepare(backend: Backend, golden: Case): { step(): number; program: Program } {
  const net = netOf(golden);
  const samples = golden.targets.shape[0]!;
  const program = backend.compile(twoLayerPlan(net), { samples });
  for (const [id, values] of neuronValues(net)) program.write(id, values);
  for (const [name, tensor] of Object.entries(golden.init)) program.write(OURS[name]!, valuesOf(tensor));
  const input = net.input === 'sample' ? floats(golden.input) : batchFirst(golden.input);
  const batch = { samples, input, labels: Uint8Array.from(floats(golden.targets)), seed: 0, epoch: 0 };
  const step = (): number => {
    program.run(batch);
    return total(program.tensor('losses'));
  };
  return { step, program };
}

function assertParameters(what: string, program: Program, expected: Tensors, suffix: string, tolerance: number): void {
  for (const [name, tensor] of Object.entries(expected))
    assertClose(`${what} ${name}`, program.read(`${OURS[name]!}${suffix}`), valuesOf(tensor), tolerance);
}

for (const name of ['train_step_snntorch', 'train_step_spikingjelly']) {
  const file = readGolden<File>(name);
  test(`${name}: four cases, all of them run`, () => {
    assert.equal(file.cases.length, 4);
    assert.ok(file.cases.every(({ params }) => params.loss in LOSSES));
  });

  for (const { name: backendName, backend: start } of BACKENDS) {
    for (const golden of file.cases) {
      test(`${golden.name} on ${backendName}`, async () => {
        const backend = await start();
        const { expect, params } = golden;
        const { step, program } = prepare(backend, golden);
        const { lr: learningRate, betas, eps: epsilon } = params.optimizer;
        const losses: number[] = [];
        for (let count = 1; count <= 5; count++) {
          losses.push(step());
          if (count === 1) {
            for (const [peer, ours] of Object.entries({ spk1: 'spikes1', spk2: 'spikes2' }))
              assertSame(peer, program.tensor(ours), batchFirst(expect.forward[peer]!));
            for (const [peer, ours] of Object.entries({ mem1: 'membrane1', mem2: 'membrane2' }))
              if (peer in expect.forward)
                assertClose(peer, program.tensor(ours), batchFirst(expect.forward[peer]!), TOLERANCE.forward);
            const dense = Object.entries(expect.grads).filter(([key]) => /weight|bias/.test(key));
            assertParameters('d', program, Object.fromEntries(dense), '@grad', TOLERANCE.gradient);
          }
          program.update({ learningRate, step: count, beta1: betas[0], beta2: betas[1], epsilon });
          if (count === 1) {
            // gradients of learned decays are worked out by the update, and stay until the next
            const decays = Object.entries(expect.grads).filter(([key]) => /beta|\.w$/.test(key));
            assert.equal(decays.length, netOf(golden).neuron.learn.decay ? 2 : 0);
            assertParameters('d', program, Object.fromEntries(decays), '@grad', TOLERANCE.gradient);
            assertParameters('after 1 step', program, expect.after1, '', TOLERANCE.weights);
          }
        }
        assertClose('loss', [losses[0]!], [expect.loss], TOLERANCE.forward);
        assertClose('losses of 5 steps', losses, expect.losses5, TOLERANCE.forward);
        assertParameters('after 5 steps', program, expect.after5, '', TOLERANCE.weights);
        program.close();
      });
    }
  }
}
