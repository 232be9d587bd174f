import { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { DemandRequirement, demandRunOperations, RequirementQuery } from '../../../schemas/planning/demand-runs.ts'
import { quarterHourTimes } from '../../../schemas/vocabulary/time.ts'
import { weekday } from '../../../schemas/vocabulary/units.ts'
import type { Verb } from '../../kit/index.ts'
import { cells, daysOfKinds } from './engine/demand.ts'
import { demandIn } from './outlook/exceedance.ts'
import { costsOf, type NeededWindow, neededWindows } from './outlook/requirement.ts'
import { demandOfRow, termsOf } from './read-run.ts'
import { type RunRow, requireDone, requireRunNode, yearIn } from './run-store.ts'

/** What a tender would have to ask for at a node in a year, with its cost beside that of reinforcement. */
export const suggestDemandRequirement: Verb<typeof demandRunOperations.suggestDemandRequirement> = async ({
  db,
  params,
  query,
}) => requirementOf(db, await requireDone(db, params.id, 'network'), params.nodeId, query)

/** A requirement with the run that it follows from. Throws a problem that says why there is none. */
export async function demandRequirementOf(
  db: Queryable,
  runId: string,
  nodeId: string,
  query: RequirementQuery,
): Promise<{ run: RunRow; requirement: DemandRequirement }> {
  const run = await requireDone(db, runId, 'network')
  return { run, requirement: await requirementOf(db, run, nodeId, query) }
}

async function requirementOf(
  db: Queryable,
  run: RunRow,
  nodeId: string,
  query: RequirementQuery,
): Promise<DemandRequirement> {
  const row = await requireRunNode(db, run.runId, nodeId)
  const { terms } = await termsOf(db, run)
  const y = yearIn(run, query.year)
  if (!row.headroomW)
    throw new ProblemError(
      'conflict',
      `The headroom of ${row.name} is unknown: state its rating and its load, and run again.`,
    )
  const demandW = new Float64Array(cells)
  demandIn(demandOfRow(row), y, terms, demandW)
  const windows = neededWindows(demandW, row.headroomW)
  const days = daysOfKinds(LocalDate.of(query.year, 1, 1), LocalDate.of(query.year, 12, 31))
  const costs = costsOf(windows, days, {
    availabilityPencePerMwH: query.availabilityGbpPerMwH * 100,
    utilisationPencePerMwh: query.utilisationGbpPerMwh * 100,
    reinforcementPence: query.reinforcementGbp * 100,
    lifeYears: query.lifeYears,
    discountRate: query.discountRate,
  })
  return {
    zoneNodeId: row.nodeId,
    year: query.year,
    seasons: (['winter', 'summer'] as const).map((season) => ({
      season,
      windows: windows.filter((each) => each.season === season).map(tenderWindowOf),
    })),
    greatestNeedW: windows.reduce((most, { requiredW }) => Math.max(most, requiredW), 0),
    costs: {
      availabilityGbp: pounds(costs.availabilityPence),
      utilisationGbp: pounds(costs.utilisationPence),
      flexibilityGbp: pounds(costs.flexibilityPence),
      reinforcementGbp: pounds(costs.reinforcementPence),
    },
    assumptions: assumptionsOf(query),
  }
}

function tenderWindowOf({
  days,
  from,
  to,
  requiredW,
}: NeededWindow): DemandRequirement['seasons'][number]['windows'][number] {
  const isWeekend = (name: string) => name === 'saturday' || name === 'sunday'
  return {
    weekdays: weekday.options.filter((name) => isWeekend(name) === (days === 'weekend')),
    from: quarterHourTimes[from * 2] ?? '00:00',
    to: quarterHourTimes[to * 2] ?? '24:00',
    requiredW,
  }
}

/** Whole pence as pounds. */
function pounds(pence: number): string {
  return `${Math.floor(pence / 100)}.${String(pence % 100).padStart(2, '0')}`
}

function assumptionsOf({
  availabilityGbpPerMwH,
  utilisationGbpPerMwh,
  reinforcementGbp,
  lifeYears,
  discountRate,
}: RequirementQuery): string[] {
  // So that 3.5 % is not 3.5000000000000004 %.
  const ratePercent = Number((discountRate * 100).toPrecision(6))
  return [
    `Availability £${grouped(availabilityGbpPerMwH)}/MW/h for every hour of every window, utilisation £${grouped(utilisationGbpPerMwh)}/MWh for the energy over the headroom: as stated.`,
    `Reinforcement £${grouped(reinforcementGbp)}, in even yearly sums over ${lifeYears} years at ${ratePercent} %: as stated.`,
    'Mean demand of the year against the headroom of today: other load is taken not to grow, and no day is worse than the mean.',
    'Flexibility is taken to deliver all of what is asked for.',
  ]
}

/** £ with separated thousands, and the decimals that were stated. */
function grouped(pounds: number): string {
  return pounds.toLocaleString('en-GB', { maximumFractionDigits: 4 })
}
