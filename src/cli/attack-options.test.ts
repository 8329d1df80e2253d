import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { loadStudy, parseOverrides, type RobustnessStudy } from '../experiment/index.ts';
import { type AttackOptions, addAttackOptions, attackOverrides } from './attack-options.ts';

/** The section that these arguments give. */
function sectionOf(...args: string[]): RobustnessStudy {
  const command = addAttackOptions(new Command()).option('--quick').exitOverride();
  const options: AttackOptions = command.parse(args, { from: 'user' }).opts();
  return loadStudy({ overrides: parseOverrides(attackOverrides(options)) }).robustness!;
}

const epsilonsOf = (text: string) => sectionOf('--epsilon', text).attack!.epsilons;
const refused = (pattern: RegExp, ...args: string[]): void => {
  assert.throws(() => sectionOf(...args), { name: 'ConfigError', message: pattern }, args.join(' '));
};

test('no options ask for everything, as by default', () => {
  assert.deepEqual(
    sectionOf(),
    loadStudy({ overrides: parseOverrides([{ assignment: 'robustness=true', written: '' }]) }).robustness,
  );
});

test('kinds are chosen or left out', () => {
  const { noise, faults, attack } = sectionOf('--noise', 'blur,gaussian', '--no-faults', '--attacks', 'naive,transfer');
  assert.deepEqual([noise!.kinds, faults, attack!.attacks], [['blur', 'gaussian'], null, ['naive', 'transfer']]);
  const others = sectionOf('--no-noise', '--faults', 'weight-bits', '--no-attacks');
  assert.deepEqual([others.noise, others.faults!.kinds, others.attack], [null, ['weight-bits'], null]);
});

test('numbers go where they belong', () => {
  const section = sectionOf(
    '--samples',
    '30',
    '--steps',
    '7',
    '--draws',
    '5',
    '--queries',
    '9',
    '--examples',
    '0',
    '--norm',
    'l2',
    '--targeted',
  );
  assert.deepEqual([section.samples, section.draws, section.examples], [30, 5, 0]);
  const { steps, draws, queries, norm, targeted } = section.attack!;
  assert.deepEqual([steps, draws, queries, norm, targeted], [7, 5, 9, 'l2', true]);
});

test('sizes are a list, a range with both ends, or both', () => {
  assert.deepEqual(epsilonsOf('0.3'), [0.3]);
  assert.deepEqual(epsilonsOf('0:0.4:0.1'), [0, 0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(epsilonsOf('0:0.1:0.05,0.5,1'), [0, 0.05, 0.1, 0.5, 1]);
  assert.equal(epsilonsOf('0:1:0.05')!.length, 21);
  assert.equal(epsilonsOf('0:1:0.05')!.at(-1), 1);
  assert.deepEqual(epsilonsOf('0:0.5:0.2'), [0, 0.2, 0.4]);
});

test('--quick is a small study, and options given are not made smaller', () => {
  assert.equal(sectionOf('--quick').samples, 200);
  const { samples, attack } = sectionOf('--quick', '--samples', '900', '--epsilon', '0,1');
  assert.deepEqual([samples, attack!.epsilons], [900, [0, 1]]);
});

test('what is wrong is said of the option as it was written', () => {
  refused(
    /^--epsilon: got 0,x, in which "x" is no number and no range; expected sizes that rise, as 0,0\.1,0\.3, or from:to:step/,
    '--epsilon',
    '0,x',
  );
  refused(/"1:0:0\.1" does not rise from its start to its end/, '--epsilon', '1:0:0.1');
  refused(/"0:1:0" does not rise/, '--epsilon', '0:1:0');
  refused(/"0:1" has 2 parts/, '--epsilon', '0:1');
  refused(/"" is no number/, '--epsilon', '0.1,');
  refused(/which is 1001 sizes, more than 200/, '--epsilon', '0:1:0.001');
  refused(
    /^robustness\.attack\.epsilons: got \[0\.3,0\.1\], expected numbers that rise \(--epsilon 0\.3,0\.1\)$/,
    '--epsilon',
    '0.3,0.1',
  );
  refused(
    /^robustness\.attack\.epsilons\[0\]: got -1, expected a number of at least 0 \(--epsilon -1\)/,
    '--epsilon',
    '-1',
  );
  refused(/^robustness\.noise\.kinds\[0\]: got "fog", expected one of gaussian, .*\(--noise fog\)$/, '--noise', 'fog');
  refused(/^robustness\.samples: got "many", expected a number \(--samples many\)$/, '--samples', 'many');
  refused(/^robustness: asks for no noise, no faults and no attack/, '--no-noise', '--no-faults', '--no-attacks');
});
