import { referenceBackend } from '../../src/engine/index.ts';
import { runConformance } from './conformance.ts';

// the reference against itself: that the suite's plans are sound, and that it does not depend on how a batch is split
runConformance({
  ...{ name: 'reference', makeBackend: () => referenceBackend(), threads: [1] },
  tolerance: { forward: 0, gradient: 0, parameter: 0 },
});
