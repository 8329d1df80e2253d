// Every gradient of the reference backend against central differences in float64. A spike has no derivative, so the neuron runs
// with a smooth spike function whose derivative is the surrogate: then the layer is differentiable and the surrogate gradient is
// the true one. The next-step decision r, and s inside a detached reset, stay hard: they are constant around a point.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SURROGATES, type SurrogateKind, surrogateDerivative, surrogateValue } from '../../src/core/index.ts';
import { type LossKind, type NeuronOpDynamics, type Plan, referenceBackend } from '../../src/engine/index.ts';
import { backpropagate, type History, type NeuronParameters, simulate } from '../../src/engine/reference/neuron.ts';
import { assertGradient, differences } from '../central-differences.ts';
import { batchOf, EMPTY, parameterOf, random, sparse, tensorOf } from '../conformance/cases.ts';

interface World {
  readonly dynamics: NeuronOpDynamics;
  readonly parameters: NeuronParameters;
  readonly current: Float64Array;
  readonly wSpikes: Float64Array;
  readonly wMembrane: Float64Array;
  readonly T: number;
  readonly N: number;
}

const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, k) => sum + value * y[k]!, 0);

function run({ dynamics, parameters, current, T, N }: World): History {
  const spike = (x: number): number => surrogateValue(dynamics.surrogate, dynamics.slope, x);
  return simulate(dynamics, parameters, (t, n) => current[t * N + n]!, T, spike);
}

function lossOf(world: World): number {
  const { spikes, membrane } = run(world);
  return dot(world.wSpikes, spikes) + dot(world.wMembrane, membrane);
}

type Reset = Pick<NeuronOpDynamics, 'reset' | 'resetValue' | 'moment' | 'dropsInput' | 'detachReset'>;
interface Extras {
  readonly surrogate?: SurrogateKind;
  readonly slope?: number;
  readonly synapse?: boolean;
  readonly recurrent?: 'weight' | 'scale';
}

/** A layer of 3 neurons over 6 steps, no membrane within 1e-3 of its threshold (where a hard decision would flip). */
function worldOf(reset: Reset, { surrogate = 'atan', slope = 2, synapse = false, recurrent }: Extras = {}): World {
  const [T, N] = [6, 3];
  for (let seed = 1; ; seed++) {
    const from = random(seed);
    const values = (size: number, low: number, high: number): Float64Array =>
      Float64Array.from({ length: size }, () => low + (high - low) * from.uniform());
    const world: World = {
      dynamics: {
        ...{
          ...reset,
          a: 'a',
          b: 'b',
          c: 'c',
          threshold: 'threshold',
          tie: '>=',
          surrogate,
          slope,
          initialMembrane: 0.2,
        },
      },
      parameters: {
        ...{ a: values(N, 0.5, 1), b: values(N, 0.5, 1), c: values(N, -0.1, 0.1), threshold: values(N, 0.5, 0.9) },
        ...(synapse && { alpha: values(N, 0.2, 0.8) }),
        ...(recurrent === 'weight' && { weight: values(N * N, -0.5, 0.5), bias: values(N, -0.1, 0.1) }),
        ...(recurrent === 'scale' && { scale: values(N, -0.5, 0.5) }),
      },
      ...{ current: values(T * N, -0.2, 1.2), wSpikes: values(T * N, -1, 1), wMembrane: values(T * N, -1, 1), T, N },
    };
    const { charge, membrane } = run(world);
    const { threshold } = world.parameters;
    const far = (values: Float64Array) => values.every((u, k) => Math.abs(u - threshold![k % N]!) > 1e-3);
    const fired = charge.filter((u, k) => u >= threshold![k % N]!).length;
    if (far(charge) && far(membrane) && fired >= 4) return world;
  }
}

