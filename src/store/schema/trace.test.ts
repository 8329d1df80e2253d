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
  const [dense, neuron] = trace.layers;
  const odd = { ...trace, layers: [{ ...dense, inputValue: 'real' }, neuron] };
  assert.throws(() => activityTrace.parse(odd), /inputValue/);
});
