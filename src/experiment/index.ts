export { attackNetworks, type NamedNetwork } from './attack-job.ts';
export { type Candidate, nameOf } from './candidate.ts';
export { type CompareOptions, compare, compareInFolder, type KeptRun } from './compare.ts';
export {
  type Conversion,
  calibrateOptions,
  convertedReading,
  convertOptions,
  convertStage,
  testConversions,
} from './convert-stage.ts';
export {
  type CrossoverDocument,
  type CrossoverJobOptions,
  type CrossoverNetworks,
  crossoverOf,
} from './crossover-job.ts';
export { didYouMean } from './did-you-mean.ts';
export { describeEnvironment } from './environment.ts';
export { describeNetwork, runOnTestSet } from './evaluate-stage.ts';
export { type ExportedNetwork, type ExportOptions, exportFile } from './export-job.ts';
export { loadStudy, type StudySources } from './load-study.ts';
export {
  type MeasuredNetworks,
  type MeasureOptions,
  measuredRecord,
  measureNetworks,
  type NetworkToMeasure,
} from './measure-job.ts';
export { type MeasuredDocument, measuredDocument, measuredDocumentSchema } from './measured-document.ts';
export { type ConvertedFile, convertFile, simulateFile } from './network-jobs.ts';
export { type LayerSummary, type NetworkSummary, summariseSpec } from './network-summary.ts';
export { type OpenBackend, openBackend } from './open-backend.ts';
export { type ProfileJob, profileFile } from './profile-job.ts';
export { type Progress, silentProgress } from './progress.ts';
export { type PriceOptions, reprice } from './reprice.ts';
export { disturbedTimesteps } from './robustness-options.ts';
export { openRunFolder, type RunFolder, unfinishedStudy } from './run-folder.ts';
export { type RunOptions, runStudy } from './run-study.ts';
export { type NetworkKind, type Study, type StudyInput, studySchema, type TrainingStudy } from './study.ts';
export { describeData, loadStudyData } from './study-data.ts';
export { DATASET_NAMES, type DataStudy } from './study-data-schema.ts';
export { differingKeys } from './study-difference.ts';
export { parseStudyFile } from './study-file.ts';
export { hardeningSchema } from './study-hardening.ts';
export { isSettings, type StudyLayer } from './study-merge.ts';
export { networkOf } from './study-network.ts';
export { dialectSchema, neuronOf } from './study-neuron.ts';
export { type Override, parseOverrides } from './study-overrides.ts';
export { presetSettings, studyPresets } from './study-presets.ts';
export { QUICK_ROBUSTNESS, type RobustnessStudy } from './study-robustness.ts';
export { type RunDocument, summariseNetwork, summariseRecord, summarySchema } from './summary.ts';
export { type AttackDocument, attackDocumentSchema, summariseRobustness } from './summary-robustness.ts';
export { readingOf, type TrainedKind, trainingOptions, trainStage } from './train-stage.ts';
export { attack, type ConvertSettings, convert, diagnose, simulate, type TrainSettings, train } from './verbs.ts';
export { type BenchOptions, type Workbench, withWorkbench } from './workbench.ts';
