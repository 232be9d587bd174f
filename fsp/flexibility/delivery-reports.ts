import type { Instant } from '@js-joda/core'
import { asc, desc, eq, inArray, isNull } from 'drizzle-orm'
import { inTraceOf } from '../../platform/tracing/index.ts'
import { instructionOperations } from '../../schemas/dispatch/instructions.ts'
import { instructionAttribute } from '../../schemas/vocabulary/trace.ts'
import type { MarketContext } from '../app/context.ts'
import type { Baselines } from './baselines.ts'
import {
  aheadMs,
  type Equipment,
  type ReportStatus,
  reportsDue,
  type Stage,
  shortfallAhead,
  shortfallOf,
} from './delivery-rules.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import type { Instructions, Pending } from './instructions.ts'
import { deliveryReport } from './tables.ts'
import type { FlexUnits } from './units.ts'

/** Reports that a list shows, and that are sent in one round. */
const mostAtOnce = 200

/** What the reports need of an FSP's units. */
export interface DeliverySource {
  /** What a site's own meters say that it draws, W; `null` if one of them does not say. */
  powerW(siteId: string, at: Instant): number | null
  equipment(siteId: string): Equipment
}

interface Parts {
  dno: DnoApi
  instructions: Instructions
  flexUnits: FlexUnits
  baselines: Baselines
  source: DeliverySource
}

/**
 * Watches every accepted instruction from a quarter-hour before it begins, and tells the DNO how it goes: started, delivering, failed with
 * the reason as soon as it is seen, ended (K6, E5). A report is stored before it is sent, and sent until the DNO has it.
 */
export class DeliveryReports {
  readonly #context: MarketContext
  readonly #parts: Parts
  /** What was last reported of each instruction. */
  readonly #last = new Map<string, ReportStatus>()
  /** Since when a depot has been short of what is asked of it, ms: one quarter-hour's instruction follows another. */
  #shortSince = new Map<string, number>()

  constructor(context: MarketContext, parts: Parts) {
    this.#context = context
    this.#parts = parts
  }

  /** Resumes where the last run stopped. */
  async load(): Promise<void> {
    const ids = this.#parts.instructions.pending().map(({ instructionId }) => instructionId)
    if (ids.length === 0) return
    const rows = await this.#context.db
      .select()
      .from(deliveryReport)
      .where(inArray(deliveryReport.instructionId, ids))
      .orderBy(asc(deliveryReport.reportId))
    for (const { instructionId, status } of rows) this.#last.set(instructionId, status)
  }

  /** Judges what is asked at an instant, and sends what is owed. */
  async run(at: Instant): Promise<void> {
    const pending = this.#parts.instructions.pending()
    const known = new Set(pending.map(({ instructionId }) => instructionId))
    for (const id of this.#last.keys()) if (!known.has(id)) this.#last.delete(id)
    const before = this.#shortSince
    this.#shortSince = new Map()
    for (const each of pending) await this.#follow(each, before.get(each.depotId) ?? null, at)
    await this.#send()
  }

  /** What was reported of a depot's instructions, the newest first. */
  list(depotId: string) {
    return this.#context.db
      .select()
      .from(deliveryReport)
      .where(eq(deliveryReport.depotId, depotId))
      .orderBy(desc(deliveryReport.reportId))
      .limit(mostAtOnce)
  }

  async #follow(pending: Pending, before: number | null, at: Instant): Promise<void> {
    const { instructionId, depotId } = pending
    const nowMs = at.toEpochMilli()
    const stage = await this.#stageOf(pending, at)
    if (!stage) return
    const isShort = stage.phase === 'running' && stage.shortfall !== null
    const shortSinceMs = isShort ? (before ?? nowMs) : null
    if (shortSinceMs !== null) this.#shortSince.set(depotId, shortSinceMs)
    const due = reportsDue({ last: this.#last.get(instructionId) ?? null, shortSinceMs }, stage, nowMs)
    for (const { status, detail } of due) {
      await this.#context.db.insert(deliveryReport).values({ instructionId, depotId, status, detail, at })
      if (status === 'failed')
        this.#context.log.warn({ depotId, instructionId, detail }, 'a turn-down falls short; the DNO is told')
    }
    const last = due.at(-1)
    if (last) this.#last.set(instructionId, last.status)
  }

  /** `null`: it is too early to tell anything. */
  async #stageOf(pending: Pending, at: Instant): Promise<Stage | null> {
    const { depotId, fromMs, toMs } = pending
    const nowMs = at.toEpochMilli()
    if (pending.isReplaced || nowMs >= toMs) return { phase: 'over', sinceMs: null, shortfall: null }
    if (nowMs < fromMs - aheadMs) return null
    const equipment = this.#parts.source.equipment(depotId)
    const fuId = this.#parts.flexUnits.ofDepot(depotId)?.fuId ?? ''
    const isAhead = nowMs < fromMs
    const turnDownW = this.#parts.instructions.turnDownW(depotId, isAhead ? pending.from : at)
    const baselineW = await this.#parts.baselines.powerW(depotId, fuId, isAhead ? pending.from : at)
    if (isAhead)
      return { phase: 'ahead', sinceMs: null, shortfall: shortfallAhead({ baselineW, turnDownW, equipment }) }
    // Another instruction, or its own pause, may have set it to nothing.
    if (turnDownW === 0) return pending.hasBegun ? { phase: 'over', sinceMs: null, shortfall: null } : null
    const powerW = this.#parts.source.powerW(depotId, at)
    return {
      phase: 'running',
      sinceMs: fromMs,
      shortfall: shortfallOf({ powerW, baselineW, turnDownW, equipment }),
    }
  }

  async #send(): Promise<void> {
    const { db, clock, log } = this.#context
    const owed = await db
      .select()
      .from(deliveryReport)
      .where(isNull(deliveryReport.sentAt))
      .orderBy(asc(deliveryReport.reportId))
      .limit(mostAtOnce)
    for (const { reportId, instructionId, status, at, detail } of owed) {
      const body = {
        instructionId,
        status,
        at: at.toString(),
        ...(detail === null ? {} : { detail: detail.slice(0, 500) }),
      }
      const outcome = await inTraceOf(instructionId, reportSpan(instructionId, status), () =>
        this.#parts.dno.call(instructionOperations.reportOnInstruction, { body }),
      )
      const failed = outcome.ok ? null : outcome.failure
      // The DNO is out of reach: what is owed is sent in its order, later.
      if (failed && (failed.status < 400 || failed.status >= 500 || [401, 429].includes(failed.status))) return
      const refusal = failed ? reasonOf(failed) : null
      if (refusal) log.warn({ instructionId, status, refusal }, 'the DNO did not take a report on a turn-down')
      await db.update(deliveryReport).set({ sentAt: clock.now(), refusal }).where(eq(deliveryReport.reportId, reportId))
    }
  }
}

function reportSpan(instructionId: string, status: ReportStatus) {
  const attributes = { [instructionAttribute]: instructionId, 'ringmain.report.status': status }
  return { name: 'instruction report', attributes }
}
