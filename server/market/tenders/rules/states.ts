import type { Instant } from '@js-joda/core'
import type { TenderState } from '../../../../schemas/market/tenders.ts'
import { failure, type Outcome, type Refusal, success } from '../../../../schemas/vocabulary/outcome.ts'
import { momentInWords } from '../../../../schemas/vocabulary/time.ts'

export type TenderEvent = 'publish' | 'respond' | 'evaluate' | 'award' | 'withdraw'

/**
 * Life of a tender: the state after each event, `null` if the event is refused. An evaluation may be repeated until the award.
 *
 *     draft ─publish→ open ─evaluate→ evaluated ─award→ awarded
 *       └──────────────┴───withdraw──────┴→ withdrawn
 */
export const tenderStates: Record<TenderState, Record<TenderEvent, TenderState | null>> = {
  draft: { publish: 'open', respond: null, evaluate: null, award: null, withdraw: 'withdrawn' },
  open: { publish: null, respond: 'open', evaluate: 'evaluated', award: null, withdraw: 'withdrawn' },
  evaluated: { publish: null, respond: null, evaluate: 'evaluated', award: 'awarded', withdraw: 'withdrawn' },
  awarded: { publish: null, respond: null, evaluate: null, award: null, withdraw: null },
  withdrawn: { publish: null, respond: null, evaluate: null, award: null, withdraw: null },
}

/** What the rules need to know about a tender. */
export interface MovingTender {
  tenderId: string
  title: string
  state: TenderState
  gateClosesAt: Instant
}

/** The state of a tender after an event. */
export function stateAfter(tender: MovingTender, event: TenderEvent): Outcome<TenderState> {
  const state = tenderStates[tender.state][event]
  if (state) return success(state)
  const detail = `The tender “${tender.title}” is ${tender.state}: “${event}” is not possible.`
  return failure({ kind: 'conflict', detail })
}

/** Publishes a tender, unless its gate has passed. */
export function publish(tender: MovingTender, at: Instant): Outcome<TenderState> {
  const next = stateAfter(tender, 'publish')
  if (!next.ok || at.isBefore(tender.gateClosesAt)) return next
  const detail = `The gate of “${tender.title}” closed at ${momentInWords(tender.gateClosesAt)}: draft another tender.`
  return failure({ kind: 'conflict', detail })
}

/** Why an FSP cannot respond to a tender now; `null` if it can. A response is final. */
export function responseRefusal(tender: MovingTender, hasResponded: boolean, at: Instant): Refusal | null {
  if (tender.state === 'draft') return { kind: 'not-found', detail: `Tender ${tender.tenderId} not found.` }
  const next = stateAfter(tender, 'respond')
  if (!next.ok) return next.failure
  if (!at.isBefore(tender.gateClosesAt))
    return {
      kind: 'conflict',
      detail: `The gate of “${tender.title}” closed at ${momentInWords(tender.gateClosesAt)}.`,
    }
  if (!hasResponded) return null
  return { kind: 'conflict', detail: 'You have already responded to this tender; a response is final.' }
}

/**
 * Evaluates a tender. It accepts no responses afterwards, so the evaluation waits for the gate, unless every FSP has answered.
 * @param waitingFor names of the FSPs that have not answered.
 */
export function evaluate(tender: MovingTender, waitingFor: readonly string[], at: Instant): Outcome<TenderState> {
  const next = stateAfter(tender, 'evaluate')
  if (!next.ok || !at.isBefore(tender.gateClosesAt) || waitingFor.length === 0) return next
  const count = `${waitingFor.length} FSP${waitingFor.length === 1 ? ' has' : 's have'}`
  const names = waitingFor.slice(0, 3).join(', ')
  const detail = `The gate of “${tender.title}” is open until ${momentInWords(tender.gateClosesAt)}, and ${count} not answered (${names}).`
  return failure({ kind: 'conflict', detail })
}
