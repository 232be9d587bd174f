import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { InstructionAnswer } from '../../../schemas/dispatch/instructions.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { clearAlarm, raiseAlarm, removeImpliedLimits, saveImpliedLimits } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { type InstructionRow, moveAllOn, moveOn } from '../instructions/index.ts'
import type { NoAnswer } from '../instructions/tables.ts'
import type { AskOutcome, SendOutcome } from '../transports/index.ts'
import { recordAttempt, recordAttempts } from './attempts.ts'
import { type ExpectedW, impliedLimits, replaceImpliedLimits } from './implied-limits.ts'
import { waitUntil } from './leases.ts'
import { type Asking, nextAskAt } from './rules.ts'

/** What recording an answer needs to know of FUs: read once for a whole round. */
export interface UnitFacts {
  unit(fuId: string): { name: string; connectionId: string | null } | undefined
  expectedW: ExpectedW
  /** Whether an alarm is open that the FU refused an instruction. */
  hasRefused(fuId: string): boolean
}

/** What remains to do about an instruction once an outcome is recorded. `fault`: why it is still outstanding. */
export interface Settled {
  row: InstructionRow | null
  fault: string | null
}

/** Records the outcome of a sending or a question, in one transaction with everything that follows from it. */
export async function recordOutcome(
  context: ServerContext,
  rules: Asking,
  facts: UnitFacts,
  row: InstructionRow,
  action: 'send' | 'ask',
  outcome: SendOutcome | AskOutcome,
): Promise<Settled> {
  const at = context.clock.now()
  return context.db.transaction(async (tx) => {
    const attempt = await recordAttempt(tx, row.instructionId, at, action, {
      outcome: describe(outcome),
      noAnswer: noAnswerOf(outcome),
    })
    switch (outcome.kind) {
      case 'answered':
        return { row: await recordAnswer(tx, at, facts, row, outcome.answer), fault: null }
      case 'handed-over':
        // A mailbox cannot be queried: a person records the confirmation, or the instruction expires at the end of its window.
        await waitUntil(tx, row, row.toAt)
        return { row, fault: null }
      case 'never-seen':
        return recordNeverSeen(tx, at, row)
      case 'not-sent':
        return { row: await moveOn(tx, row, 'not-sent', { reason: outcome.detail }), fault: outcome.detail }
      case 'unknown': {
        const nextAttemptAt = nextAskAt(rules, at, row.toAt, attempt)
        return { row: await moveOn(tx, row, 'lose', { reason: outcome.detail, nextAttemptAt }), fault: outcome.detail }
      }
    }
  })
}

/** Records acceptance, the usual outcome, for several instructions at once: the same as `recordOutcome` for each, in a few statements. */
export async function recordAccepted(
  context: ServerContext,
  facts: UnitFacts,
  sent: readonly InstructionRow[],
): Promise<void> {
  const at = context.clock.now()
  const ids = sent.map((row) => row.instructionId)
  await context.db.transaction(async (tx) => {
    await recordAttempts(tx, ids, at, 'send', 'accepted')
    const moved = await moveAllOn(tx, 'sent', ids, 'accept', {
      answeredAt: at,
      acknowledgedAt: at,
      reason: null,
      nextAttemptAt: null,
    })
    await removeImpliedLimits(
      tx,
      moved.flatMap((row) => row.supersedes ?? []),
    )
    const limits = moved.flatMap((row) => {
      const unit = facts.unit(row.fuId)
      return unit ? impliedLimits(row, unit.connectionId, facts.expectedW) : []
    })
    await saveImpliedLimits(tx, limits)
    for (const row of moved)
      if (facts.hasRefused(row.fuId)) await clearAlarm(tx, at, { kind: 'dispatch-refused', sourceId: row.fuId })
  })
}

/** Why a sending or a question brought no answer; `null` if it did. */
function noAnswerOf(outcome: SendOutcome | AskOutcome): NoAnswer | null {
  if (outcome.kind === 'handed-over') return 'handed-over'
  if (outcome.kind !== 'not-sent' && outcome.kind !== 'unknown') return null
  return outcome.isOurs ? 'dno-failed' : 'fsp-failed'
}

function describe(outcome: SendOutcome | AskOutcome): string {
  if (outcome.kind === 'answered') {
    const { answer } = outcome
    return answer.outcome === 'refused' ? `refused: ${reasonOf(answer)}` : answer.outcome
  }
  return 'detail' in outcome ? `${outcome.kind}: ${outcome.detail}` : outcome.kind
}

function reasonOf(answer: Extract<InstructionAnswer, { outcome: 'refused' }>): string {
  return answer.detail ? `${answer.reason}: ${answer.detail}` : answer.reason
}

/** Records an FSP's answer. It has no effect if the instruction has already moved on. */
export async function recordAnswer(
  tx: Queryable,
  at: Instant,
  facts: UnitFacts,
  row: InstructionRow,
  answer: InstructionAnswer,
): Promise<InstructionRow | null> {
  const unit = facts.unit(row.fuId)
  const name = unit?.name ?? row.fuId
  if (answer.outcome === 'accepted') {
    const moved = await moveOn(tx, row, 'accept', {
      answeredAt: at,
      acknowledgedAt: at,
      reason: null,
      nextAttemptAt: null,
    })
    if (!moved) return null
    if (unit) await replaceImpliedLimits(tx, moved, impliedLimits(moved, unit.connectionId, facts.expectedW))
    await clearAlarm(tx, at, { kind: 'dispatch-refused', sourceId: row.fuId })
    return moved
  }
  const reason = reasonOf(answer)
  const moved = await moveOn(tx, row, 'refuse', { answeredAt: at, reason, nextAttemptAt: null })
  if (!moved) return null
  await raiseAlarm(tx, at, {
    kind: 'dispatch-refused',
    source: { type: 'fu', id: row.fuId, name },
    message: `${name} refused ${kwText(row.turnDownW)} from ${momentInWords(row.fromAt)}: ${reason}`,
  })
  return moved
}

/** `40 kW`, or `40 kW of turn-up`. */
function kwText(turnDownW: number): string {
  const kw = Math.round(Math.abs(turnDownW) / 100) / 10
  return turnDownW < 0 ? `${kw} kW of turn-up` : `${kw} kW`
}

/** Plans an instruction that the FSP never saw for sending again, unless its gate has passed: then it expires. */
async function recordNeverSeen(tx: Queryable, at: Instant, row: InstructionRow): Promise<Settled> {
  if (!at.isBefore(row.expiresAt)) {
    const reason = 'the FSP never saw it, and its gate has passed'
    await moveOn(tx, row, 'expire', { reason, nextAttemptAt: null })
    return { row: null, fault: reason }
  }
  return { row: await moveOn(tx, row, 'never-seen', { nextAttemptAt: null }), fault: null }
}
