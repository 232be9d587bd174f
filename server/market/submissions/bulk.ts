import type { CsvFlaw } from '../../../platform/csv/index.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { listFlexibleUnits } from '../parties/index.ts'
import { gatesInForce } from './gates.ts'
import { gateOf, judgeSubmission, type SubmissionOutcome, submissionFlaws } from './rules.ts'
import { currentSubmissions, type SubmittedRow } from './store.ts'
import { submittedSchedule } from './tables.ts'
import { refuse, type UploadedSchedule } from './upload.ts'

/** Takes a file of schedules whole, or none of it with every reason by line (FM29). */
export async function submitSchedules(
  context: ServerContext,
  actor: Actor,
  fspId: string | null,
  uploaded: readonly UploadedSchedule[],
): Promise<{ accepted: number; unchanged: number }> {
  const at = context.clock.now()
  const fuIds = [...new Set(uploaded.map((u) => u.fuId))].sort()
  const units = new Map((await listFlexibleUnits(context.db, at, { fspId, fuIds })).map((unit) => [unit.fuId, unit]))
  return context.db.transaction(async (tx) => {
    const accepted = new Map<string, SubmittedRow>()
    const keyOf = (row: { fuId: string; kind: string }, day: unknown) => `${row.fuId}|${row.kind}|${day}`
    for (const day of new Map(uploaded.map((u) => [u.day.toString(), u.day])).values()) {
      for (const row of await currentSubmissions(tx, day, { fuIds })) accepted.set(keyOf(row, day), row)
    }
    const gates = await gatesInForce(tx)
    const [flaws, rows]: [CsvFlaw[], SubmittedRow[]] = [[], []]
    for (const { fuId, day, submission, lines } of uploaded) {
      const unit = units.get(fuId)
      const key = keyOf({ fuId, kind: submission.kind }, day)
      const line = lines[0] ?? 1
      if (!unit) {
        flaws.push({ line, field: 'fu_id', message: `${fuId} is no FU${fspId ? ' of yours' : ''}` })
        continue
      }
      for (const { field, message } of submissionFlaws(day, submission, unit)) {
        const index = Number(/^values\[(\d+)\]/.exec(field)?.[1] ?? 0)
        flaws.push({ line: lines[index] ?? line, field: 'value', message })
      }
      const gate = gateOf(gates[submission.kind].settings, day)
      const outcome = judgeSubmission(submission, accepted.get(key), at, gate)
      if (outcome.kind === 'unchanged') continue
      if (outcome.kind !== 'accept') {
        flaws.push({ line, ...flawOf(outcome) })
        continue
      }
      const { kind, revision, resolution, values } = submission
      const row = {
        fuId,
        tradingDay: day,
        kind,
        revision,
        resolution,
        values,
        submittedAt: at,
        submittedBy: nameOf(actor),
      }
      accepted.set(key, row)
      rows.push(row)
    }
    if (flaws.length > 0) refuse(flaws)
    for (let i = 0; i < rows.length; i += 2_000) await tx.insert(submittedSchedule).values(rows.slice(i, i + 2_000))
    const counts = { accepted: rows.length, unchanged: uploaded.length - rows.length }
    await recordAudit(tx, at, actor, {
      action: 'schedules.uploaded',
      subject: { type: 'fsp', id: fspId ?? 'dno' },
      detail: counts,
    })
    return counts
  })
}

function flawOf(outcome: Exclude<SubmissionOutcome, { kind: 'accept' | 'unchanged' }>): Omit<CsvFlaw, 'line'> {
  if (outcome.kind === 'late')
    return { field: 'trading_day', message: `comes after the gate, which closed at ${outcome.gate}` }
  return outcome.kind === 'older'
    ? { field: 'revision', message: `is below the accepted revision ${outcome.revision}` }
    : { field: 'revision', message: 'was accepted before with other values' }
}
