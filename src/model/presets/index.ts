export { describePreset, PRESET_LIST, PRESETS, preset } from './catalogue.ts';
export type { PresetDescription, PresetOptions } from './entry.ts';
export { type MlpOptions, mlp } from './mlp.ts';
