import type { Instant } from '@js-joda/core'
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type HubConditionKind, type HubEvent, hubConditionKind } from '../../../schemas/grid/telemetry.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { clearAlarm, raiseAlarm } from '../alarms/index.ts'
import type { HubRecord } from '../hubs/index.ts'
import type { HubCondition } from './condition-rules.ts'
import { hubEvent } from './tables.ts'

/** The conditions of a hub before and after a post. */
export interface ConditionChange {
  hubId: string
  before: readonly HubCondition[]
  after: readonly HubCondition[]
}

/** Records which conditions began and ended (A19), and raises and clears their alarms: one for each hub and kind. */
export async function recordConditions(
  tx: Queryable,
  at: Instant,
  changes: readonly ConditionChange[],
  hubs: ReadonlyMap<string, HubRecord>,
): Promise<boolean> {
  let changed = false
  for (const { hubId, before, after } of changes) {
    const events = [
      ...missingFrom(after, before).map((condition) => ({ ...condition, event: 'began' as const })),
      ...missingFrom(before, after).map((condition) => ({ ...condition, event: 'ended' as const })),
    ]
    if (events.length === 0) continue
    await tx.insert(hubEvent).values(events.map((event) => ({ hubId, at, ...event })))
    const name = hubs.get(hubId)?.name ?? hubId
    for (const kind of new Set(events.map((event) => event.kind)))
      changed = (await alarm(tx, at, { id: hubId, name }, kind, after)) || changed
  }
  return changed
}

const samePlace = (a: HubCondition, b: HubCondition) =>
  a.kind === b.kind && a.feeder === b.feeder && a.phase === b.phase

const missingFrom = (some: readonly HubCondition[], others: readonly HubCondition[]) =>
  some.filter((condition) => !others.some((other) => samePlace(condition, other)))

async function alarm(
  tx: Queryable,
  at: Instant,
  hub: { id: string; name: string },
  kind: HubConditionKind,
  after: readonly HubCondition[],
): Promise<boolean> {
  const own = after.filter((condition) => condition.kind === kind)
  if (own.length === 0) return clearAlarm(tx, at, { kind, sourceId: hub.id })
  const message = `${hub.name}: ${words[kind]} ${own.map(placeOf).join(', ')}.`
  return raiseAlarm(tx, at, { kind, source: { type: 'hub', ...hub }, message })
}

const words: Record<HubConditionKind, string> = {
  'hub-fault': 'reports a fault,',
  'hub-hot': 'is hot,',
  'over-voltage': 'voltage too high at',
  'under-voltage': 'voltage too low at',
  'phase-loss': 'phase lost at',
}

function placeOf({ kind, feeder, phase, value }: HubCondition): string {
  if (kind === 'hub-fault') return `status ${value}`
  if (kind === 'hub-hot') return `${value.toFixed(1)} °C`
  return `feeder ${feeder} ${phase} (${value.toFixed(1)} V)`
}

/** A page of what happened to a hub, the newest first. */
export async function hubEvents(db: Queryable, hubId: string, query: PageQuery): Promise<Page<HubEvent>> {
  const rows = await db
    .select()
    .from(hubEvent)
    .where(and(eq(hubEvent.hubId, hubId), afterCursor(query, [sql`${hubEvent.eventId}`], 'desc')))
    .orderBy(desc(hubEvent.eventId))
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    (row) => [row.eventId],
    ({ at, kind, event, feeder, phase, value }) => ({
      at: at.toString(),
      kind: hubConditionKind.parse(kind),
      event,
      feeder,
      phase,
      value,
    }),
  )
}

/** Deletes events before an instant. What has begun and not ended stays: it tells since when. */
export async function forgetHubEvents(db: Queryable, before: Instant): Promise<void> {
  await db.execute(sql`
    delete from hub_event e where e.at < ${before.toString()}::timestamptz and (e.event = 'ended' or exists (
      select from hub_event later where later.hub_id = e.hub_id and later.event_id > e.event_id and later.kind = e.kind
        and later.feeder = e.feeder and later.phase = e.phase))`)
}
