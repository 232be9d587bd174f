import type { LocalDate } from '@js-joda/core'
import type { ForecastRun, LoadModelVersion, QuantileForecast } from '../../../schemas/planning/own-forecast.ts'
import { periodStarts, quarterMs } from '../../../schemas/vocabulary/time.ts'
import { quantileOf } from './expected.ts'
import type { ForecastRunRow, LoadModelRow, OwnForecastRow } from './store.ts'

/** A forecast of a place on a day. @param uploaded W by start of the quarter-hour (epoch ms). @param reason why there is no own forecast. */
export function viewQuantiles(
  day: LocalDate,
  given: {
    own: OwnForecastRow | undefined
    uploaded: ReadonlyMap<number, number> | undefined
    model: LoadModelRow | null
    reason: string
  },
): QuantileForecast {
  const { own, model } = given
  const uploadedW = periodStarts(day, 'PT30M').map((at) => halfHourOf(given.uploaded, at.toEpochMilli()))
  const isUploaded = uploadedW.some((w) => w !== null)
  return {
    tradingDay: day.toString(),
    resolution: 'PT30M',
    inUse: isUploaded ? 'uploaded' : own ? 'own' : 'none',
    reason: own ? null : given.reason,
    issuedAt: own?.issuedAt.toString() ?? null,
    lead: own?.lead ?? null,
    p10W: own ? quantileOf(own, 10) : [],
    p50W: own ? quantileOf(own, 50) : [],
    p90W: own ? quantileOf(own, 90) : [],
    uploadedW,
    model: model && viewModel(model),
  }
}

/** The mean of two quarter-hours; `null` unless both are known. */
function halfHourOf(loads: ReadonlyMap<number, number> | undefined, ms: number): number | null {
  const [first, second] = [loads?.get(ms), loads?.get(ms + quarterMs)]
  return first === undefined || second === undefined ? null : (first + second) / 2
}

export function viewModel(row: LoadModelRow): LoadModelVersion {
  const { version, historyFrom, historyTo, knownDays, withWeather, widthFactor } = row
  const { outcomeDays: days, maeW, maeLastWeekW, maeFourWeeksW, coverage } = row
  const accuracy = maeW === null || coverage === null ? null : { days, maeW, maeLastWeekW, maeFourWeeksW, coverage }
  const of = { historyFrom, historyTo, knownDays, withWeather, widthFactor, accuracy }
  return { version, trainedAt: row.trainedAt.toString(), ...of }
}

export function viewRun({ day, startedAt, finishedAt, issued, withoutHistory, failed }: ForecastRunRow): ForecastRun {
  const counts = { issued, withoutHistory, failed }
  return {
    tradingDay: day.toString(),
    startedAt: startedAt.toString(),
    finishedAt: finishedAt?.toString() ?? null,
    ...counts,
  }
}
