// The whole way: golden networks as specs, run by the simulator, counted, and seen as the tools see them. The simulator's own
// trace must lead to the quantities the tools reported, as the independent float32 simulation's does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '../../src/data/index.ts';
import { referenceBackend } from '../../src/engine/reference/index.ts';
import { viewsOf } from '../../src/measure/index.ts';
import { dense, dialects, type NetworkSpec, type NeuronSpec, network, slot } from '../../src/model/index.ts';
import { simulateNetwork } from '../../src/simulate/index.ts';
import { floats, type GoldenTensor, inOut, readGolden } from './files.ts';

interface GoldenCase {
  readonly name: string;
  readonly T: number;
  readonly init: Readonly<Record<string, GoldenTensor>>;
  readonly input: GoldenTensor;
  readonly expect: Readonly<Record<string, unknown>>;
}

const caseOf = (file: string, name: string): GoldenCase =>
  readGolden<{ cases: GoldenCase[] }>(file).cases.find((golden) => golden.name === name)!;

function specOf(neurons: readonly [NeuronSpec, NeuronSpec], bias: boolean): NetworkSpec {
  const [first, second] = neurons;
  return network(
    'golden',
    [20],
    [dense('fc1', 16, { bias }), slot('n1', first), dense('fc2', 4, { bias }), slot('n2', second, { ann: 'identity' })],
  );
}

function weightsOf({ init }: GoldenCase, prefix: string): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  for (const [layer, name] of [
    ['fc1', '0'],
    ['fc2', '2'],
  ] as const) {
    weights.set(`${layer}/weight`, inOut(init[`${prefix}${name}.weight`]!));
    const bias = init[`${prefix}${name}.bias`];
    if (bias !== undefined) weights.set(`${layer}/bias`, floats(bias));
  }
  return weights;
}

function dataOf({ input, T }: GoldenCase): Dataset {
  const samples = input.shape[0]!;
  const sequence = input.shape.length === 3;
  return {
    name: 'golden',
    source: 'golden file',
    classes: ['a', 'b', 'c', 'd'],
    shape: [20],
    samples,
    values: floats(input),
    scale: 1,
    labels: new Uint8Array(samples),
    ...(sequence && { timesteps: T }),
  };
}

async function quantities(golden: GoldenCase, tool: 'neurobench' | 'syops', spec: NetworkSpec, mode: 'ann' | 'snn') {
  const { trace } = await simulateNetwork(
    referenceBackend(),
    spec,
    weightsOf(golden, golden.name.startsWith('snn') && tool === 'syops' ? 'net.' : ''),
    dataOf(golden),
    { mode, timesteps: golden.T, membraneChanges: mode === 'snn' },
  );
  const view = viewsOf(trace, { spec }).find((each) => each.view === tool)!;
  return new Map(view.quantities.map(({ name, value }) => [name, value]));
}

function assertQuantities(actual: ReadonlyMap<string, number>, expected: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(expected)) {
    const got = actual.get(name) ?? Number.NaN;
    assert.ok(
      Math.abs(got - (value as number)) <= 1e-7 * Math.abs(value as number),
      `${name}: ${got}, expected ${value}`,
    );
  }
}

for (const name of ['snn-mlp', 'snn-mlp-zero', 'snn-mlp-real', 'ann-mlp']) {
  test(`NeuroBench, simulated: ${name}`, async () => {
    const golden = caseOf('neurobench', name);
    const resetMechanism = name === 'snn-mlp-zero' ? 'zero' : 'subtract';
    const neuron = (beta: number): NeuronSpec => dialects.snntorch.leaky({ beta, resetMechanism });
    const spec = specOf([neuron(Math.fround(0.9)), neuron(Math.fround(0.8))], true);
    const { ParameterCount, Footprint, ConnectionSparsity, ActivationSparsity, MembraneUpdates } = golden.expect;
    assertQuantities(await quantities(golden, 'neurobench', spec, name === 'ann-mlp' ? 'ann' : 'snn'), {
      ParameterCount,
      Footprint,
      ConnectionSparsity,
      ActivationSparsity,
      ...(golden.expect.SynapticOperations as object),
      ...(name === 'ann-mlp' ? {} : { MembraneUpdates, ...(golden.expect.NeuronOperations as object) }),
    });
  });
}

const { ifNode, lifNode } = dialects.spikingjelly;
const SYOPS: readonly [string, NetworkSpec, 'ann' | 'snn'][] = [
  ['ann-mlp', specOf([ifNode(), ifNode()], true), 'ann'],
  ['snn-mlp-static', specOf([ifNode(), ifNode()], true), 'snn'],
  ['snn-mlp-spikes', specOf([lifNode({ vThreshold: 0.3 }), lifNode({ vThreshold: 0.2 })], false), 'snn'],
];
for (const [name, spec, mode] of SYOPS) {
  test(`syops-counter, simulated: ${name}`, async () => {
    const golden = caseOf('syops', name);
    const { total_ops, ACs, MACs, energy_J_4p6_0p9: energy } = golden.expect;
    assertQuantities(await quantities(golden, 'syops', spec, mode), { 'total ops': total_ops, ACs, MACs, energy });
  });
}
