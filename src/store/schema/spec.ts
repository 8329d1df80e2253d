// Schema of the network description inside a record: the model's own, and the model's own checks of what fits together.

import { z } from 'zod';
import { SpikewattError } from '../../core/index.ts';
import { type NetworkSpec, networkSchema, parseNetwork } from '../../model/index.ts';

export const networkSpec = networkSchema.transform((value, context): NetworkSpec => {
  try {
    return parseNetwork(value, 'spec');
  } catch (error) {
    if (!(error instanceof SpikewattError)) throw error;
    context.addIssue({ code: 'custom', message: error.message, params: { complete: true } });
    return z.NEVER;
  }
});
