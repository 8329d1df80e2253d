// The run record: everything a report needs, as one JSON document. A report is rebuilt from it alone.

import type { ConversionDiagnosis, ConversionStep, Finding } from '../convert/index.ts';
import type { EarlyStopPoint, EnergyEstimate, Ledger, ViewCounts } from '../measure/index.ts';
import type { NetworkSpec } from '../model/index.ts';
import type { RobustnessResult } from '../robustness/index.ts';
import type { ActivityTrace, ConfidenceRule, Latency, WatchedNeuron } from '../simulate/index.ts';
import type { ContestSummary } from '../timing/index.ts';

export interface RunRecord {
  readonly format: 'spikewatt-run';
  /** 2 since networks of maps. One of version 1 is read as one of version 2 that lacks what came since. */
  readonly version: 2;
  /** Sortable and unique: `20261121-031500-mnist-default-1a2b`. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The study, fully expanded: running it again gives the same result. */
  readonly study: Readonly<Record<string, unknown>>;
  readonly environment: EnvironmentRecord;
  readonly data: DataRecord;
  readonly networks: readonly NetworkRecord[];
  /** What noise and attacks do to the networks, where it was asked. */
  readonly robustness?: RobustnessResult;
  /** What the networks took on a machine, where it was asked. */
  readonly measured?: MeasuredRecord;
  /** Said in words to the reader: silent layers, small test sets, anything that limits what the result shows. */
  readonly warnings: readonly string[];
  readonly wallSeconds: number;
}

/** Time, CPU time, memory and energy as they were measured; nothing of it is estimated. Single trials are in measured.json. */
export interface MeasuredRecord {
  /** ISO 8601. */
  readonly measuredAt: string;
  /** Where it was measured; not always where the networks were trained. */
  readonly environment: EnvironmentRecord;
  /** How clocks are chosen, where the system says. */
  readonly governor: string | null;
  /** ONNX Runtime's version, or why the ANN was not timed in it. */
  readonly onnx: string;
  /** One a batch size. */
  readonly contests: readonly ContestSummary[];
}

export interface EnvironmentRecord {
  readonly spikewatt: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly backend: string;
  readonly threads: number;
  /** 128, 256 (revectorised) or 0 (reference). */
  readonly simdBits: number;
  /** Meters of real energy found; empty on most virtual machines, with the reason. */
  readonly meters: readonly string[];
  readonly metersUnavailable: string;
}

export interface DataRecord {
  readonly name: string;
  readonly source: string;
  readonly classes: readonly string[];
  readonly shape: readonly number[];
  readonly trainSamples: number;
  readonly validationSamples: number;
  readonly testSamples: number;
  /** Size of the official test set; a smaller one used is said in every table. */
  readonly officialTestSamples: number;
  readonly meanInput: number;
  /** Inputs are (value - mean) / deviation; absent: as they are. */
  readonly normalize?: NormalizationRecord;
  /** Damaged files left out, as asked. */
  readonly skipped?: readonly { readonly path: string; readonly reason: string }[];
}

export interface NormalizationRecord {
  /** `cifar10`, `measured`, ...; `given` for numbers of the study's own. */
  readonly by: string;
  /** One for all channels, or one a channel. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export interface NetworkRecord {
  /** Unique within the record: `ANN`, `SNN T=20`, `converted T=50`. */
  readonly name: string;
  readonly kind: 'ann' | 'snn' | 'converted';
  readonly spec: NetworkSpec;
  readonly timesteps: number;
  readonly encoder: string;
  readonly decoder: string;
  readonly parameters: number;
  readonly accuracy: AccuracyRecord;
  /** Accuracy had the run been stopped after step t+1 [T]. */
  readonly accuracyByStep: readonly number[];
  /** [true class][predicted class]; undecided samples are in no column. */
  readonly confusion: readonly (readonly number[])[];
  readonly training: TrainingRecord | null;
  readonly conversion: ConversionRecord | null;
  readonly trace: ActivityTrace;
  readonly ledger: Ledger;
  /** The same run as other tools would count it. */
  readonly views: readonly ViewCounts[];
  /** One a profile. */
  readonly energy: readonly EnergyEstimate[];
  /** Of a spiking network: what an ANN made cheaper would need, so that the spikes are not compared with a straw man. */
  readonly baselines?: readonly BaselineRecord[];
  readonly inferSeconds: number;
  readonly inferSamples: number;
  readonly trainSeconds: number | null;
  /** Memory the engine laid out for inference and for training. */
  readonly inferBytes: number;
  readonly trainBytes: number | null;
  /** Spikes of a few test samples, for rasters. */
  readonly rasters: readonly RasterRecord[];
  /** Mean firing rate of neurons in spikes per step, a layer each. */
  readonly rates: readonly RatesRecord[];
  /** What one run says of every shorter one; of spiking networks. */
  readonly overTime?: OverTimeRecord;
  /** Stopping each sample as soon as the output is sure enough. */
  readonly earlyStop?: EarlyStopRecord;
  /** The converted network beside its ANN; of the number of steps that the study chose to diagnose. */
  readonly diagnosis?: ConversionDiagnosis;
  /** Membranes of chosen neurons, step by step. */
  readonly watched?: readonly WatchedNeuron[];
  /** One image at a time, every product driven by its events, on one thread. */
  readonly stream?: StreamRecord;
}

