import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cnnRecord } from '../../../test/fixtures/cnn-record.ts';
import { recordFixture } from '../../../test/fixtures/record.ts';
import { parseRecord, serialiseRecord } from '../../store/index.ts';
import { renderHtml } from './page.ts';

const record = recordFixture();
const page = await renderHtml(record);
const embedded = (html: string): string =>
  /<script type="application\/json" id="record">([\s\S]*?)<\/script>/.exec(html)![1]!;

test('the page is a pure function of the record', async () => {
  assert.equal(await renderHtml(recordFixture()), page);
});

test('nothing is loaded from anywhere', () => {
  const outside = [...page.matchAll(/(\w+)="https?:\/\/[^"]*"/g)].map(([, attribute]) => attribute);
  assert.deepEqual(
    outside.filter((attribute) => attribute !== 'href'),
    [],
  );
  for (const [tag] of page.matchAll(/<[^>]*href="https?:[^>]*>/g)) assert.match(tag, /^<a /);
  assert.doesNotMatch(page, /<(link|img|iframe|object|embed|base)\b|\bsrc=|@import|url\((?!#)/);
  assert.equal(page.match(/<script/g)!.length, 1);
  assert.match(page, /http-equiv="Content-Security-Policy" content="default-src (&#39;|')none/);
});

test('the record inside is the record', () => {
  assert.deepEqual(parseRecord(embedded(page), 'report.html'), record);
});

test('texts of the record cannot become markup', async () => {
  const evil = '</script><script>alert(1)</script><!-- <b onclick="x">&amp; \u2028';
  const [ann, ...rest] = record.networks;
  const html = await renderHtml({
    ...record,
    name: evil,
    warnings: [evil],
    study: { note: evil },
    data: { ...record.data, name: evil, source: evil },
    networks: [{ ...ann!, name: evil }, ...rest],
  });
  assert.equal(html.match(/<script/g)!.length, 1);
  assert.equal(html.match(/<\/script>/g)!.length, 1);
  assert.doesNotMatch(html, /<b onclick|<!-- /);
  const read = parseRecord(embedded(html), 'report.html');
  assert.equal(read.name, evil);
  assert.deepEqual(read.warnings, [evil]);
});

test('it has every part', () => {
  const ids = ['verdict', 'comparison', 'accuracy', 'energy', 'operations', 'activity', 'training', 'views', 'method'];
  for (const id of ids) assert.match(page, new RegExp(`<section id="${id}"`), id);
  assert.equal(page.match(/<figure /g)!.length, 7);
  assert.equal(page.match(/<figcaption>/g)!.length, 7);
  assert.equal(page.match(/<svg role="img" aria-label=/g)!.length, 7);
  assert.match(page, /<a href="https:\/\/doi\.org\/10\.1109\/ISSCC\.2014\.6757323">/);
  for (const { name } of record.networks) assert.ok(page.includes(`<summary>${name}</summary>`), name);
  for (const warning of record.warnings) assert.ok(page.includes(warning), warning);
});

test('tables have headers with a scope, and tags are balanced', () => {
  for (const [table] of page.matchAll(/<table[\s\S]*?<\/table>/g)) {
    assert.match(table, /<th scope="col"/);
    assert.match(table, /<tbody><tr><th scope="row">/);
  }
  for (const tag of ['section', 'table', 'tr', 'td', 'th', 'figure', 'div', 'details', 'dl', 'p', 'ul', 'svg']) {
    const opened = page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length;
    assert.equal(opened, page.match(new RegExp(`</${tag}>`, 'g'))?.length, tag);
  }
});

test('a page of little data is still a page', async () => {
  const bare = {
    ...record,
    networks: [{ ...record.networks[0]!, training: null, views: [], energy: [] }],
    warnings: [],
  };
  const html = await renderHtml(bare);
  assert.match(html, /No comparison: it takes an ANN and a spiking network/);
  assert.doesNotMatch(html, /<section id="(activity|views|training)"|undefined|NaN/);
});

const cnn = await cnnRecord({ samples: 8, timesteps: 2, converted: [3] });

test('a converted CNN has its conversion explained, its time followed and its layers folded', async () => {
  const html = await renderHtml(parseRecord(serialiseRecord(cnn, 'r.json'), 'r.json'));
  for (const id of ['time', 'conversion']) assert.match(html, new RegExp(`<section id="${id}"`), id);
  const [ann] = cnn.networks;
  assert.match(html, /Compared on 8 of the 10\u00a0000 official test images\./);
  assert.match(html, /<th scope="row">pool1<\/th><td>loses accuracy<\/td>/);
  assert.match(html, /<th scope="row">twice the time steps<\/th>/);
  assert.match(html, /One image at a time[\s\S]*3\.10 ms/);
  assert.ok(ann!.ledger.layers.length > 8);
  assert.match(html, /<th scope="row">conv1<\/th><td>3×3, 8<\/td>/);
  assert.match(html, /<summary>Every layer of ANN, every column<\/summary>/);
  assert.doesNotMatch(html.replace(/<script[\s\S]*<\/script>/, ''), /NaN|undefined/);
});

test('what was normalised and left out is said', async () => {
  const data = {
    ...cnn.data,
    normalize: { by: 'cifar10', mean: [0.49, 0.48], deviation: [0.25, 0.24] },
    skipped: [{ path: 'a/b.png', reason: 'cut short' }],
  };
  const html = await renderHtml({ ...cnn, data });
  assert.match(html, /cifar10: less 0\.490, 0\.480, over 0\.250, 0\.240/);
  assert.match(html, /1 damaged file: a\/b\.png \(cut short\)/);
});

test('coordinates of figures have two digits, sizes near 0 stay what they are', async () => {
  const html = await renderHtml(cnn);
  for (const [, value] of html.matchAll(/transform="([^"]*)"/g)) assert.doesNotMatch(value!, /\.\d{3,}(?!\d|e)/);
});
