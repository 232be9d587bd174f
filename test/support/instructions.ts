import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import type { Database } from '../../platform/db/index.ts'
import type { InstructionState } from '../../schemas/dispatch/instructions.ts'

/** A turn-down that an FSP accepted at its start, without the timetable having run until then. */
export async function saveInstruction(
  db: Database,
  given: {
    fuId: string
    fspId: string
    from: string
    minutes?: number
    turnDownW?: number
    state?: Extract<InstructionState, 'acknowledged' | 'ended'>
  },
): Promise<void> {
  const { fuId, fspId, from, minutes = 15, turnDownW = 40_000, state = 'ended' } = given
  const to = Instant.parse(from)
    .plusSeconds(60 * minutes)
    .toString()
  await db.$client`
    insert into instruction (instruction_id, fu_id, fsp_id, product, from_at, to_at, turn_down_w, intervals, state,
      schedule_kind, schedule_version, planned_at, issued_at, acknowledged_at, expires_at)
    values (${randomUUID()}, ${fuId}, ${fspId}, 'A', ${from}, ${to}, ${turnDownW},
      ${JSON.stringify([{ from, to, turnDownW }])}, ${state}, 'manual', 1, ${from}, ${from}, ${from}, ${to})`
}
