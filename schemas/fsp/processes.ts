import { z } from 'zod'
import { depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull } from '../vocabulary/units.ts'

/** What runs at an FSP again and again, and how it went the last time (report, section 5.1). */
export const processState = z
  .object({
    /** What it is: `feed`, `cycle`, `alarms`, `notices`. */
    process: z.string(),
    /** Which one of its kind: a feed, or a depot. */
    subject: z.string(),
    /** `null`: it is for all depots. */
    depotId: z.string().nullable(),
    lastRunAt: instant,
    lastSuccessAt: instantOrNull,
    /** Of the last run, in real time, ms. */
    lastDurationMs: z.number(),
    /** What the last run that succeeded took or made: records of a feed, set points of a cycle. */
    lastRecords: z.number().int(),
    /** Since the first run. */
    runs: z.number().int(),
    failures: z.number().int(),
    /** Failures since the last success; 0: the last run succeeded. */
    failuresInARow: z.number().int(),
    /** Why the last run failed; `null` when it did not. */
    lastError: z.string().nullable(),
    /**
     * Figures of its own at the last run that succeeded, by name with unit. Of a cycle: `runsLastHour`, `medianDurationMs`,
     * `setpointsLastMinute`, `setpointsLastHour`.
     */
    figures: z.record(z.string(), z.number()),
  })
  .meta({ id: 'ProcessState' })
export type ProcessState = z.infer<typeof processState>

/** Health of what runs for a depot (H24). */
export const processOperations = {
  listProcesses: operation({
    method: 'get',
    path: '/depots/{depotId}/processes',
    access: depotReaders,
    tags: ['Depots'],
    summary: 'What runs for a depot: when it last ran, how long it took, what it made, and what failed',
    params: z.object({ depotId: identifier }),
    answer: z.array(processState),
    problems: ['not-found'],
  }),
}