export interface RatesRecord {
  readonly layer: string;
  readonly rates: readonly number[];
  /** Where not all neurons are listed: every n-th, from the first on. */
  readonly every?: number;
}

/** Of an average sample, from the first step to each [T]. */
export interface OverTimeRecord {
  /** Synaptic operations (macs + acs). */
  readonly synops: readonly number[];
  /** Share of samples still without an answer. */
  readonly undecided: readonly number[];
  /** Profiles that apply, each with its joules after each step. */
  readonly energy: readonly { readonly profile: string; readonly label: string; readonly joules: readonly number[] }[];
}

export interface EarlyStopRecord {
  readonly rule: ConfidenceRule;
  /** Energies are by this profile. */
  readonly profile: string;
  /** One a threshold. */
  readonly points: readonly EarlyStopPoint[];
}

export interface StreamRecord {
  readonly samples: number;
  /** Seconds of one inference. */
  readonly latency: Latency;
  readonly eventsPerSample: number;
  readonly eventsPerSecond: number;
  readonly synopsPerSecond: number;
}

/**
 * A cheaper ANN that was priced but not trained: `int8-ann` has 8-bit weights and activations; `quantised-twin` has
 * ceil(log2(T+1))-bit activations, as many levels as T steps of spikes can tell apart.
 */
export interface BaselineRecord {
  readonly kind: 'int8-ann' | 'quantised-twin';
  readonly label: string;
  readonly weightBits: number;
  readonly activationBits: number;
  /** One a profile; `profile` matches the spiking network's own estimates it is to be compared with. */
  readonly energy: readonly EnergyEstimate[];
  /** Measured accuracy, or null where the baseline was only priced. */
  readonly accuracy: number | null;
  readonly note: string;
}

export interface AccuracyRecord {
  readonly value: number;
  readonly correct: number;
  readonly samples: number;
  readonly undecided: number;
  /** 95 % Wilson interval. */
  readonly low: number;
  readonly high: number;
}

export interface TrainingRecord {
  readonly epochs: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly stoppedEarly: boolean;
  readonly notes: readonly string[];
  /** Of adversarial and noise training. */
  readonly hardening?: HardeningRecord;
}

export interface HardeningRecord {
  readonly kind: 'adversarial' | 'noise';
  /** What the training images were put through: `PGD (5 steps of 0.4 epsilon, random start), epsilon 0.1 (L-infinity)`. */
  readonly label: string;
  /** Of the training's seconds, those spent on disturbing its images. */
  readonly seconds: number;
}

export interface EpochRecord {
  readonly epoch: number;
  readonly trainLoss: number;
  /** null of a regression. */
  readonly trainAccuracy: number | null;
  /** null where nothing was held out. */
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly learningRate: number;
  readonly seconds: number;
}

export interface ConversionRecord {
  readonly mode: string;
  readonly calibrationSamples: number;
  /** Mean over channels, where each has its own. */
  readonly scales: readonly { readonly layer: string; readonly scale: number }[];
  readonly halfThreshold: boolean;
  /** What each pass did. */
  readonly steps?: readonly ConversionStep[];
  /** What was to be expected before anything was converted. */
  readonly findings?: readonly Finding[];
  readonly annAccuracy: number;
  /** Smallest T whose accuracy is within `tolerance` of the ANN's and stays so; null if none was reached. */
  readonly smallestTimesteps: number | null;
  readonly tolerance: number;
}

export interface RasterRecord {
  readonly sample: number;
  readonly label: number;
  readonly prediction: number;
  readonly layers: readonly {
    readonly layer: string;
    readonly neurons: number;
    /** Where not all neurons are listed: every n-th. */
    readonly every?: number;
    readonly spikes: readonly (readonly [number, number])[];
  }[];
}
