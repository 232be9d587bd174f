import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, asc, desc, eq, inArray, ne } from 'drizzle-orm'
import { alarmTransitions } from '../../platform/alarms/index.ts'
import type { Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { DepotAlarm, DepotAlarmEvent, DepotAlarmKind } from '../../schemas/fsp/alarms.ts'
import type { FspContext } from '../app/context.ts'
import { alarmKinds } from './kinds.ts'
import { oweNotices } from './notices.ts'
import { type Cause, type Standing, type Step, stepOf } from './rules.ts'
import type { AlarmSettings } from './settings.ts'
import { type AlarmRow, depotAlarm, depotAlarmJournal, depotAlarmPending } from './tables.ts'

/** Who raises and clears alarms, in their history. */
const system = 'ringmain'
const listed = 1_000

const keyOf = (kind: DepotAlarmKind, sourceId: string) => `${kind} ${sourceId}`

/**
 * Alarms of the depots (H7). Whoever watches states what is wrong at present; what follows is decided here: at most one alarm of a kind and
 * source is open, it waits for its delays, rises and falls, stays until it is acknowledged, and tells those who want to know.
 */
export class DepotAlarms {
  readonly #context: FspContext
  readonly settings: AlarmSettings
  /** One pass at a time: two would raise the same alarm twice. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(context: FspContext, settings: AlarmSettings) {
    this.#context = context
    this.settings = settings
  }

  /**
   * Brings alarms up to what is wrong now. @param kinds those that were looked at: of these, what is not among the causes is well.
   * Returns how many alarms changed.
   */
  reconcile(kinds: readonly DepotAlarmKind[], causes: readonly Cause[], at: Instant): Promise<number> {
    const { db } = this.#context
    const pass = this.#turn.then(async () => {
      // In most minutes nothing follows from what is wrong: that is found out without a transaction.
      if ((await this.#dueSteps(db, kinds, causes, at)).length === 0) return 0
      return db.transaction((tx) => this.#reconcile(tx, kinds, causes, at))
    })
    this.#turn = pass.catch(() => undefined)
    return pass
  }

  async #reconcile(tx: Queryable, kinds: readonly DepotAlarmKind[], causes: readonly Cause[], at: Instant) {
    let changed = 0
    for (const { step, cause, row, held } of await this.#dueSteps(tx, kinds, causes, at)) {
      if (held && step.do !== 'wait')
        await tx
          .delete(depotAlarmPending)
          .where(and(eq(depotAlarmPending.kind, held.kind), eq(depotAlarmPending.sourceId, held.sourceId)))
      if (await this.#take(tx, step, { cause, row, isHeld: held !== null }, at)) changed++
    }
    return changed
  }

  /** What is to be done now, given what stands: without what changes nothing. */
  async #dueSteps(tx: Queryable, kinds: readonly DepotAlarmKind[], causes: readonly Cause[], at: Instant) {
    const isLookedAt = inArray(depotAlarm.kind, [...kinds])
    const [open, pending] = await Promise.all([
      tx
        .select()
        .from(depotAlarm)
        .where(and(isLookedAt, ne(depotAlarm.state, 'closed'))),
      tx
        .select()
        .from(depotAlarmPending)
        .where(inArray(depotAlarmPending.kind, [...kinds])),
    ])
    const wanted = new Map(
      causes
        .filter(({ depotId, kind }) => this.settings.of(depotId, kind).isOn)
        .map((cause) => [keyOf(cause.kind, cause.sourceId), cause]),
    )
    const opened = new Map(open.map((row) => [keyOf(row.kind, row.sourceId), row]))
    const waiting = new Map(pending.map((row) => [keyOf(row.kind, row.sourceId), row]))
    return [...new Set([...wanted.keys(), ...opened.keys(), ...waiting.keys()])].flatMap((key) => {
      const [cause, row, held] = [wanted.get(key) ?? null, opened.get(key) ?? null, waiting.get(key) ?? null]
      const { kind } = (cause ?? row ?? held) as { kind: DepotAlarmKind }
      const delays = this.settings.of(cause?.depotId ?? row?.depotId ?? null, kind)
      const since = held?.since.toEpochMilli() ?? null
      const step = stepOf(cause?.level ?? null, row && standingOf(row), since, delays, at.toEpochMilli())
      const isIdle = held === null ? step.do === 'nothing' : step.do === 'wait'
      return isIdle ? [] : [{ step, cause, row, held }]
    })
  }

  /** Takes a step; `true` if an alarm has changed. */
  async #take(
    tx: Queryable,
    step: Step,
    { cause, row, isHeld }: { cause: Cause | null; row: AlarmRow | null; isHeld: boolean },
    at: Instant,
  ): Promise<boolean> {
    if (step.do === 'wait' && cause && !isHeld) {
      await tx.insert(depotAlarmPending).values({ kind: cause.kind, sourceId: cause.sourceId, since: at })
      return false
    }
    if (step.do === 'open' && cause) {
      await this.#open(tx, cause, at)
      return true
    }
    if (!row) return false
    if (step.do === 'begin-clearing' || step.do === 'keep') {
      const clearingSince = step.do === 'keep' ? null : at
      await tx.update(depotAlarm).set({ clearingSince }).where(eq(depotAlarm.alarmId, row.alarmId))
      return false
    }
    if (step.do !== 'change') return false
    await this.#change(tx, row, step, cause?.message ?? row.message, at)
    return true
  }

  async #open(tx: Queryable, { kind, depotId, sourceId, level, message }: Cause, at: Instant): Promise<void> {
    const [row] = await tx
      .insert(depotAlarm)
      .values({
        alarmId: randomUUID(),
        kind,
        depotId,
        sourceId,
        level,
        state: 'unacknowledged',
        message,
        raisedAt: at,
        occurrences: 1,
      })
      .returning()
    if (row) await this.#record(tx, row, 'raised', { actor: system, detail: message }, at)
  }

  async #change(
    tx: Queryable,
    before: AlarmRow,
    { event, state, level }: Extract<Step, { do: 'change' }>,
    message: string,
    at: Instant,
  ): Promise<void> {
    const isAnew = event === 'raised' || event === 'escalated'
    const anew = { raisedAt: at, clearedAt: null, acknowledgedAt: null, acknowledgedBy: null }
    const [row] = await tx
      .update(depotAlarm)
      .set({
        state,
        level,
        message,
        clearingSince: null,
        ...(isAnew ? { ...anew, occurrences: before.occurrences + 1 } : {}),
        ...(event === 'cleared' ? { clearedAt: at } : {}),
      })
      .where(eq(depotAlarm.alarmId, before.alarmId))
      .returning()
    if (row) await this.#record(tx, row, event, { actor: system, detail: message }, at)
  }

  async #record(
    tx: Queryable,
    row: AlarmRow,
    event: DepotAlarmEvent,
    by: { actor: string; detail: string },
    at: Instant,
  ): Promise<void> {
    const { alarmId, state, level } = row
    await tx.insert(depotAlarmJournal).values({ alarmId, at, event, state, level, ...by })
    if (event !== 'acknowledged' && event !== 'eased') await oweNotices(tx, at, { event, alarm: this.view(row) })
  }

  /** Somebody has seen an alarm; one that has cleared is closed. A repeat changes nothing. */
  async acknowledge(
    alarmId: string,
    by: { actor: string; note: string },
    check: (row: AlarmRow) => void,
    note: (tx: Queryable) => Promise<void>,
  ): Promise<DepotAlarm> {
    const at = this.#context.clock.now()
    return this.#context.db.transaction(async (tx) => {
      const [row] = await tx.select().from(depotAlarm).where(eq(depotAlarm.alarmId, alarmId)).for('update')
      if (!row) throw noAlarm(alarmId)
      check(row)
      await note(tx)
      const state = alarmTransitions[row.state].acknowledge
      if (state === row.state) return this.view(row)
      const change = { state, acknowledgedAt: at, acknowledgedBy: by.actor }
      const [saved = row] = await tx.update(depotAlarm).set(change).where(eq(depotAlarm.alarmId, alarmId)).returning()
      await this.#record(tx, saved, 'acknowledged', { actor: by.actor, detail: by.note }, at)
      return this.view(saved)
    })
  }

  async list(state: 'open' | 'closed', kind?: DepotAlarmKind): Promise<AlarmRow[]> {
    const isState = state === 'open' ? ne(depotAlarm.state, 'closed') : eq(depotAlarm.state, 'closed')
    return this.#context.db
      .select()
      .from(depotAlarm)
      .where(and(isState, kind === undefined ? undefined : eq(depotAlarm.kind, kind)))
      .orderBy(desc(depotAlarm.raisedAt))
      .limit(listed)
  }

  async find(alarmId: string): Promise<AlarmRow> {
    const [row] = await this.#context.db.select().from(depotAlarm).where(eq(depotAlarm.alarmId, alarmId))
    if (!row) throw noAlarm(alarmId)
    return row
  }

  history(alarmId: string) {
    return this.#context.db
      .select()
      .from(depotAlarmJournal)
      .where(eq(depotAlarmJournal.alarmId, alarmId))
      .orderBy(asc(depotAlarmJournal.entryId))
  }

  /** An alarm as it is shown, with who answers for it. */
  view({ clearingSince: _, raisedAt, clearedAt, acknowledgedAt, ...row }: AlarmRow): DepotAlarm {
    const { consequence, action } = alarmKinds[row.kind]
    return {
      ...row,
      consequence,
      action,
      responsible: this.settings.of(row.depotId, row.kind).responsible,
      raisedAt: raisedAt.toString(),
      clearedAt: clearedAt?.toString() ?? null,
      acknowledgedAt: acknowledgedAt?.toString() ?? null,
    }
  }
}

function standingOf({ state, level, clearingSince }: AlarmRow): Standing {
  return { state, level, clearingSinceMs: clearingSince?.toEpochMilli() ?? null }
}

function noAlarm(alarmId: string): ProblemError {
  return new ProblemError('not-found', `Alarm ${alarmId} not found.`)
}