/** Analytic gradients next to what they are the gradients of. */
function gradientsOf(world: World) {
  const { dynamics, parameters, wSpikes, wMembrane, T, N } = world;
  const history = run(world);
  const derivative = (x: number): number => surrogateDerivative(dynamics.surrogate, dynamics.slope, x);
  const g = backpropagate(dynamics, parameters, history, { dSpikes: wSpikes, dMembrane: wMembrane }, derivative);
  // recurrent parameters: x at t is current + sum_j s_j[t-1] W_jn (or scale_n s_n[t-1]) + bias_n
  const weight = new Float64Array(N * N);
  const scale = new Float64Array(N);
  const bias = new Float64Array(N);
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      const dx = g.dCurrent[t * N + n]!;
      bias[n]! += dx;
      if (t === 0) continue;
      scale[n]! += dx * history.spikes[(t - 1) * N + n]!;
      for (let j = 0; j < N; j++) weight[j * N + n]! += dx * history.spikes[(t - 1) * N + j]!;
    }
  }
  const byParameter = { a: g.dA, b: g.dB, c: g.dC, threshold: g.dThreshold, alpha: g.dAlpha, weight, scale, bias };
  return { current: g.dCurrent, byParameter };
}

function assertNeuron(what: string, world: World): void {
  const { current, byParameter } = gradientsOf(world);
  const f = (): number => lossOf(world);
  assertGradient(`${what}: current`, current, differences(f, world.current));
  for (const [role, analytic] of Object.entries(byParameter)) {
    const values = world.parameters[role as keyof NeuronParameters];
    if (values) assertGradient(`${what}: ${role}`, analytic, differences(f, values));
  }
}

const RESETS: readonly Reset[] = (['same-step', 'next-step', 'both-steps'] as const).flatMap((moment) =>
  [false, true].flatMap((detachReset) => [
    ...(['subtract', 'none'] as const).map((reset) => ({
      reset,
      resetValue: 0,
      moment,
      dropsInput: false,
      detachReset,
    })),
    ...[0, -0.3].flatMap((resetValue) =>
      [false, true].map((dropsInput) => ({ reset: 'value', resetValue, moment, dropsInput, detachReset }) as const),
    ),
  ]),
);

for (const reset of RESETS) {
  const name = `${reset.reset} ${reset.resetValue} ${reset.moment}${reset.dropsInput ? ' drops' : ''} ${reset.detachReset ? 'detached' : 'through'}`;
  test(`neuron gradients: ${name}, plain, synaptic, recurrent`, () => {
    assertNeuron(name, worldOf(reset));
    assertNeuron(`${name} synapse`, worldOf(reset, { synapse: true }));
    assertNeuron(`${name} recurrent`, worldOf(reset, { recurrent: 'weight' }));
    assertNeuron(`${name} synapse, one-to-one`, worldOf(reset, { synapse: true, recurrent: 'scale' }));
  });
}

test('neuron gradients: every surrogate', () => {
  for (const surrogate of SURROGATES)
    for (const slope of [0.7, 3])
      assertNeuron(`${surrogate} ${slope}`, worldOf(RESETS[0]!, { surrogate, slope, synapse: true }));
});

test('the checker sees a wrong gradient', () => {
  const world = worldOf(RESETS[0]!);
  const numeric = differences(() => lossOf(world), world.current);
  const { current } = gradientsOf(world);
  assertGradient('right', current, numeric);
  assert.throws(
    () =>
      assertGradient(
        'wrong sign',
        current.map((v) => -v),
        numeric,
      ),
    /wrong sign: \d+ of 18 wrong; worst at/,
  );
  const slightly = current.map((v, k) => (k === 7 ? v * 1.001 + 1e-4 : v));
  assert.throws(() => assertGradient('one of them', slightly, numeric), /one of them: 1 of 18 wrong; worst at 7/);
  // a reset that is said to be detached but is not
  const detached = gradientsOf({ ...world, dynamics: { ...world.dynamics, detachReset: true } });
  assert.throws(() => assertGradient('detached', detached.current, numeric), /detached: \d+ of 18 wrong/);
});

const LOSSES: readonly LossKind[] = [
  ...(['cross-entropy', 'mse-count', 'ce-rate', 'ce-count'] as const),
  ...(['ce-max-membrane', 'mse-membrane', 'ce-membrane', 'mse-rate'] as const),
  ...(['margin', 'margin-rate', 'margin-membrane', 'mse', 'mse-last-membrane'] as const),
];

const hasLogits = (loss: LossKind): boolean => ['cross-entropy', 'margin', 'mse'].includes(loss);

