import type { Instant, LocalDate } from '@js-joda/core'
import { loadModelSettings } from '../../../schemas/settings/planning.ts'
import { dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type MeasuredPlace, measuredMeans, measuredPlaces } from '../../grid/index.ts'
import { figuresAt, type ServerContext } from '../../kit/index.ts'
import { gridOf, leads, outcomeDays, type WeatherGrids } from './model/index.ts'
import {
  beginRun,
  finishRun,
  forecastOn,
  issuedBetween,
  latestModel,
  type OwnForecastRow,
  type Place,
  saveModel,
} from './store.ts'
import { createStudent, type Student } from './student.ts'
import { knownDays, type Learnt } from './train.ts'
import { weatherBetween, weatherGrids } from './weather-store.ts'

/** Half-hours of a day on the wall clock. */
const slots = 48

/** A run that has not finished by now has died: another server takes it over. */
const takeOverAfterS = 2 * 3_600

/** Without a half-hour in as many days, a place has no present load to forecast. */
const presentDays = 14

type Figures = (typeof loadModelSettings)['defaults']

/** What all places of a run share. */
interface Run {
  context: ServerContext
  at: Instant
  day: LocalDate
  /** The history's days and the two to forecast. */
  days: LocalDate[]
  figures: Figures
  student: Student
  weatherOf(area: string): Promise<WeatherGrids | null>
}

/**
 * Forecasts the load of every node and connection with enough history for today and tomorrow, once a day. A server that starts late in the
 * day does it then; one that takes over a run that died goes on after the places that it had reached.
 */
export async function forecastPlaces(context: ServerContext, at: Instant): Promise<void> {
  const { db, log } = context
  const day = tradingDayOf(at)
  if (!(await beginRun(db, day, at, takeOverAfterS))) return
  const figures = await figuresAt(db, loadModelSettings, at)
  const days = Array.from({ length: figures.historyDays + leads.length }, (_, n) =>
    day.plusDays(n - figures.historyDays),
  )
  const student = createStudent()
  const counts = { issued: 0, withoutHistory: 0, failed: 0 }
  try {
    const run: Run = { context, at, day, days, figures, student, weatherOf: weatherReader(context, days) }
    const done = { node: await forecastOn(db, 'node', day), connection: await forecastOn(db, 'connection', day) }
    for (const place of await measuredPlaces(db, dayStart(day.minusDays(presentDays)))) {
      const outcome = done[place.kind].has(place.id) ? 'issued' : await forecastPlace(run, place)
      counts[outcome]++
    }
  } finally {
    await student.leave()
  }
  await finishRun(db, day, context.clock.now(), counts)
  if (counts.issued > 0 || counts.failed > 0) log.info({ day: day.toString(), ...counts }, 'loads forecast')
}

/** Reads the weather of each area once. */
function weatherReader({ db }: ServerContext, days: readonly LocalDate[]): Run['weatherOf'] {
  const read = new Map<string, Promise<WeatherGrids | null>>()
  const [first, last] = [days[0], days.at(-1)]
  return async (area) => {
    if (!first || !last) return null
    const known = read.get(area) ?? weatherBetween(db, area, first, last).then((rows) => weatherGrids(rows, days))
    read.set(area, known)
    return known
  }
}

/** Forecasts one place. Its failure is logged and counted, and keeps no other place from its forecast. */
async function forecastPlace(run: Run, place: MeasuredPlace): Promise<'issued' | 'withoutHistory' | 'failed'> {
  const { context, day, days, figures } = run
  try {
    const from = dayStart(day.minusDays(figures.historyDays))
    const means = await measuredMeans(context.db, place, from, dayStart(day), figures.leastCompleteness)
    const loadW = gridOf(means, days, 'PT30M')
    const known = knownDays(loadW, { days: figures.historyDays, slots })
    if (known < figures.leastKnownDays) return 'withoutHistory'
    const start = firstKnownDay(loadW)
    const first = day.minusDays(figures.historyDays - start)
    const issued = await issuedBetween(context.db, place, later(first, day.minusDays(outcomeDays)), day)
    const weather = await run.weatherOf(place.licenceArea)
    const learnt = await run.student.learn({
      days: days.slice(start).map((each) => each.toString()),
      country: place.country,
      slots,
      loadW: loadW.slice(start * slots),
      weather: weather && cutGrids(weather, start),
      issued: issued.map((row) => ({
        day: row.day.toEpochDay() - first.toEpochDay(),
        medianW: row.medianW,
        lowW: row.lowW,
        highW: row.highW,
        widthFactor: row.widthFactor,
      })),
    })
    await keep(run, place, { first, known, learnt })
    return 'issued'
  } catch (error) {
    context.log.warn({ err: error, kind: place.kind, id: place.id }, 'the load of a place was not forecast')
    return 'failed'
  }
}

/** The first day of a grid with any value: what lies before it teaches nothing. */
function firstKnownDay(grid: Float64Array): number {
  return Math.floor(
    Math.max(
      0,
      grid.findIndex((w) => !Number.isNaN(w)),
    ) / slots,
  )
}

function cutGrids(grids: WeatherGrids, start: number): WeatherGrids {
  const cut = (grid: Float64Array) => grid.slice(start * slots)
  return {
    temperatureC: cut(grids.temperatureC),
    radiationWM2: cut(grids.radiationWM2),
    windSpeedMS: cut(grids.windSpeedMS),
    cloudPercent: cut(grids.cloudPercent),
  }
}

function later(a: LocalDate, b: LocalDate): LocalDate {
  return a.isAfter(b) ? a : b
}

async function keep(
  { context, at, day }: Run,
  place: Place,
  { first, known, learnt }: { first: LocalDate; known: number; learnt: Learnt },
): Promise<void> {
  const version = ((await latestModel(context.db, place))?.version ?? 0) + 1
  const { accuracy, widthFactor, withWeather } = learnt
  const of = { placeKind: place.kind, placeId: place.id, version, widthFactor }
  const model = {
    ...of,
    trainedAt: at,
    historyFrom: first.toString(),
    historyTo: day.minusDays(1).toString(),
    knownDays: known,
    withWeather,
    outcomeDays: accuracy?.days ?? 0,
    maeW: accuracy?.maeW ?? null,
    maeLastWeekW: accuracy?.maeLastWeekW ?? null,
    maeFourWeeksW: accuracy?.maeFourWeeksW ?? null,
    coverage: accuracy?.coverage ?? null,
  }
  const forecasts: OwnForecastRow[] = learnt.forecasts.map(({ lead, median, band }) => ({
    ...of,
    day: day.plusDays(lead - 1),
    lead,
    issuedAt: at,
    medianW: [...median],
    lowW: [...band.low],
    highW: [...band.high],
  }))
  await context.db.transaction((tx) => saveModel(tx, model, forecasts))
}
