import type { Instant } from '@js-joda/core'
import { operations } from '../../schemas/operations.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { CrashRig } from './crash.ts'

/** A tick of a product, and the start of the quarter-hour that it issues. */
export interface CrashedTick {
  product: string
  fuId: string
  tick: Instant
  window: Instant
}

/** What there is of a tick's window. */
export async function outcomeOf({ rig, desk }: CrashRig, { product, fuId, tick, window }: CrashedTick) {
  const from = window.toString()
  const { $client } = rig.server.context.db
  const query = { day: tradingDayOf(window).toString(), fuId }
  // By a session, which lasts in virtual time: a token would end while a busy machine is at the cases.
  const { body } = await rig.engineer.ask(operations.listInstructions, { query })
  const rows = (body.items as Issued[]).filter((i) => i.intervals[0]?.from === from)
  const ids = new Set(rows.map((i) => i.instructionId))
  return {
    states: rows.map((i) => i.state),
    isInTime: rows.every((i) => i.issuedAt !== null && i.issuedAt < i.expiresAt),
    sentIds: new Set(rig.control.received.filter((i) => i.intervals[0]?.from === from).map((i) => i.instructionId))
      .size,
    effects: [...rig.control.taken.keys()].filter((id) => ids.has(id)).length,
    sheets: new Set(desk.mails.filter((m) => [...ids].some((id) => m.text.includes(id))).map((m) => m.messageId)).size,
    limits: (await $client`select limit_w from implied_limit where from_at = ${from}`).map((r) => r['limit_w']),
    ticks: (
      await $client`select outcome from dispatch_cycle where product = ${product} and starts_at = ${tick.toString()}`
    ).map((r) => r['outcome']),
  }
}

interface Issued {
  instructionId: string
  state: string
  issuedAt: string | null
  expiresAt: string
  intervals: { from: string }[]
}

/** One instruction in force for 40 of 65 kW, issued by the one record of its tick. */
export const once = { states: ['acknowledged'], isInTime: true, limits: [25_000], ticks: ['issued'] }
