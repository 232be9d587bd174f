import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { complianceSettings } from '../../../schemas/settings/telemetry.ts'
import { figuresAt, type ServerContext } from '../../kit/index.ts'
import { releaseAlarms } from '../alarms/index.ts'
import {
  agreementsOf,
  type ChosenConnections,
  type Imposed,
  imposedAt,
  limitInForce,
  localMoment,
  nothingImposed,
} from '../connections/index.ts'
import type { MeasurementListener } from '../telemetry/index.ts'
import { importTable, requirePartitions, utcDay } from '../telemetry/index.ts'
import { clearBreaches, raiseBreaches } from './alarms.ts'
import { evaluateExports } from './evaluate-exports.ts'
import { evaluateUnits } from './evaluate-units.ts'
import { creditMinute } from './history.ts'
import { type Assessment, assess, complianceDefaults, meanW, provenW } from './rules.ts'
import { type BreachRow, recordImports, type StandingRow, saveBreaches, saveStandings } from './store.ts'
import { connectionsOfHubs, lockStandings, readSubjects, type Subject, sharesOfAll } from './subjects.ts'

/** Assesses the connections measured by hubs that sent data, in the transaction that stores the data. */
export const evaluateHubs: MeasurementListener = async (tx, at, hubIds) => {
  const connectionIds = await connectionsOfHubs(tx, hubIds)
  return connectionIds.length > 0 && (await evaluate(tx, at, connectionIds)).alarmed
}

/** The pass of a minute: assesses every connection, also those without data, and records their import for charts. */
export async function minutePass(context: ServerContext, at: Instant): Promise<void> {
  await requirePartitions(context.db, importTable, [utcDay(at)])
  const shares = await sharesOfAll(context.db)
  const passes = await Promise.allSettled(
    shares.map((share) =>
      context.db.transaction(async (tx) => {
        const pass = await evaluate(tx, at, share)
        await Promise.all([creditMinute(tx, at, share), recordImports(tx, at, pass.subjects)])
        return pass.alarmed
      }),
    ),
  )
  context.announce('telemetry')
  if (passes.some((pass) => pass.status === 'fulfilled' && pass.value)) context.announce('alarms')
  for (const pass of passes) if (pass.status === 'rejected') throw pass.reason
}

/** Assesses connections and the FUs behind them. */
async function evaluate(
  tx: Queryable,
  at: Instant,
  chosen: ChosenConnections,
): Promise<{ subjects: Subject[]; alarmed: boolean }> {
  await lockStandings(tx, chosen)
  // Asked for at once: the database works on the next while the rows of the last are read.
  const [agreements, subjects, imposed, figures] = await Promise.all([
    agreementsOf(tx, chosen),
    readSubjects(tx, at, chosen),
    imposedAt(tx, at, chosen),
    figuresAt(tx, complianceSettings, at),
  ])
  const moment = localMoment(at)
  const assessed = subjects.map((subject) => {
    const { ascKva, powerFactor, connectionId, holdMs, before } = subject
    const terms = { ascKva, powerFactor, agreements: agreements.get(connectionId) ?? [] }
    const limit = limitInForce(terms, moment, judgedBy(subject, imposed.get(connectionId)), restW(subject))
    const assessment = assess(
      before,
      {
        atMs: at.toEpochMilli(),
        flowW: provenW(subject, subject.importW, limit.limitW, figures),
        limitW: limit.limitW,
        holdMs,
        graceUntilMs: (limit.sinceMs ?? 0) + complianceDefaults.dispatchRampMs,
      },
      figures,
    )
    return { subject, ...assessment, limitSource: limit.source }
  })
  await saveStandings(tx, assessed)
  const breaches = assessed.flatMap(breachRowOf)
  await saveBreaches(tx, breaches)
  const alarmed = [
    await alarmBreaches(tx, at, assessed),
    await evaluateExports(tx, at, { chosen, connections: subjects, figures }),
    await evaluateUnits(tx, at, { chosen, connections: subjects, explained: byDispatch(assessed), figures }),
  ]
  return { subjects, alarmed: alarmed.includes(true) }
}

/**
 * What is imposed on a site as its assessment sees it. A fail-safe limit that answers a breach does not keep that breach open: the breach
 * ends by the limit that was broken, and the fail-safe limit after it.
 */
function judgedBy({ breachSource }: Subject, imposed: Imposed = nothingImposed): Imposed {
  return breachSource === null || breachSource === 'fail-safe' ? imposed : { ...imposed, failSafe: null }
}

/** The load of a site without its charge-point feeders, W; `null` where either is unknown. */
function restW({ importW, evW }: Pick<Subject, 'importW' | 'evW'>): number | null {
  return importW === null || evW === null ? null : importW - evW
}

type Assessed = StandingRow & Assessment

function breachRowOf({ subject, standing, ended, limitSource }: Assessed): BreachRow[] {
  const breach = standing.breach ?? ended
  if (!breach) return []
  return [
    {
      breachId: subject.breachId ?? randomUUID(),
      connectionId: subject.connectionId,
      fuId: null,
      instructionId: null,
      direction: 'import',
      limitW: standing.limitW,
      limitSource,
      breach,
      countedToMs: standing.evaluatedMs,
      endMs: ended ? standing.evaluatedMs : null,
    },
  ]
}

/** Connections in breach of what a dispatch implies: that explains the alarms of their FUs. */
function byDispatch(assessed: readonly Assessed[]): Set<string> {
  const own = assessed.filter(({ standing, limitSource }) => standing.breach && limitSource === 'dispatch')
  return new Set(own.map(({ subject }) => subject.connectionId))
}

async function alarmBreaches(tx: Queryable, at: Instant, assessed: readonly Assessed[]): Promise<boolean> {
  const over = assessed.filter(({ ended }) => ended).map(({ subject }) => subject.connectionId)
  const cleared = await clearBreaches(tx, at, over)
  await releaseAlarms(tx, at, over)
  const begun = assessed.filter(({ subject, standing }) => standing.breach && !subject.breachId)
  const raised = await raiseBreaches(
    tx,
    at,
    begun.map(({ subject: { connectionId: id, name }, standing, limitSource }) => ({
      source: { type: 'connection', id, name },
      loadW: Math.max(standing.flowW ?? 0, meanW(standing.mean) ?? 0),
      limitW: standing.limitW,
      limitSource,
    })),
  )
  return cleared || raised
}
