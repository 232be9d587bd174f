import { z } from 'zod'
import { identifier } from '../vocabulary/bounds.ts'
import { quarterHourTime } from '../vocabulary/units.ts'
import { nodeLoadW } from './load.ts'

/**
 * A node in the seed data: its usual load by local time, in steps that cover the day, negative where what is behind it generates more, and
 * its target levels, W: of its load, and where one is kept of its reverse power.
 */
export const nodeLoadSeed = z.object({
  nodeId: identifier,
  targetW: nodeLoadW,
  reverseTargetW: nodeLoadW.min(0).optional(),
  load: z.array(z.object({ from: quarterHourTime, loadW: nodeLoadW })).min(1),
})
export type NodeLoadSeed = z.infer<typeof nodeLoadSeed>
