import { norse } from './norse.ts';
import { snntoolbox } from './snntoolbox.ts';
import { snntorch } from './snntorch.ts';
import { spikingjelly } from './spikingjelly.ts';

export type { NorseBoxOptions, NorseOptions } from './norse.ts';
export type { SnntoolboxOptions } from './snntoolbox.ts';
export type { LapicqueOptions, SnntorchOptions } from './snntorch.ts';
export type { LifNodeOptions, ParametricLifNodeOptions, SpikingjellyOptions } from './spikingjelly.ts';
export { convFromTorch, denseFromTorch, mapFromTorch } from './torch-layout.ts';

/** Neurons with the exact dynamics of other libraries. */
export const dialects = { snntorch, spikingjelly, snntoolbox, norse } as const;
