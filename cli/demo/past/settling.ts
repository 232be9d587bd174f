import type { LocalDate, YearMonth } from '@js-joda/core'
import { operations } from '../../../schemas/operations.ts'
import type { Statement, StatementEvent, StatementState } from '../../../schemas/settlement/statements.ts'
import { askedQuarters, meteredQuarters, type PastProduct } from '../../../seeds/lived-in/deliveries.ts'
import type { PastSite } from '../../../seeds/lived-in/northbank.ts'
import { type PlannedInstruction, recordSynthetic } from '../../../server/dispatch/index.ts'
import { historyDays, type JoinedCompany, type Past } from './company.ts'

/** How long before its window an instruction of each product goes out, s. */
const leadS: Record<PastProduct, number> = { A: 30 * 60, C: 2 * 3_600 }

const quarterS = 900

/** Records what the company's units were asked on the days of a span, and uploads what their meters have. */
export async function deliver(past: Past, joined: JoinedCompany, first: LocalDate, last: LocalDate): Promise<void> {
  const { company, calendar, server } = past
  const isContracted = (day: LocalDate) =>
    !day.isBefore(calendar.months[0].atDay(1)) && !day.isAfter(calendar.contractsEndOn)
  const days = Array.from({ length: Number(last.toEpochDay() - first.toEpochDay()) + 1 }, (_, n) => first.plusDays(n))
  for (const site of company.sites) {
    const plans = days.filter(isContracted).flatMap((day) => plansOf(site, joined, day))
    await recordSynthetic(server.context, server.context.db, plans)
    const readings = days.flatMap((day) =>
      meteredQuarters(site, day, isContracted(day)).map(({ at, energyWh }) => ({
        at: at.toString(),
        energyWh,
        quality: 'measured' as const,
      })),
    )
    const { fuId } = joined.unitOf(site)
    const head = { meterId: 'plant', resolution: 'PT15M', stamp: 'period-start', revision: 1 } as const
    await joined.api.call(operations.uploadReadings, { body: { fuId, ...head, readings } })
  }
}

/** The instructions of a day: product A has one for each quarter-hour, as its timetable issues them, product C one for its window. */
function plansOf(site: PastSite, joined: JoinedCompany, day: LocalDate): PlannedInstruction[] {
  const product = site.unit.product as PastProduct
  const intervals = askedQuarters(site, day).map((from) => ({
    from,
    to: from.plusSeconds(quarterS),
    turnDownW: site.unit.turnDownW,
  }))
  const groups = product === 'A' ? intervals.map((each) => [each]) : intervals.length > 0 ? [intervals] : []
  return groups.flatMap((own) => {
    const [head] = own
    if (!head) return []
    return {
      fuId: joined.unitOf(site).fuId,
      fspId: joined.fspId,
      product,
      scheduleKind: 'manual' as const,
      scheduleVersion: 1,
      plannedAt: head.from.minusSeconds(leadS[product]),
      expiresAt: head.from,
      intervals: own,
    }
  })
}

/** The first day whose meter data the first baselines need. */
export function firstMeteredDay({ calendar }: Past): LocalDate {
  return calendar.months[0].atDay(1).minusDays(historyDays)
}

const nextEvent: Record<StatementState, StatementEvent | null> = {
  draft: 'check',
  checked: 'approve',
  approved: 'issue',
  issued: null,
}

/** Prepares the statement of a product and month and moves it on to a state, each step by a person who may. */
export async function settle(
  past: Past,
  { fspId }: JoinedCompany,
  product: PastProduct,
  month: YearMonth,
  until: StatementState,
): Promise<Statement> {
  const [clerk, second] = await past.clerks()
  const stated = { fspId, product, month: month.toString() }
  const known = (await clerk.api.all(operations.listStatements, {})).find(
    (each) => each.fspId === fspId && each.product === product && each.month === stated.month,
  )
  const params = {
    id: known?.statementId ?? (await clerk.api.call(operations.prepareStatement, { body: stated })).statementId,
  }
  let statement = await clerk.api.call(operations.readStatement, { params })
  while (statement.state !== until) {
    const event = nextEvent[statement.state]
    if (!event) break
    const person = event === 'check' ? clerk : second
    const { version } = statement
    statement = await person.api.call(operations.moveStatement, { params, version, body: { event } })
  }
  return statement
}

/** The company disputes the line on which it is said to have delivered least, unless it has disputed the statement already. */
export async function disputeWorst({ api }: JoinedCompany, statement: Statement): Promise<void> {
  const params = { id: statement.statementId }
  if ((await api.all(operations.listDisputes, { params })).length > 0) return
  const instructed = statement.lines.filter(({ deliveryRatio }) => deliveryRatio !== null)
  const [worst] = instructed.toSorted((a, b) => (a.deliveryRatio ?? 1) - (b.deliveryRatio ?? 1))
  if (!worst) return
  const body = {
    lineNumber: worst.number,
    reason: `Our log of ${worst.fuName} shows that the plant was turned down from the start of the window. Please compare the plant meter with the incomer for this quarter-hour.`,
  }
  await api.call(operations.raiseDispute, { params, body })
}
