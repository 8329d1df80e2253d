// Every published figure the profiles are built from, by id.

import { ConfigError, type Joules } from '../../core/index.ts';
import { type Constant, energyPerOperation } from './constant.ts';
import { ARITHMETIC } from './constants/arithmetic.ts';
import { CHIPS } from './constants/chips.ts';
import { KERAS_DEVICES } from './constants/keras-devices.ts';

export const CONSTANTS: readonly Constant[] = [...ARITHMETIC, ...KERAS_DEVICES, ...CHIPS];

const byId = new Map(CONSTANTS.map((constant) => [constant.id, constant]));

/** @throws ConfigError if there is no such constant */
export function constant(id: string): Constant {
  const found = byId.get(id);
  if (found === undefined) {
    throw new ConfigError(id, `no such constant; there are ${CONSTANTS.map((each) => each.id).join(', ')}`);
  }
  return found;
}

/** Energy of one operation by constant `id`, in joules. */
export const energyOfOne = (id: string): Joules => energyPerOperation(constant(id));
