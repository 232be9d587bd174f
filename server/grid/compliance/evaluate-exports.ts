import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { type ChosenConnections, exportLimitInForce } from '../connections/index.ts'
import { clearBreaches, raiseBreaches } from './alarms.ts'
import { type ExportStanding, readExportStandings, saveExportStandings } from './export-store.ts'
import { assess, type ComplianceFigures, meanW, type OpenBreach, provenW, type Standing } from './rules.ts'
import { type BreachRow, saveBreaches } from './store.ts'
import type { Subject } from './subjects.ts'

/** A connection whose export was assessed: how it stands, or `null` where its limit is no longer stated, which ends its breach too. */
interface AssessedExport {
  subject: Subject
  standing: Standing | null
  /** What was exceeded, W, where a breach is open or has ended. */
  breach: { breachId: string; limitW: number; isNew: boolean; figures: OpenBreach } | null
  hasEnded: boolean
}

interface ExportsGiven {
  chosen: ChosenConnections
  connections: readonly Subject[]
  figures: ComplianceFigures
}

/**
 * Assesses the export of connections whose export capacity is stated, by the rules of import: the same delays and the same dead band, on
 * the power that flows the other way. Where only current is measured, and nobody knows which way it flows, it stays unknown. Within the
 * transaction of `evaluate`, which holds the locks. Returns whether an alarm changed.
 */
export async function evaluateExports(tx: Queryable, at: Instant, given: ExportsGiven): Promise<boolean> {
  const { chosen, connections, figures } = given
  const before = await readExportStandings(tx, chosen)
  const assessed = connections.flatMap((subject) =>
    assessExport(subject, before.get(subject.connectionId), at, figures),
  )
  if (assessed.length === 0) return false
  await saveExportStandings(
    tx,
    assessed.flatMap(({ subject, standing }) => (standing ? [{ connectionId: subject.connectionId, standing }] : [])),
    assessed.filter(({ standing }) => standing === null).map(({ subject }) => subject.connectionId),
  )
  await saveBreaches(
    tx,
    assessed.flatMap((each) => breachRowOf(each, at)),
  )
  return alarm(tx, at, assessed)
}

function assessExport(
  subject: Subject,
  before: ExportStanding | undefined,
  at: Instant,
  figures: ComplianceFigures,
): AssessedExport[] {
  const limit = exportLimitInForce(subject)
  const open = before?.breach ? { ...before.breach, isNew: false } : null
  if (!limit) {
    if (!before) return []
    const breach = open && before.standing.breach ? { ...open, figures: before.standing.breach } : null
    return [{ subject, standing: null, breach, hasEnded: breach !== null }]
  }
  const exportW = subject.importW === null ? null : exportOf(subject.importW, subject.directionKnown)
  const { standing, ended } = assess(
    before?.standing ?? null,
    {
      atMs: at.toEpochMilli(),
      flowW: provenW(subject, exportW, limit.limitW, figures),
      limitW: limit.limitW,
      holdMs: subject.holdMs,
    },
    figures,
  )
  const found = standing.breach ?? ended
  const own = open ?? { breachId: randomUUID(), limitW: limit.limitW, isNew: true }
  return [{ subject, standing, breach: found && { ...own, figures: found }, hasEnded: ended !== null }]
}

/** Power out of a site, W. Of an unknown direction all of it may be export. */
function exportOf(importW: number, directionKnown: boolean): number {
  return directionKnown ? 0 - importW : Math.abs(importW)
}

function breachRowOf({ subject, breach, hasEnded }: AssessedExport, at: Instant): BreachRow[] {
  if (!breach) return []
  return [
    {
      breachId: breach.breachId,
      connectionId: subject.connectionId,
      fuId: null,
      instructionId: null,
      direction: 'export',
      limitW: breach.limitW,
      limitSource: 'export-capacity',
      breach: breach.figures,
      countedToMs: at.toEpochMilli(),
      endMs: hasEnded ? at.toEpochMilli() : null,
    },
  ]
}

async function alarm(tx: Queryable, at: Instant, assessed: readonly AssessedExport[]): Promise<boolean> {
  const over = assessed.filter(({ hasEnded }) => hasEnded).map(({ subject }) => subject.connectionId)
  const cleared = await clearBreaches(tx, at, over, 'export')
  const news = assessed.flatMap(({ subject: { connectionId: id, name }, standing, breach, hasEnded }) => {
    if (!standing || !breach?.isNew || hasEnded) return []
    const loadW = Math.max(standing.flowW ?? 0, meanW(standing.mean) ?? 0)
    const source = { type: 'connection' as const, id, name }
    return [{ source, loadW, limitW: breach.limitW, limitSource: 'export-capacity' as const }]
  })
  const raised = await raiseBreaches(tx, at, news, 'export')
  return cleared || raised
}
