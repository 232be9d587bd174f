import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { and, eq, inArray, isNull, lte, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Alarm, AlarmEventName, AlarmKind, AlarmPriority } from '../../../schemas/grid/alarms.ts'
import { type Actor, nameOf, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { lockAlarm, record } from './journal.ts'
import { alarmKinds } from './kinds.ts'
import { alarmTransitions, raiseEvent } from './rules.ts'
import { type AlarmRow, alarmView } from './store.ts'
import { alarm } from './tables.ts'

/** What an alarm is about. */
export type AlarmSource = Alarm['source']

export interface RaisedAlarm {
  kind: AlarmKind
  source: AlarmSource
  /** What happened, in one sentence with figures. */
  message: string
  /** By default what `alarmKinds` says. */
  action?: string
  priority?: AlarmPriority
}

/**
 * Raises an alarm. Of one kind and source one alarm is open at most: while it is active, raising it again changes nothing unless
 * the priority is higher; one that had cleared becomes active again. Call it in the transaction of what it reports.
 * @returns `true` when an operator has something new to see; then `announce('alarms')` after the commit.
 */
export async function raiseAlarm(tx: Queryable, at: Instant, raised: RaisedAlarm): Promise<boolean> {
  const priority = raised.priority ?? alarmKinds[raised.kind].priority
  for (;;) {
    const open = await lockOpen(tx, raised.kind, raised.source.id)
    if (open) return raiseOpen(tx, at, open, raised, priority)
    if (await insertAlarm(tx, at, raised, priority)) return true
    // Another transaction raised the same one in between: treat it as the open one that it is.
  }
}

async function raiseOpen(
  tx: Queryable,
  at: Instant,
  open: AlarmRow,
  raised: RaisedAlarm,
  priority: AlarmPriority,
): Promise<boolean> {
  const event = raiseEvent(open.priority, priority)
  const state = alarmTransitions[open.state][event]
  if (event === 'raise' && state === open.state) return false
  const { message, action = alarmKinds[raised.kind].action } = raised
  const [saved] = await tx
    .update(alarm)
    .set({
      state,
      message,
      action,
      priority,
      raisedAt: at,
      occurrences: open.occurrences + 1,
      clearedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
    })
    .where(eq(alarm.alarmId, open.alarmId))
    .returning()
  if (saved) await record(tx, at, saved, event === 'raise' ? 'raised' : 'escalated', { actor: system, detail: message })
  return true
}

/** How the journal names this system. */
const system = 'ringmain'

async function insertAlarm(tx: Queryable, at: Instant, raised: RaisedAlarm, priority: AlarmPriority): Promise<boolean> {
  const { kind, source, message, action = alarmKinds[kind].action } = raised
  const [made] = await tx
    .insert(alarm)
    .values({
      alarmId: randomUUID(),
      kind,
      sourceType: source.type,
      sourceId: source.id,
      sourceName: source.name,
      priority,
      state: 'unacknowledged',
      message,
      action,
      raisedAt: at,
      occurrences: 1,
    })
    .onConflictDoNothing()
    .returning()
  if (made) await record(tx, at, made, 'raised', { actor: system, detail: message })
  return made !== undefined
}

async function lockOpen(tx: Queryable, kind: AlarmKind, sourceId: string): Promise<AlarmRow | undefined> {
  const [row] = await tx
    .select()
    .from(alarm)
    .where(and(eq(alarm.kind, kind), eq(alarm.sourceId, sourceId), ne(alarm.state, 'closed')))
    .for('update')
  return row
}

/**
 * Says that the cause of an alarm has gone. Nothing happens when none is open.
 * @returns `true` when an alarm changed its state; then `announce('alarms')` after the commit.
 */
export async function clearAlarm(
  tx: Queryable,
  at: Instant,
  cleared: { kind: AlarmKind; sourceId: string },
): Promise<boolean> {
  const open = await lockOpen(tx, cleared.kind, cleared.sourceId)
  if (!open) return false
  const state = alarmTransitions[open.state].clear
  if (state === open.state) return false
  const [saved] = await tx
    .update(alarm)
    .set({ state, clearedAt: at })
    .where(eq(alarm.alarmId, open.alarmId))
    .returning()
  if (saved) await record(tx, at, saved, 'cleared', { actor: system, detail: 'The cause has gone.' })
  return true
}

/** What a person does to an alarm: the change, and how journal and audit name it; `null` when there is nothing to do. */
type Handling = (
  row: AlarmRow,
  at: Instant,
) => { event: AlarmEventName; change: Partial<AlarmRow>; detail: string } | null

async function handle(
  context: ServerContext,
  actor: Actor | null,
  alarmId: string,
  handling: Handling,
): Promise<Alarm> {
  const person = requirePerson(actor)
  const at = context.clock.now()
  const { row, changed } = await context.db.transaction(async (tx) => {
    const found = await lockAlarm(tx, alarmId)
    if (!found) throw new ProblemError('not-found', `There is no alarm ${alarmId}.`)
    const done = handling(found, at)
    if (!done) return { row: found, changed: false }
    const [saved = found] = await tx.update(alarm).set(done.change).where(eq(alarm.alarmId, alarmId)).returning()
    await record(tx, at, saved, done.event, { actor: nameOf(person), detail: done.detail })
    await recordAudit(tx, at, person, {
      action: `alarm.${done.event}`,
      subject: { type: 'alarm', id: alarmId },
      detail: { kind: found.kind, source: found.sourceId, state: saved.state, detail: done.detail },
    })
    return { row: saved, changed: true }
  })
  if (changed) context.announce('alarms')
  return alarmView(row)
}

/** A person has seen an alarm. Acknowledging twice changes nothing the second time. */
export function acknowledgeAlarm(context: ServerContext, actor: Actor | null, alarmId: string): Promise<Alarm> {
  return handle(context, actor, alarmId, (row, at) => {
    const state = alarmTransitions[row.state].acknowledge
    if (state === row.state) return null
    const change = { state, acknowledgedAt: at, acknowledgedBy: actor && nameOf(actor) }
    return { event: 'acknowledged', change, detail: '' }
  })
}

/** Nothing is put aside for longer than this: what is out of sight for weeks is forgotten. */
const longestShelfS = 7 * 86_400

/** Puts an alarm aside until a time, with a reason. It goes on living, and comes back by itself. */
export function shelveAlarm(
  context: ServerContext,
  actor: Actor | null,
  alarmId: string,
  given: { until: string; reason: string },
): Promise<Alarm> {
  return handle(context, actor, alarmId, (row, at) => {
    const until = Instant.ofEpochMilli(Date.parse(given.until))
    if (!until.isAfter(at) || until.isAfter(at.plusSeconds(longestShelfS)))
      throw new ProblemError('contract-broken', `until: must be within the next ${longestShelfS / 86_400} days.`, {
        errors: [{ field: 'until', message: `must be within the next ${longestShelfS / 86_400} days` }],
      })
    if (row.state === 'closed')
      throw new ProblemError('conflict', 'The alarm is closed: there is nothing to put aside.')
    const change = { shelvedUntil: until, shelvedBy: actor && nameOf(actor), shelfReason: given.reason }
    return { event: 'shelved', change, detail: `until ${until}: ${given.reason}` }
  })
}

const offShelf = { shelvedUntil: null, shelvedBy: null, shelfReason: null }

/** Takes an alarm off the shelf before its time. */
export function unshelveAlarm(context: ServerContext, actor: Actor | null, alarmId: string): Promise<Alarm> {
  return handle(context, actor, alarmId, (row) =>
    row.shelvedUntil ? { event: 'unshelved', change: offShelf, detail: 'before its time' } : null,
  )
}

/** Says who sees to an alarm. */
export function takeAlarm(
  context: ServerContext,
  actor: Actor | null,
  alarmId: string,
  owner: string | null,
): Promise<Alarm> {
  return handle(context, actor, alarmId, (row) =>
    row.owner === owner ? null : { event: 'taken', change: { owner }, detail: owner ?? 'given back' },
  )
}

/** Brings back the alarms whose time on the shelf is over. */
export async function endShelving(context: ServerContext, at: Instant): Promise<void> {
  const back = await context.db.transaction(async (tx) => {
    const rows = await tx.update(alarm).set(offShelf).where(lte(alarm.shelvedUntil, at)).returning()
    for (const row of rows) await record(tx, at, row, 'unshelved', { actor: system, detail: 'its time is over' })
    return rows.length
  })
  if (back > 0) context.announce('alarms')
}

/** Takes open alarms off the operators' list because another active one explains them: a gateway its hubs. */
export async function suppressAlarms(
  tx: Queryable,
  at: Instant,
  suppressed: { kind: AlarmKind; sourceIds: readonly string[]; causeId: string },
): Promise<void> {
  if (suppressed.sourceIds.length === 0) return
  const open = and(eq(alarm.kind, suppressed.kind), ne(alarm.state, 'closed'), isNull(alarm.causeId))
  const rows = await tx
    .update(alarm)
    .set({ causeId: suppressed.causeId })
    .where(and(open, inArray(alarm.sourceId, [...suppressed.sourceIds])))
    .returning()
  for (const row of rows) await record(tx, at, row, 'suppressed', { actor: system, detail: `by ${suppressed.causeId}` })
}

/** Puts back what a cause that has gone had suppressed. */
export async function releaseAlarms(tx: Queryable, at: Instant, causeId: string): Promise<void> {
  const rows = await tx.update(alarm).set({ causeId: null }).where(eq(alarm.causeId, causeId)).returning()
  for (const row of rows) await record(tx, at, row, 'unsuppressed', { actor: system, detail: `${causeId} is back` })
}
