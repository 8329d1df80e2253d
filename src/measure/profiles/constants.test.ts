import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Constant, energyPerOperation } from './constant.ts';
import { CONSTANTS, constant, energyOfOne } from './constants.ts';
import { PROFILES, profile } from './index.ts';

test('ids are unique, every figure has its source, and only what no source supports has none', () => {
  assert.equal(new Set(CONSTANTS.map(({ id }) => id)).size, CONSTANTS.length);
  for (const { id, source, note, reference, grade, verified } of CONSTANTS) {
    assert.ok(source !== '' && note !== '', id);
    if (reference === '') assert.ok(['unsupported', 'absent'].includes(grade) || verified === 'secondary', id);
  }
});

test('a multiply-accumulate is its multiply and its add', () => {
  for (const format of ['int8', 'int32', 'fp16', 'fp32']) {
    const sum = energyOfOne(`horowitz45-${format}-add`) + energyOfOne(`horowitz45-${format}-mul`);
    assert.ok(Math.abs(energyOfOne(`horowitz45-${format}-mac`) - sum) < 1e-24, format);
  }
});

test('break-even of operators alone: multiply-accumulate over add', () => {
  const ratio = (prefix: string): string => {
    const add = energyOfOne(`${prefix}-add`);
    return ((energyOfOne(`${prefix}-mul`) + add) / add).toPrecision(3);
  };
  const formats = ['horowitz45-fp32', 'horowitz45-fp16', 'horowitz45-int8', 'horowitz45-int32'];
  assert.deepEqual(formats.map(ratio), ['5.11', '3.75', '7.67', '32.0']);
  assert.deepEqual(['jouppi7-fp32', 'jouppi7-int8', 'jouppi7-bf16'].map(ratio), ['4.45', '11.0', '2.91']);
});

test('femtojoules are a thousandth of picojoules', () => {
  assert.equal(energyOfOne('davidson22-add32'), 60e-3 * 1e-12);
});

test('what is not the energy of one operation is refused', () => {
  assert.throws(
    () => energyOfOne('horowitz45-sram-8kb'),
    /"horowitz45-sram-8kb": is in pJ\/64b, expected energy of one/,
  );
  assert.throws(() => energyOfOne('loihi1-synop-time-max'), /is in ns, expected energy of one operation/);
  assert.throws(() => energyOfOne('loihi2-synop'), /"loihi2-synop": has no single value; choose a constant that has/);
  assert.throws(() => energyOfOne('jouppi7-dram-hbm2'), /"jouppi7-dram-hbm2": has no single value/);
  const negative: Constant = { ...constant('horowitz45-int8-add'), value: -1 };
  assert.throws(() => energyPerOperation(negative), /value is -1, expected a finite number of at least 0/);
  assert.throws(() => constant('horowitz'), /horowitz: no such constant; there are horowitz45-int8-add, /);
});

test('every profile names the constants it is built from, and says if they were not checked', () => {
  assert.equal(new Set(PROFILES.map(({ id }) => id)).size, PROFILES.length);
  for (const each of PROFILES) {
    assert.ok(each.constants.length > 0 && each.source !== '' && each.caveat !== '', each.id);
    const unchecked = each.constants.map(constant).some(({ verified }) => verified === 'unverified');
    assert.equal(/not all checked/.test(each.caveat), unchecked, each.id);
  }
  assert.throws(() => profile('horowitz'), /profile: got "horowitz", expected one of horowitz-45nm-fp32, /);
});
