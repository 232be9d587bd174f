import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { suppressAlarms } from '../alarms/index.ts'
import type { ChosenConnections } from '../connections/index.ts'
import { clearBreaches, raiseBreaches } from './alarms.ts'
import { assessFu, type FuStanding } from './dispatch-rules.ts'
import { type DispatchLimit, type FuSubject, readFuSubjects, saveFuStandings } from './dispatch-store.ts'
import { type ComplianceFigures, meanW, type OpenBreach } from './rules.ts'
import { type BreachRow, saveBreaches } from './store.ts'
import type { Subject } from './subjects.ts'

interface HeldUnit {
  subject: FuSubject
  limit: DispatchLimit
  standing: FuStanding
  ended: OpenBreach | null
  name: string
}

interface UnitsGiven {
  chosen: ChosenConnections
  connections: readonly Subject[]
  /** Connections whose own breach explains that of their FUs: one alarm is enough. */
  explained: ReadonlySet<string>
  figures: ComplianceFigures
}

/**
 * Assesses the FUs that accepted dispatches limit (NM02), by the load of their connection's `ev` feeders. When a limit ends, its breach
 * ends too; when another limit follows immediately, an open breach continues under it.
 * @returns whether an alarm changed.
 */
export async function evaluateUnits(
  tx: Queryable,
  at: Instant,
  { chosen, connections, explained, figures }: UnitsGiven,
): Promise<boolean> {
  const units = await readFuSubjects(tx, at, chosen)
  if (units.length === 0) return false
  const connectionOf = new Map(connections.map((c) => [c.connectionId, c]))
  const held = units.flatMap((unit) => hold(unit, at, figures, connectionOf.get(unit.connectionId)))
  const over = units.filter((unit) => !unit.limit)
  await saveFuStandings(
    tx,
    held,
    over.map((unit) => unit.fuId),
  )
  await saveBreaches(tx, [...held.flatMap(breachRowOf), ...over.flatMap(endedWithLimit)])
  const changed = await alarm(tx, at, held, over)
  for (const [causeId, own] of Map.groupBy(held, (unit) => unit.subject.connectionId)) {
    if (!explained.has(causeId)) continue
    const sourceIds = own.filter((unit) => unit.standing.breach).map((unit) => unit.subject.fuId)
    await suppressAlarms(tx, at, { kind: 'limit-breach', sourceIds, causeId })
  }
  return changed
}

function hold(
  subject: FuSubject,
  at: Instant,
  figures: ComplianceFigures,
  connection: Subject | undefined,
): HeldUnit[] {
  const { limit, before } = subject
  if (!limit || !connection) return []
  const followsOn = before !== null && before.limitToMs >= limit.fromMs
  const assessment = assessFu(
    followsOn ? before.standing : null,
    {
      atMs: at.toEpochMilli(),
      evW: connection.evW,
      limitW: limit.limitW,
      limitFromMs: limit.fromMs,
      holdMs: connection.holdMs,
    },
    figures,
  )
  const left = !followsOn && before?.standing.breach ? before.standing.breach : null
  return [
    {
      subject,
      limit,
      standing: assessment.standing,
      ended: assessment.ended ?? left,
      name: `FU at ${connection.name}`,
    },
  ]
}

function breachRowOf({ subject, limit, standing, ended }: HeldUnit): BreachRow[] {
  const breach = standing.breach ?? ended
  if (!breach) return []
  return [
    {
      breachId: subject.breach?.breachId ?? randomUUID(),
      connectionId: subject.connectionId,
      fuId: subject.fuId,
      instructionId: limit.instructionId,
      direction: 'import',
      limitW: limit.limitW,
      limitSource: 'dispatch',
      breach,
      countedToMs: standing.evaluatedMs,
      endMs: ended ? standing.evaluatedMs : null,
    },
  ]
}

/** A limit has ended with its breach still open: the breach ends with the limit. */
function endedWithLimit({ fuId, connectionId, before, breach }: FuSubject): BreachRow[] {
  if (!breach || !before?.standing.breach) return []
  const figures = before.standing.breach
  const restMs = Math.max(0, before.limitToMs - before.standing.evaluatedMs)
  return [
    {
      ...breach,
      connectionId,
      fuId,
      direction: 'import',
      limitSource: 'dispatch',
      countedToMs: before.limitToMs,
      endMs: before.limitToMs,
      breach: { ...figures, excessWh: figures.excessWh + (figures.excessW * restMs) / 3_600_000 },
    },
  ]
}

async function alarm(
  tx: Queryable,
  at: Instant,
  held: readonly HeldUnit[],
  over: readonly FuSubject[],
): Promise<boolean> {
  const gone = [...held.filter((u) => u.ended).map((u) => u.subject), ...over.filter((u) => u.breach)]
  const cleared = await clearBreaches(
    tx,
    at,
    gone.map(({ fuId }) => fuId),
  )
  const news = held.flatMap(({ subject, limit, standing, name }) => {
    if (!standing.breach || subject.breach) return []
    const source = { type: 'fu' as const, id: subject.fuId, name }
    const loadW = meanW(standing.mean) ?? standing.evW ?? 0
    return [{ source, loadW, limitW: limit.limitW, limitSource: 'dispatch' as const }]
  })
  const raised = await raiseBreaches(tx, at, news)
  return cleared || raised
}
