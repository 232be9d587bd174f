import { toInstant } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { InstructionStatus } from '../../../schemas/dispatch/instructions.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { listInstructions } from './store.ts'
import { instructionReport } from './tables.ts'

/** Takes an FSP's report about one of its instructions. The same report again changes nothing; a failure raises an alarm about the FU. */
export async function takeReport(context: ServerContext, fspId: string, given: InstructionStatus): Promise<void> {
  const { db, clock } = context
  const at = clock.now()
  const changed = await db.transaction(async (tx) => {
    const [row] = await listInstructions(tx, { instructionId: given.instructionId, fspId })
    // FM40: another FSP's instruction does not exist as far as this one is concerned.
    if (!row) throw new ProblemError('not-found', `There is no instruction ${given.instructionId} of yours.`)
    const { instructionId, status, detail = null } = given
    const made = await tx
      .insert(instructionReport)
      .values({ instructionId, status, detail, at: toInstant(given.at), receivedAt: at })
      .onConflictDoNothing()
      .returning({ status: instructionReport.status })
    if (made.length === 0) return false
    const [unit] = await listFlexibleUnits(tx, at, { fuIds: [row.fuId] })
    const source = { type: 'fu' as const, id: row.fuId, name: unit?.name ?? row.fuId }
    if (status !== 'failed') return clearAlarm(tx, at, { kind: 'under-delivery', sourceId: row.fuId })
    const message = `The FSP reports that ${source.name} failed from ${given.at}: ${detail ?? 'no reason given'}`
    return raiseAlarm(tx, at, { kind: 'under-delivery', source, message })
  })
  if (changed) context.announce('alarms')
  context.announce('dispatch')
}
