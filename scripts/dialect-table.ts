// Writes the table of docs/model.md from the dialects: `node scripts/dialect-table.ts`. A test checks that it is up to date.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decayCoefficients, dialects, type NeuronSpec } from '../src/model/index.ts';

const DOCUMENT = fileURLToPath(new URL('../docs/model.md', import.meta.url));
const START = '<!-- table: dialects -->';
const END = '<!-- end: dialects -->';

type Dialects = typeof dialects;
type OptionsOf<Cell> = Cell extends (options: infer Options) => NeuronSpec ? NonNullable<Options> : never;

/** The rows: each cell with its library's defaults first, then what changes another column. The type asks for every cell. */
const CALLS: {
  readonly [L in keyof Dialects]: { readonly [C in keyof Dialects[L]]: readonly OptionsOf<Dialects[L][C]>[] };
} = {
  snntorch: {
    leaky: [
      { beta: 0.9 },
      { beta: 0.9, learnBeta: true },
      { beta: 0.9, resetMechanism: 'zero' },
      { beta: 0.9, resetMechanism: 'none' },
      { beta: 0.9, resetDelay: false },
    ],
    synaptic: [
      { alpha: 0.8, beta: 0.9 },
      { alpha: 0.8, beta: 0.9, resetMechanism: 'zero' },
    ],
    rleaky: [{ beta: 0.9 }, { beta: 0.9, resetMechanism: 'zero' }, { beta: 0.9, allToAll: false }],
    lapicque: [
      { R: 2, C: 3, timeStep: 0.5 },
      { R: 2, C: 3, timeStep: 0.5, resetMechanism: 'zero' },
    ],
  },
  spikingjelly: {
    ifNode: [{}, { vReset: null }, { detachReset: true }],
    lifNode: [{}, { vReset: null }, { decayInput: false }, { tau: 4, vReset: -0.2 }],
    parametricLifNode: [{}],
  },
  snntoolbox: { inisim: [{}, { reset: 'zero' }] },
  norse: { lif: [{}], lifRecurrent: [{}], lifBox: [{}, { resetMethod: 'subtract' }, { vLeak: 0.1 }] },
};

const code = (text: string): string => `\`${text}\``;

/** Options as one would write them. */
const printed = (options: object): string => {
  const entries = Object.entries(options).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? `'${value}'` : value}`,
  );
  return entries.length === 0 ? '' : `{ ${entries.join(', ')} }`;
};

function decayText(neuron: NeuronSpec): string {
  const { a, b, c } = decayCoefficients(neuron, 1);
  const [showA, showB, showC] = [a, b, c].map((value) => String(Number(value[0]!.toPrecision(4))));
  return `${code(neuron.decay.form)}: ${showA}, ${showB}, ${showC}${neuron.learn.decay ? ', learned' : ''}`;
}

function resetText({ reset }: NeuronSpec): string {
  return (
    code(reset.kind) + (reset.kind === 'value' ? ` ${reset.value}` : '') + (reset.dropsInput ? ', drops input' : '')
  );
}

function restText({ synapse, recurrent, initialMembrane }: NeuronSpec): string {
  return [
    synapse && `synapse, alpha ${synapse.alpha}`,
    recurrent && `${recurrent.topology}, ${recurrent.bias ? 'bias' : 'no bias'}`,
    initialMembrane !== 0 && `m starts at ${initialMembrane}`,
  ]
    .filter(Boolean)
    .join('; ');
}

const row = (call: string, neuron: NeuronSpec): string[] => [
  code(call),
  code(neuron.kind),
  code(neuron.tie),
  decayText(neuron),
  resetText(neuron),
  neuron.reset.moment,
  neuron.reset.gradient,
  `${neuron.surrogate.kind}, ${neuron.surrogate.slope}`,
  restText(neuron),
];

const HEAD = ['call', 'kind', 'tie', 'decay: a, b, c', 'reset', 'moment', 'gradient', 'surrogate, slope', 'more'];

/** Every cell of every dialect: what it fills in. */
export function dialectTable(): string {
  const rows = Object.entries(CALLS).flatMap(([library, cells]) =>
    Object.entries(cells).flatMap(([cell, calls]) => {
      const make = (dialects[library as keyof Dialects] as unknown as Record<string, (options: object) => NeuronSpec>)[
        cell
      ]!;
      return (calls as readonly object[]).map((options) =>
        row(`${library}.${cell}(${printed(options)})`, make(options)),
      );
    }),
  );
  return [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The document with the table between its markers replaced by the dialects'. */
export function withDialects(document: string): string {
  const [from, to] = [document.indexOf(START), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/model.md: no "${START}" ... "${END}"; put the markers back`);
  return `${document.slice(0, from + START.length)}\n${dialectTable()}\n${document.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT, withDialects(readFileSync(DOCUMENT, 'utf8')));
}
