import { compare, comparisonTable, verdictText } from 'spikewatt';

// One description, three networks: an ANN, an SNN of the same shape, and the ANN converted to spikes.
const record = await compare({
  data: { train: 10_000, test: 2_000 },
  network: { hidden: [128] },
  timesteps: 10,
  training: { ann: { epochs: 5 }, snn: { epochs: 2 } },
  convert: { timesteps: [10, 30] },
});

const terminal = { width: 100, color: false };
console.log(comparisonTable(record, terminal));
console.log(verdictText(record, terminal));
