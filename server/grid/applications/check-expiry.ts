import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { clearAlarm, openSources, type RaisedAlarm, raiseAlarm } from '../alarms/index.ts'
import { agreementsOf } from '../connections/index.ts'
import { connection, profile } from '../connections/tables.ts'
import { expiryStanding } from './expiry-rules.ts'

const kinds = ['profile-expiring', 'profile-expired'] as const

/** NM03: marks profiles whose last day has passed, and raises or clears the alarms of profiles that expire soon or have expired. */
export async function checkExpiry(context: ServerContext, at: Instant): Promise<void> {
  const changed = await context.db.transaction(async (tx) => {
    const today = tradingDayOf(at)
    await tx
      .update(profile)
      .set({ state: 'expired' })
      .where(sql`${profile.state} = 'approved' and ${profile.validTo} < ${today.toString()}::date`)
    const wanted = await wantedAlarms(tx, at)
    const cleared = await clearOthers(tx, at, wanted)
    let raised = false
    for (const alarm of wanted) raised = (await raiseAlarm(tx, at, alarm)) || raised
    return raised || cleared
  })
  if (changed) context.announce('alarms')
}

async function wantedAlarms(tx: Queryable, at: Instant): Promise<RaisedAlarm[]> {
  const today = tradingDayOf(at)
  const agreements = await agreementsOf(tx)
  const names = await tx.select({ id: connection.connectionId, name: connection.name }).from(connection)
  return names.flatMap(({ id, name }): RaisedAlarm[] => {
    const verdict = expiryStanding(agreements.get(id) ?? [], today)
    const source = { type: 'connection' as const, id, name }
    if (verdict.standing === 'expiring') {
      const message = `The profile of ${name} ends on ${verdict.lastDay}, in ${verdict.daysLeft} days, and none follows.`
      return [{ kind: 'profile-expiring', priority: verdict.priority, source, message }]
    }
    if (verdict.standing !== 'expired') return []
    const message = `The profile of ${name} expired on ${verdict.lastDay}; its fallback limit is in force.`
    return [{ kind: 'profile-expired', source, message }]
  })
}

async function clearOthers(tx: Queryable, at: Instant, wanted: readonly RaisedAlarm[]): Promise<boolean> {
  let changed = false
  for (const kind of kinds) {
    const kept = new Set(wanted.filter((alarm) => alarm.kind === kind).map((alarm) => alarm.source.id))
    for (const { id } of await openSources(tx, kind))
      if (!kept.has(id)) changed = (await clearAlarm(tx, at, { kind, sourceId: id })) || changed
  }
  return changed
}
