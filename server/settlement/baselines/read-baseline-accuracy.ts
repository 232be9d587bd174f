import { LocalDate } from '@js-joda/core'
import { refuse } from '../../../platform/http/index.ts'
import { type BaselineMethod, baselineMethod, type baselineOperations } from '../../../schemas/settlement/baselines.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { noLoadWh } from '../../../schemas/vocabulary/units.ts'
import type { Verb } from '../../kit/index.ts'
import { requireUnit } from '../metering/days/index.ts'
import type { UnitHistory } from './histories.ts'
import { readHistories } from './read-histories.ts'

/** Longest span of one accuracy report, days. */
const maxDays = 92

/** Methods that need a contract or predict nothing have no accuracy. */
const methods = baselineMethod.exclude(['fixed-reference', 'zero']).options

/** How well each method predicted the event-free days of a span. */
export const readBaselineAccuracy: Verb<typeof baselineOperations.readBaselineAccuracy> = async (call) => {
  const { db, actor, params, query } = call
  await requireUnit(db, actor, params.id)
  const [first, last] = [LocalDate.parse(query.from), LocalDate.parse(query.to)]
  if (last.isBefore(first) || last.toEpochDay() - first.toEpochDay() >= maxDays)
    refuse(brokenField('to', `must lie from 0 to ${maxDays - 1} days after from`))
  const histories = await readHistories(db, [params.id], first, last, { reader: actor, withNominations: true })
  const history = histories.get(params.id)
  return { fuId: params.id, methods: history ? methods.map((m) => accuracyOf(history, m, first, last)) : [] }
}

/**
 * How well one method predicted days without events. Bias: the excess of the baseline over the meter, as a fraction of metered energy.
 * MAPE: the mean of |expected − actual| ÷ |actual| over the quarter-hours with a load.
 */
function accuracyOf(history: UnitHistory, method: BaselineMethod, first: LocalDate, last: LocalDate) {
  let [days, metered, off, ratios, loaded] = [0, 0, 0, 0, 0]
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const energies = history.facts.metered(day)
    if (!energies || history.facts.isEventDay(day) || energies.some((value) => value === null)) continue
    const baseline = history.baseline(method, day)
    if (!baseline) continue
    days++
    for (const [i, start] of periodStarts(day, 'PT15M').entries()) {
      const [actual, expected] = [energies[i] ?? 0, baseline.energyWh.get(start.toEpochMilli()) ?? 0]
      metered += actual
      off += expected - actual
      if (Math.abs(actual) < noLoadWh) continue
      ratios += Math.abs((expected - actual) / actual)
      loaded++
    }
  }
  return { method, days, bias: metered === 0 ? null : off / metered, mape: loaded === 0 ? null : ratios / loaded }
}
