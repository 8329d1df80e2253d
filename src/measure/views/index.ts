// The same run as other tools would count it. Their numbers differ from the ledger's for reasons, which each view states.

import type { ActivityTrace } from '../../simulate/index.ts';
import type { ViewCounts } from '../energy-types.ts';
import { kerasSpikingView } from './keras-spiking.ts';
import { neurobenchView } from './neurobench.ts';
import { snnToolboxView } from './snntoolbox.ts';
import { spikingJellyView } from './spikingjelly.ts';
import { syopsView } from './syops.ts';
import type { ViewOptions } from './view-options.ts';

export type { ViewOptions };

/** One view a tool: NeuroBench, syops-counter, SNN Toolbox, KerasSpiking, SpikingJelly. Quantities are a sample each. */
export function viewsOf(trace: ActivityTrace, options: ViewOptions): ViewCounts[] {
  return [
    neurobenchView(trace, options),
    syopsView(trace, options),
    snnToolboxView(trace),
    kerasSpikingView(trace),
    spikingJellyView(trace),
  ];
}
