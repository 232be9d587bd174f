import { toInstant } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { noteOnSpan } from '../../../platform/tracing/index.ts'
import type { instructionOperations } from '../../../schemas/dispatch/instructions.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { instructionAttribute } from '../../../schemas/vocabulary/trace.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import type { Verb } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { listInstructions } from '../instructions/index.ts'
import { instructionReport } from '../instructions/tables.ts'

/** Records an FSP's report about one of its instructions. The same report again changes nothing; a failure raises an alarm about the FU. */
export const reportOnInstruction: Verb<typeof instructionOperations.reportOnInstruction> = async (call) => {
  const { db, at, actor, announce } = call
  const { instructionId, status, detail = null, at: reportedAt } = call.body
  const [row] = await listInstructions(db, { instructionId, fspId: actor.fspId })
  // FM40: to an FSP, another FSP's instruction does not exist.
  if (!row) throw new ProblemError('not-found', `You have no instruction ${instructionId}.`)
  noteOnSpan({ [instructionAttribute]: instructionId, 'ringmain.report.status': status }, instructionId)
  announce('dispatch')
  const made = await db
    .insert(instructionReport)
    .values({ instructionId, status, detail, at: toInstant(reportedAt), receivedAt: at })
    .onConflictDoNothing()
    .returning({ status: instructionReport.status })
  if (made.length === 0) return
  const [unit] = await listFlexibleUnits(db, at, { fuIds: [row.fuId] })
  const source = { type: 'fu' as const, id: row.fuId, name: unit?.name ?? row.fuId }
  const message = `The FSP reports that ${source.name} failed from ${momentInWords(reportedAt)}: ${detail ?? 'no reason given'}`
  const hasChanged =
    status === 'failed'
      ? await raiseAlarm(db, at, { kind: 'under-delivery', source, message })
      : await clearAlarm(db, at, { kind: 'under-delivery', sourceId: row.fuId })
  if (hasChanged) announce('alarms')
}
