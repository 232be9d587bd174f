import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { deliveryWatchSettings } from '../../../schemas/settings/dispatch.ts'
import { clockTimeOf, dayEnd, instantOf, quarterMs, quarterOf, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { clearAlarm, openSources, pendingSources, raiseAlarm } from '../../grid/index.ts'
import { figuresAt, type ServerContext } from '../../kit/index.ts'
import { completeOf, type Followed, followedIn } from './following.ts'
import { askedIn } from './inputs.ts'
import { askedAt } from './rules.ts'
import { runEndMs, type Shortfall, type WatchFigures, watchOf } from './watching.ts'

const kinds = ['delivery-short', 'delivery-not-seen'] as const
type WatchKind = (typeof kinds)[number]

/** The FUs with an alarm of each kind, or with one whose on-delay runs. */
type Alarmed = Record<WatchKind, ReadonlySet<string>>

/**
 * Raises and clears the alarms about delivery of instructions that run (D11): by what is measured, never by what FSPs report, which
 * `under-delivery` is for.
 */
export async function watchDelivery({ db, announce }: ServerContext, at: Instant): Promise<void> {
  const hasChanged = await db.transaction(async (tx) => {
    const figures = await figuresAt(tx, deliveryWatchSettings, at)
    const running = await runningAt(tx, at, figures)
    const alarmed: Alarmed = {
      'delivery-short': await alarmedBy(tx, 'delivery-short'),
      'delivery-not-seen': await alarmedBy(tx, 'delivery-not-seen'),
    }
    let changed = await clearEnded(tx, at, alarmed, new Set(running.map(({ unit }) => unit.fuId)))
    for (const each of running) changed = (await watchUnit(tx, at, each, { figures, alarmed })) || changed
    return changed
  })
  if (hasChanged) announce('alarms')
}

/** The FUs of which something is asked now, by identifier, so that two servers that watch at once cannot deadlock. */
async function runningAt(tx: Queryable, at: Instant, { periods }: WatchFigures): Promise<Followed[]> {
  const nowMs = at.toEpochMilli()
  const now = await askedIn(tx, { from: at, to: at.plusMillis(1) })
  const fuIds = [...now].flatMap(([fuId, asked]) => (askedAt(asked, nowMs) === 0 ? [] : [fuId]))
  if (fuIds.length === 0) return []
  const until = dayEnd(tradingDayOf(at))
  const followed = await followedIn(tx, at, quarterOf(nowMs) - periods * quarterMs, { fuIds, until })
  return followed.toSorted((a, b) => (a.unit.fuId < b.unit.fuId ? -1 : 1))
}

async function alarmedBy(tx: Queryable, kind: WatchKind): Promise<Set<string>> {
  const open = (await openSources(tx, kind)).map((source) => source.id)
  return new Set([...open, ...(await pendingSources(tx, kind))].sort())
}

async function clearEnded(
  tx: Queryable,
  at: Instant,
  alarmed: Alarmed,
  running: ReadonlySet<string>,
): Promise<boolean> {
  let changed = false
  for (const kind of kinds)
    for (const sourceId of alarmed[kind])
      if (!running.has(sourceId)) changed = (await clearAlarm(tx, at, { kind, sourceId })) || changed
  return changed
}

async function watchUnit(
  tx: Queryable,
  at: Instant,
  followed: Followed,
  { figures, alarmed }: { figures: WatchFigures; alarmed: Alarmed },
): Promise<boolean> {
  const { unit, asked } = followed
  const nowMs = at.toEpochMilli()
  const instructedNowW = askedAt(asked, nowMs)
  const { short, notSeen } = watchOf(completeOf(followed), instructedNowW, figures)
  const task = taskText(instructedNowW, runEndMs(asked, nowMs))
  const source = { type: 'fu' as const, id: unit.fuId, name: unit.name }
  const apply = (kind: WatchKind, message: string | 'clear' | 'keep') => {
    if (message === 'keep') return false
    if (message !== 'clear') return raiseAlarm(tx, at, { kind, source, message })
    return alarmed[kind].has(unit.fuId) && clearAlarm(tx, at, { kind, sourceId: unit.fuId })
  }
  const shortText = typeof short === 'string' ? short : shortMessage(unit.name, short, task)
  const seenText = typeof notSeen === 'string' ? notSeen : notSeenMessage(unit.name, task, figures, notSeen.unexpected)
  const first = await apply('delivery-short', shortText)
  return (await apply('delivery-not-seen', seenText)) || first
}

/** What an FU is to do, such as `to turn down by 40 kW until 19:00`. */
function taskText(turnDownW: number, endMs: number): string {
  return `to turn ${turnDownW < 0 ? 'up' : 'down'} by ${kW(Math.abs(turnDownW))} until ${clock(endMs)}`
}

function shortMessage(name: string, { period, deliveredW, missingW }: Shortfall, task: string): string {
  const span = `from ${clock(Date.parse(period.from))} to ${clock(Date.parse(period.to))}`
  return `${name} delivered ${kW(deliveredW)} of ${kW(deliveredW + missingW)} ${span}: ${kW(missingW)} are missing. It is instructed ${task}.`
}

function notSeenMessage(name: string, task: string, { periods }: WatchFigures, unexpected: boolean): string {
  return unexpected
    ? `Nobody can tell what ${name} delivers: it is measured, but neither a baseline nor a forecast says what it would import otherwise. It is instructed ${task}.`
    : `Nothing has been measured of ${name} for ${periods} quarter-hours. It is instructed ${task}.`
}

function kW(w: number): string {
  return `${Math.round(w / 100) / 10} kW`
}

function clock(ms: number): string {
  return clockTimeOf(instantOf(new Date(ms).toISOString()))
}
