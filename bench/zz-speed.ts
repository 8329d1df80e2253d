import { blobs } from '/work/main/src/data/index.ts';
import { wasmBackend } from '/work/main/src/engine/index.ts';
import { preset, initialWeights, mlp } from '/work/main/src/model/index.ts';
import { openPixels, openClassifier, openDifferentiator, perturb } from '/work/main/src/robustness/index.ts';
import { dense, lif, network, slot } from '/work/main/src/model/index.ts';
const data = blobs({ shape: [28, 28, 1], classes: 10, train: 1, validation: 1, test: 1000 }).test;
const spec = network('m', [784], [dense('fc1', 256), slot('s1', lif()), dense('fc2', 10), slot('s2', lif())]);
const weights = initialWeights(spec, 1);
const backend = await wasmBackend({ threads: 2 });
const source = openPixels(data);
const ids = Array.from({ length: 1000 }, (_, i) => i);
const images = source.images(ids);
const base = { spec, weights, decoder: 'spike-count' as const };
const subjects = [
  { ...base, name: 'ann', mode: 'ann' as const, timesteps: 1, encoder: { kind: 'constant' as const } },
  { ...base, name: 'snn', mode: 'snn' as const, timesteps: 20, encoder: { kind: 'rate' as const, gain: 1, offset: 0 } },
];
const time = async (name: string, run: () => unknown) => { await run(); const t = performance.now(); await run(); console.log(name, (performance.now() - t).toFixed(0), 'ms'); };
for (const s of subjects) {
  const c = openClassifier(backend, s, source, { seed: 1 });
  const tools = { range: source.range, classes: 10, shape: source.shape, seed: 1 };
  await time(`${s.name} classify`, () => c.classify(images, data.labels));
  for (const through of ['straight-through', 'expected'] as const) {
    const d = openDifferentiator(backend, s, source, { through, draws: 1, slope: 1, seed: 1 });
    await time(`${s.name} gradient ${through}`, () => d.gradient(images, data.labels, 0));
    await time(`${s.name} pgd10 ${through}`, () => perturb({ kind: 'pgd', norm: 'linf', steps: 10, stepSize: 0.25, randomStart: true }, 0.1, images, data.labels, { ...tools, differentiator: d }));
  }
  await time(`${s.name} square 20`, () => perturb({ kind: 'square', norm: 'linf', queries: 20 }, 0.1, images, data.labels, { ...tools, classifier: c }));
}
await time('square 20 nothing', () => perturb({ kind: 'square', norm: 'linf', queries: 20 }, 0.1, images, data.labels, { range: source.range, classes: 10, shape: source.shape, seed: 1, classifier: { classify: () => ({ predictions: new Int16Array(1000), margins: new Float32Array(1000) }), load() {}, close() {} } }));
await time('noise', () => perturb({ kind: 'noise', norm: 'linf' }, 0.1, images, data.labels, { range: source.range, classes: 10, shape: source.shape, seed: 1 }));
await time('noise l2', () => perturb({ kind: 'noise', norm: 'l2' }, 0.1, images, data.labels, { range: source.range, classes: 10, shape: source.shape, seed: 1 }));
await backend.close();
