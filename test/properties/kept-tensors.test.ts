// What a plan keeps for the batch is a matter of memory alone: a network that keeps only what its gradients need, and so shares the
// bytes of everything else within a chunk or, across the barriers of a norm, between its steps, learns to the last bit the same.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Plan } from '../../src/engine/index.ts';
import { wasmBackend } from '../../src/engine/wasm/index.ts';
import { assertSame } from '../closeness.ts';
import { execute, prepare } from '../conformance/cases.ts';
import { SPLIT_MAP_NETWORKS, WHOLE_BATCH_NETWORKS } from '../conformance/map-network-cases.ts';

const backend = await wasmBackend({ threads: 2 });
after(() => backend.close());

function keepingLittle(plan: Plan): Plan {
  const needed = new Set(plan.gradients.flatMap((op) => Object.values(op)));
  const tensors = plan.tensors.map((spec) => ({ ...spec, keep: needed.has(spec.id) ? 'batch' : 'chunk' }) as const);
  return { ...plan, tensors };
}

for (const entry of [...SPLIT_MAP_NETWORKS, ...WHOLE_BATCH_NETWORKS])
  test(`${entry.name} needs only what its gradients need`, () => {
    const whole = prepare(backend, entry);
    const small = prepare(backend, { ...entry, plan: keepingLittle(entry.plan) });
    execute(whole, entry);
    execute(small, entry);
    assert.ok(small.bytes < whole.bytes, `${small.bytes} of ${whole.bytes} bytes`);
    for (const { id } of entry.plan.parameters) assertSame(id, small.read(id), whole.read(id));
    small.close();
    whole.close();
  });
