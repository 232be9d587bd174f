import { Instant } from '@js-joda/core'
import type { DepotExplanation } from '../../schemas/fsp/depot-plan.ts'
import type { OpenTransaction } from '../chargepoints/index.ts'
import { boundByPlan, boundByUnit, type CycleResult, type SocketShare } from './cycle.ts'
import type { Occupied } from './occupied.ts'
import type { Decision } from './situation.ts'

/** Why each socket has its limit, from what the decision was made of. @param waiting sockets whose raise waits for others. */
export function explanationOf(
  depotId: string,
  decision: Decision,
  occupied: readonly Occupied[],
  result: CycleResult,
  {
    waiting,
    isPriorityOn,
    otherLoads,
  }: { waiting: ReadonlySet<string>; isPriorityOn: boolean; otherLoads: DepotExplanation['otherLoads'] },
): DepotExplanation {
  const sockets = occupied.flatMap((each) => {
    const share = result.shares.get(each.socket.key)
    return share ? [socketOf(each, share, { decision, isWaiting: waiting.has(each.socket.key), isPriorityOn })] : []
  })
  return {
    depotId,
    at: decision.at.toString(),
    limits: result.limits.map(({ id, capacityA }) => ({ id, capacityA })),
    binding: decision.binding,
    sockets: sockets.sort((a, b) => a.rank - b.rank),
    otherLoads,
  }
}

function socketOf(
  { connector: { unit, connector, transaction }, registration, need, soc, spareMs }: Occupied,
  share: SocketShare,
  given: { decision: Decision; isWaiting: boolean; isPriorityOn: boolean },
): DepotExplanation['sockets'][number] {
  const { isWaiting, isPriorityOn } = given
  const instantOf = (ms: number) => Instant.ofEpochMilli(ms).toString()
  return {
    identity: unit.identity,
    connector,
    registration,
    limitA: share.limitA,
    rank: share.rank,
    boundBy: share.boundBy,
    isForced: share.isForced,
    isCommanded: share.isCommanded,
    isWaiting,
    priority: {
      departureAt: instantOf(need.departureMs),
      missingWh: Math.round(need.missingWh),
      spareMinutes: Math.round(spareMs / 60_000),
      basis: isPriorityOn ? need.basis : 'arrival',
      socPercent: soc && Math.round(soc.share * 1_000) / 10,
      socBasis: soc?.basis ?? 'unknown',
      socReportedAt: soc?.reportedMs == null ? null : instantOf(soc.reportedMs),
    },
    vehicleAsks: asksOf(transaction?.needs ?? null),
    sentence: sentenceOf(share, given),
  }
}

function asksOf(needs: OpenTransaction['needs']): DepotExplanation['sockets'][number]['vehicleAsks'] {
  if (!needs) return null
  const { saidMs, departureMs, energyWh, leastA, mostA } = needs
  const departureAt = departureMs === null ? null : Instant.ofEpochMilli(departureMs).toString()
  return { at: Instant.ofEpochMilli(saidMs).toString(), energyWh, departureAt, leastA, mostA }
}

function sentenceOf(
  { limitA, boundBy, isForced, isCommanded, rank }: SocketShare,
  { decision, isWaiting }: { decision: Decision; isWaiting: boolean },
): string {
  const got = `${limitA} A, place ${rank}`
  if (!isCommanded && boundBy === boundByUnit)
    return `${got}: its unit takes set points one socket at a time, and the other is more urgent.`
  if (!isCommanded) return `${got}: it has no link, and is counted with what it may draw.`
  if (isForced) return `${got}: it cannot pause, though ${boundBy ?? 'the limit'} is exhausted.`
  if (isWaiting) return `${got}: the raise waits until others have taken their lower limits.`
  if (boundBy === null) return `${got}: all that it can use.`
  if (boundBy === boundByPlan)
    return `${got}: the plan charges it at another time, when energy is cheaper or there is room.`
  if (boundBy === 'connection')
    return `${got}: the site’s headroom under ${wordsOf[decision.binding]} is used up by those before it.`
  if (boundBy === 'flexibility') return `${got}: a flexibility event caps the vehicles of the depot.`
  return `${got}: ${boundBy} carries no more.`
}

const wordsOf: Record<Decision['binding'], string> = {
  connection: 'the connection’s capacity',
  'agreed-profile': 'the profile agreed with the DNO',
  'own-profile': 'the profile of the register',
  calendar: 'a profiled connection of the calendar',
  'dynamic-limit': 'the DNO’s import limit',
  'fail-safe': 'the DNO’s fail-safe limit',
  'flexibility-event': 'a flexibility event',
}