/** x -> dense -> relu -> dropout -> dense -> loss, all learned. */
function annPlan(loss: LossKind, timesteps: number): Plan {
  const rows = hasLogits(loss) ? 'sample' : 'step';
  const fc = (k: number, x: string) =>
    ({ kernel: 'dense', layer: `fc${k}`, x, weight: `w${k}`, bias: `b${k}`, y: `y${k}` }) as const;
  const gradients = (k: number, x: string) =>
    [
      { kernel: 'dense-gradient', layer: `fc${k}`, x, dy: `dy${k}`, dWeight: `dw${k}` },
      { kernel: 'sum-gradient', layer: `fc${k}`, dy: `dy${k}`, dVector: `db${k}` },
    ] as const;
  const drop = { layer: 'drop', rate: 0.4, index: 2 } as const;
  return {
    ...EMPTY,
    timesteps,
    tensors: [
      ...[tensorOf('x', rows, 3), tensorOf('dx', rows, 3), tensorOf('losses', 'sample', 1)],
      ...['y1', 'h', 'd', 'dd', 'dh', 'dy1'].map((id) => tensorOf(id, rows, 5)),
      ...['y2', 'dy2'].map((id) => tensorOf(id, rows, 4)),
    ],
    parameters: [
      ...[parameterOf('w1', 3, 5), parameterOf('b1', 1, 5), parameterOf('w2', 5, 4), parameterOf('b2', 1, 4)],
      ...[parameterOf('dw1', 3, 5), parameterOf('db1', 1, 5), parameterOf('dw2', 5, 4), parameterOf('db2', 1, 4)],
    ],
    forward: [
      { kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'x' },
      fc(1, 'x'),
      { kernel: 'relu', layer: 'relu', x: 'y1', y: 'h' },
      { kernel: 'dropout', ...drop, x: 'h', y: 'd' },
      fc(2, 'd'),
      {
        kernel: 'loss',
        layer: 'loss',
        loss,
        onTarget: 0.9,
        offTarget: 0.3,
        output: 'y2',
        dOutput: 'dy2',
        losses: 'losses',
      },
    ],
    backward: [
      { kernel: 'dense-backward', layer: 'fc2', dy: 'dy2', weight: 'w2', dx: 'dd' },
      { kernel: 'dropout-backward', ...drop, dy: 'dd', dx: 'dh' },
      { kernel: 'relu-backward', layer: 'relu', y: 'h', dy: 'dh', dx: 'dy1' },
      { kernel: 'dense-backward', layer: 'fc1', dy: 'dy1', weight: 'w1', dx: 'dx' },
    ],
    gradients: [...gradients(2, 'd'), ...gradients(1, 'x')],
  };
}

for (const loss of LOSSES) {
  test(`gradients through dense, relu, dropout and ${loss}`, () => {
    const [samples, timesteps] = [4, 3];
    const from = random(31);
    const program = referenceBackend().compile(annPlan(loss, timesteps), { samples });
    const parameters = new Map(
      [
        ...([
          ['w1', sparse(from, 15)],
          ['b1', sparse(from, 5)],
          ['w2', sparse(from, 20)],
          ['b2', sparse(from, 4)],
        ] as const),
      ].map(([id, values]) => [id, Float64Array.from(values)] as const),
    );
    const input = sparse(from, samples * 3 * (hasLogits(loss) ? 1 : timesteps));
    const wanted = { labels: Uint8Array.of(0, 3, 1, 2), targets: sparse(from, samples * 4) };
    const run = (): number => {
      for (const [id, values] of parameters) program.write(id, values);
      program.run(batchOf(samples, input, { ...wanted, lossSamples: 7 }));
      return Float64Array.from(program.tensor('losses')).reduce((sum, value) => sum + value, 0);
    };
    run();
    const analytic = new Map([...parameters.keys()].map((id) => [id, program.read(`d${id}`)] as const));
    const dx = program.tensor('dx').slice();
    for (const [id, values] of parameters) assertGradient(`${loss} ${id}`, analytic.get(id)!, differences(run, values));
    // the input is float32: a step of 1e-5 is known to two digits, so it is taken of what it really was
    assertGradient(`${loss} input`, dx, differences(run, input), 1e-5);
  });
}
