import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActivityTrace } from '../../simulate/index.ts';
import { activityTrace } from './trace.ts';

const trace: ActivityTrace = {
  mode: 'snn',
  samples: 1,
  timesteps: 2,
  layers: [
    {
      kind: 'dense',
      layer: 'fc1',
      inputs: 3,
      outputs: 2,
      bias: false,
      input: 'analog',
      executions: 1,
      nonzeroIn: [3],
      nonzeroInPerSample: [3],
      zeroWeights: 1,
      inputValues: 'ternary',
      nonzeroSynapses: [5],
      meanAbsInput: 0.5,
    },
    {
      kind: 'conv',
      layer: 'conv1',
      reads: ['fc1'],
      window: {
        input: [3, 2],
        output: [3, 2],
        kernel: [3, 1],
        stride: [1, 1],
        padding: [1, 0],
        dilation: [1, 1],
      },
      inputChannels: 2,
      filters: 4,
      groups: 2,
      bias: true,
      input: 'spikes',
      executions: 2,
      nonzeroIn: [1, 0],
      nonzeroInPerSample: [1],
      reachedPixels: [3, 0],
      reachedPixelsPerSample: [3],
      zeroWeights: 0,
      ternaryCallSynapses: [6, 0],
    },
    {
      kind: 'pool',
      layer: 'pool1',
      mode: 'winner',
      window: { input: [3, 2], output: [3, 1], kernel: [1, 2], stride: [1, 2], padding: [0, 0], dilation: [1, 1] },
      channels: 4,
      input: 'spikes',
      executions: 2,
      nonzeroIn: [2, 2],
      nonzeroInPerSample: [4],
      reachedPixels: [2, 2],
    },
    { kind: 'batch-norm', layer: 'bn1', features: 6, executions: 2 },
    { kind: 'relu', layer: 'relu1', features: 6, nonzeroOut: [3] },
    { kind: 'activation', layer: 'act1', form: 'relu6', features: 6, nonzeroOut: [3] },
    { kind: 'join', layer: 'add1', reads: ['bn1', 'act1'], mode: 'add', features: 6, input: 'analog', executions: 2 },
    { kind: 'softmax', layer: 'softmax1', features: 6 },
    {
      kind: 'neuron',
      layer: 'lif1',
      neurons: 2,
      spikes: [1, 0],
      spikesPerSample: [1],
      silentNeurons: 1,
      saturatedNeurons: 0,
      leaky: true,
      currentBased: false,
      inputScaled: false,
      fires: true,
      reset: 'value',
      recurrent: 'one-to-one',
      restTerm: true,
      recurrentBias: true,
      recurrentSpikesPerSample: [1],
      membraneChanges: [2, 1],
    },
  ],
};

test('a trace with everything a simulation may note comes back as it was', () => {
  assert.deepEqual(activityTrace.parse(JSON.parse(JSON.stringify(trace))), trace);
});

test('a note of an unknown name is refused', () => {
  const [dense, , , , , , , , neuron] = trace.layers;
  const odd = { ...trace, layers: [{ ...dense, inputValue: 'real' }, neuron] };
  assert.throws(() => activityTrace.parse(odd), /inputValue/);
});
