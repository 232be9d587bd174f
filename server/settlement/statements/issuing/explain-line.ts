import { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { BaselineMethod } from '../../../../schemas/settlement/baselines.ts'
import type { StatementLine, statementOperations } from '../../../../schemas/settlement/statements.ts'
import { dayStart, localTimeOf } from '../../../../schemas/vocabulary/time.ts'
import { tenantOf, type Verb } from '../../../kit/index.ts'
import { meteredDaysFor, type Reader, sourceAt } from '../../metering/days/index.ts'
import { stepsOf } from '../lines/index.ts'
import { readLine, readSummary } from './store.ts'

const methodInWords: Record<BaselineMethod, string> = {
  nominated: 'The baseline schedule that the FSP submitted for the day.',
  'recent-history': 'The mean of the same quarter-hour over the latest comparable days, up to ten.',
  'mid-8-in-10': 'The mean over the ten latest comparable days, without the highest and the lowest.',
  bl01: 'Working days: the mean over the ten latest comparable days. Other days: the middle two of the four latest.',
  'fixed-reference': 'A reference profile per DER times the number of DERs.',
  zero: 'Expected import is zero.',
}

function baselineInWords({ terms, flags }: StatementLine): string {
  const method = methodInWords[terms.baselineMethod]
  if (flags.includes('few-days'))
    return `Too few days were comparable, so the baseline is what was metered. The method: ${method}`
  if (!flags.includes('fallback-baseline')) return method
  const fallback = terms.baselineFallback === 'outturn' ? '' : methodInWords[terms.baselineFallback]
  return `Too few days were comparable, so the contract’s fallback applies: ${fallback} The method: ${method}`
}

/** A line with its arithmetic and the meter data of its baseline days as they were known when the statement was prepared (FM17). */
export const explainLine: Verb<typeof statementOperations.explainLine> = async ({ db, actor, params }) => {
  const found = await readSummary(db, params.id, tenantOf(actor))
  const line = await readLine(db, params.id, params.lineId)
  if (!line) throw new ProblemError('not-found', `Statement ${found.number} has no line ${params.lineId}.`)
  return {
    statementNumber: found.number,
    line,
    asOf: found.preparedAt,
    baselineMethodInWords: baselineInWords(line),
    baselineValues: await baselineValues(db, actor, line, Instant.parse(found.preparedAt)),
    steps: stepsOf(line),
  }
}

async function baselineValues(tx: Queryable, reader: Reader, line: StatementLine, asOf: Instant) {
  const days = line.baselineDays.toSorted().map((day) => LocalDate.parse(day))
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return []
  const metered = (await meteredDaysFor(tx, reader, [line.fuId], first, last, asOf)).get(line.fuId)
  const quarter = Math.floor(localTimeOf(Instant.parse(line.from)).toLocalTime().toSecondOfDay() / 900)
  return days.flatMap((day) => {
    const found = metered?.get(day.toEpochDay())
    const energyWh = found?.energyWh[quarter]
    if (!found || energyWh == null) return []
    const from = Instant.ofEpochMilli(dayStart(day).toEpochMilli() + quarter * 900_000).toString()
    return [
      {
        day: day.toString(),
        from,
        energyWh,
        revision: found.revisions[quarter] ?? 1,
        source: sourceAt(found, quarter) ?? 'upload',
      },
    ]
  })
}
