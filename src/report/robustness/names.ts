// What disturbances, attacks and sizes are called in tables and figures.

import type { AttackLine, AttackRole, AttackSweep, NoiseSweep, RobustnessResult } from '../../robustness/index.ts';
import { NO_BREAK, percent } from '../quantity.ts';

export const NOISE_NAME: Record<NoiseSweep['kind'], string> = {
  gaussian: 'Gaussian noise',
  uniform: 'Uniform noise',
  'salt-and-pepper': 'Salt and pepper',
  occlusion: 'Occlusion',
  blur: 'Blur',
  contrast: 'Loss of contrast',
  quantize: 'Few grey levels',
  'dropped-pixels': 'Dropped pixels',
  'weight-noise': 'Noise on the weights',
  'weight-bits': 'Weights of few bits',
  'dead-neurons': 'Dead neurons',
  'threshold-mismatch': 'Mismatched thresholds',
};

export const ROLE_NAME: Record<AttackRole, string> = {
  naive: 'naive',
  proper: 'proper',
  transfer: 'transfer',
  'black-box': 'black-box',
  control: 'random noise',
  worst: 'worst case',
};

/** In the order of tables and legends. */
export const ROLES = Object.keys(ROLE_NAME) as readonly AttackRole[];

export const NOT_EVIDENCE = 'not evidence of robustness';

/** `transfer from ANN`, `worst case`. */
export const attackName = ({ role, from }: AttackLine): string =>
  from === undefined ? ROLE_NAME[role] : `${ROLE_NAME[role]} from ${from}`;

/** What epsilon measures. */
export const epsilonUnit = ({ norm }: Pick<AttackSweep, 'norm'>): string =>
  norm === 'linf' ? 'share of the pixel range' : 'Euclidean length of the change, pixel range 1';

/** A share with one digit: `97.3`. Sweeps are of so few images that a second one would be noise. */
export const share = (value: number): string => percent(value, 1);

/** The text with every per cent sign kept on the line of its number. */
export const unbroken = (text: string): string => text.replaceAll(' %', `${NO_BREAK}%`);

/** Every network of the result once, the one the others are compared with first. */
export function networksOf({ noise, attack }: Pick<RobustnessResult, 'noise' | 'attack'>): readonly string[] {
  const names = [
    ...noise.flatMap(({ curves }) => curves.map(({ network }) => network)),
    ...(attack?.lines ?? []).map(({ network }) => network),
  ];
  return [...new Set(names)];
}
