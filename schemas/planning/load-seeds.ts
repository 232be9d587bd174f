import { z } from 'zod'
import { identifier } from '../vocabulary/bounds.ts'
import { quarterHourTime } from '../vocabulary/units.ts'
import { nodeLoadW } from './load.ts'

/** A node in the seed data: its usual load by local time, in steps that cover the day, and its target level, W. */
export const nodeLoadSeed = z.object({
  nodeId: identifier,
  targetW: nodeLoadW,
  load: z.array(z.object({ from: quarterHourTime, loadW: nodeLoadW })).min(1),
})
export type NodeLoadSeed = z.infer<typeof nodeLoadSeed>
