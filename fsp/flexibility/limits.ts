import type { Instant } from '@js-joda/core'
import { desc, eq } from 'drizzle-orm'
import { ProblemError } from '../../platform/http/index.ts'
import { noteOnSpan } from '../../platform/tracing/index.ts'
import type { Limit, LimitAnswer, LimitRefusal } from '../../schemas/dispatch/import-limits.ts'
import { instantOf } from '../../schemas/vocabulary/time.ts'
import { limitAttribute } from '../../schemas/vocabulary/trace.ts'
import type { MarketContext } from '../app/context.ts'
import { importLimitAt, limitChanges, limitFault } from './limit-rules.ts'
import type { Site } from './sites.ts'
import { type ReceivedLimit, receivedLimit } from './tables.ts'

/** Receives the DNO's import limits and determines what a depot's site may import at an instant. */
export class Limits {
  readonly #context: MarketContext
  readonly #sites: () => readonly Pick<Site, 'depotId' | 'connectionId'>[]
  /** The limit in force for each depot. */
  readonly #held = new Map<string, ReceivedLimit>()
  readonly #onChange: (depotId: string) => void
  /** Limits are processed one after another, so that which of two was issued last does not depend on who stores first. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(
    context: MarketContext,
    sites: () => readonly Pick<Site, 'depotId' | 'connectionId'>[],
    onChange: (depotId: string) => void,
  ) {
    this.#context = context
    this.#sites = sites
    this.#onChange = onChange
  }

  /** Restores each depot's limit after a restart: a fail-safe limit applies however long the DNO is silent. */
  async load(): Promise<void> {
    const rows = await this.#context.db
      .selectDistinctOn([receivedLimit.depotId])
      .from(receivedLimit)
      .where(eq(receivedLimit.outcome, 'accepted'))
      .orderBy(receivedLimit.depotId, desc(receivedLimit.issuedAt))
    for (const row of rows) this.#hold(row)
  }

  /** Answers a limit once, however often it is sent. The answer is stored before it is returned. */
  take(limit: Limit): Promise<LimitAnswer> {
    const taken = this.#turn.then(() => this.#take(limit))
    this.#turn = taken.catch(() => undefined)
    return taken
  }

  async answerTo(limitId: string): Promise<LimitAnswer | null> {
    const row = await this.#find(limitId)
    return row ? answerOf(row) : null
  }

  /** The maximum import of a depot's site at an instant by the DNO's last limit, W; `null` if only the agreed capacity applies. */
  importLimitW(depotId: string, at: Instant): number | null {
    return this.importLimit(depotId, at)?.limitW ?? null
  }

  /** The same, and whether it is the fail-safe limit. @param isSilent as if the DNO had fallen silent. */
  importLimit(depotId: string, at: Instant, isSilent = false): { limitW: number; isFailSafe: boolean } | null {
    const held = this.#held.get(depotId)
    if (!held) return null
    const isFailSafe = isSilent || !at.isBefore(held.validUntil)
    const limitW = isFailSafe ? held.failSafeW : importLimitAt(held, at)
    return limitW === null ? null : { limitW, isFailSafe }
  }

  async #take(limit: Limit): Promise<LimitAnswer> {
    noteOnSpan({ [limitAttribute]: limit.limitId })
    const before = await this.#find(limit.limitId)
    if (before) return sameAs(before, limit)
    const { db, clock } = this.#context
    const depotId = this.#sites().find((site) => site.connectionId === limit.connectionId)?.depotId ?? null
    const lastIssuedAt = (depotId && this.#held.get(depotId)?.issuedAt) || null
    const fault = limitFault(limit, { now: clock.now(), known: depotId !== null, lastIssuedAt })
    const [row] = await db
      .insert(receivedLimit)
      .values({
        limitId: limit.limitId,
        connectionId: limit.connectionId,
        depotId,
        intervals: limit.intervals,
        failSafeW: limit.failSafeW,
        issuedAt: instantOf(limit.issuedAt),
        validUntil: instantOf(limit.validUntil),
        receivedAt: clock.now(),
        ...(fault ? { outcome: 'refused' as const, ...fault } : { outcome: 'accepted' as const }),
      })
      .returning()
    if (!row) throw new Error('the limit was not stored')
    if (row.outcome === 'accepted') {
      this.#hold(row)
      if (depotId) this.#onChange(depotId)
    }
    return answerOf(row)
  }

  /** Triggers a decision for the depot whenever the limit's value changes, above all when it expires. */
  #hold(row: ReceivedLimit): void {
    const { depotId } = row
    if (!depotId) return
    this.#held.set(depotId, row)
    const { clock } = this.#context
    for (const at of limitChanges(row))
      if (at.isAfter(clock.now())) clock.at(`limit of ${depotId}`, at, async () => this.#onChange(depotId))
  }

  async #find(limitId: string): Promise<ReceivedLimit | undefined> {
    const [row] = await this.#context.db.select().from(receivedLimit).where(eq(receivedLimit.limitId, limitId))
    return row
  }
}

/** The earlier answer to a limit; another limit under the same identifier is the sender's fault. */
function sameAs(before: ReceivedLimit, limit: Limit): LimitAnswer {
  const plain = ({ intervals, failSafeW }: Pick<Limit, 'intervals' | 'failSafeW'>) =>
    JSON.stringify([failSafeW, intervals.map((i) => [Date.parse(i.from), Date.parse(i.to), i.importLimitW])])
  const isSame =
    before.connectionId === limit.connectionId &&
    before.validUntil.toEpochMilli() === Date.parse(limit.validUntil) &&
    plain(before) === plain(limit)
  if (isSame) return answerOf(before)
  throw new ProblemError(
    'conflict',
    `Limit ${limit.limitId} was received before with different content: send a new one under a new identifier.`,
  )
}

function answerOf(row: ReceivedLimit): LimitAnswer {
  const { limitId } = row
  if (row.outcome === 'accepted') return { limitId, outcome: 'accepted' }
  const answer = { limitId, outcome: 'refused' as const, reason: row.reason as LimitRefusal }
  return row.detail ? { ...answer, detail: row.detail } : answer
}
