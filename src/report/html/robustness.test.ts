import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFixture } from '../../../test/fixtures/record.ts';
import { robustnessResult } from '../../../test/fixtures/robustness-result.ts';
import type { RobustnessResult } from '../../robustness/index.ts';
import { parseRecord, serialiseRecord } from '../../store/index.ts';
import { html } from './markup.ts';
import { renderHtml } from './page.ts';
import { robustnessSection } from './robustness.ts';

const bare = recordFixture({ converted: [20] });
const networks = bare.networks.map(({ name }) => name);
const sectionOf = (robustness: RobustnessResult): string =>
  robustnessSection({ ...bare, robustness }, (id) => html`<figure id="figure-${id}"></figure>`)!.markup;
const result = robustnessResult({ networks });
const page = await renderHtml({ ...bare, robustness: result });
const section = /<section id="robustness">[\s\S]*?<\/section>/.exec(page)![0];

test('the section has verdict, figures, alarms, tables and how to read them', () => {
  assert.match(section, /<p class="headline">Under the strongest attack found, /);
  for (const id of ['compared', 'attacks', 'noise']) assert.match(section, new RegExp(`id="figure-robustness-${id}"`));
  assert.match(section, /<h3>Masking alarms<\/h3>.*<dt>SNN T=20, naive<\/dt><dd><strong>not evidence of robustness/s);
  assert.match(section, /<h3>How to read this<\/h3><p>An attack looks for/);
  assert.equal(section.match(/<table/g)!.length, networks.length + result.noise.length);
  assert.match(section, /<caption>ANN under attack, accuracy in %<\/caption>/);
  assert.doesNotMatch(section, /NaN|undefined/);
});

test('it is absent from a record without a study of robustness', async () => {
  assert.doesNotMatch(await renderHtml(bare), /id="robustness"|id="figure-robustness/);
});

test('images are inside the page, which allows no others', () => {
  const images = [...section.matchAll(/<img [^>]*>/g)].map(([tag]) => tag);
  const variants = result.examples.reduce((sum, example) => sum + example.variants.length, 0);
  assert.equal(images.length, result.examples.length + 2 * variants);
  for (const tag of images)
    assert.match(tag, /^<img src="data:image\/png;base64,[\w+/=]+" width="28" height="28" alt="[^"]+">$/);
  assert.equal(page.match(/\bsrc=/g)!.length, images.length);
  assert.match(page, /content="default-src (&#39;|')none(&#39;|'); img-src data:; style-src/);
});

test('right and wrong are told by a sign, and silence by a word', () => {
  assert.match(section, /<li>✓ ANN: 7<\/li>/);
  assert.match(section, /<li>✗ SNN T=20: <span class="wrong">2<\/span><\/li>/);
  assert.match(section, /<li>✗ converted T=20: <span class="wrong">silent<\/span><\/li>/);
  assert.match(section, /difference × 2:/);
});

test('an image that no picture can show is left out, one that nothing changed says so', () => {
  const [example] = result.examples;
  const odd = { ...example!, shape: [28, 14, 2] };
  const kept = { ...example!, variants: [{ ...example!.variants[0]!, title: 'none', pixels: example!.original }] };
  assert.doesNotMatch(sectionOf({ ...result, examples: [odd] }), /<h3>Examples/);
  assert.match(sectionOf({ ...result, examples: [kept] }), /<p class="note">no difference:/);
});

test('texts of the result cannot become markup', () => {
  const evil = '<b onclick="x">&amp;</section>';
  const lines = result.attack!.lines.map((line) => ({
    ...line,
    method: evil,
    alarms: line.alarms.map((alarm) => ({ ...alarm, text: evil })),
  }));
  const examples = result.examples.map((example) => ({
    ...example,
    variants: example.variants.map((variant) => ({ ...variant, title: evil })),
  }));
  const noise = result.noise.map((sweep) => ({ ...sweep, unit: evil }));
  const text = sectionOf({ ...result, noise, examples, attack: { ...result.attack!, lines } });
  assert.doesNotMatch(text, /<b onclick/);
});

test('no alarm, no attack and no noise are pages too', () => {
  assert.match(sectionOf(robustnessResult({ naiveMasked: false })), /<p>No masking alarm: /);
  assert.doesNotMatch(
    sectionOf({ ...result, attack: null, examples: [] }),
    /<h3>(Masking alarms|Examples)|figure-robustness-attacks/,
  );
  assert.doesNotMatch(sectionOf({ ...result, noise: [] }), /Noise in numbers/);
});

test('the record inside is the record, and tags are balanced', () => {
  const record = { ...bare, robustness: result };
  assert.deepEqual(parseRecord(serialiseRecord(record, 'r.json'), 'r.json'), record);
  for (const tag of ['table', 'tr', 'td', 'th', 'ul', 'li', 'dl', 'dd', 'p', 'details', 'figure', 'h4']) {
    const opened = section.match(new RegExp(`<${tag}[ >]`, 'g'))?.length;
    assert.equal(opened, section.match(new RegExp(`</${tag}>`, 'g'))?.length, tag);
  }
});
