import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import type { QuantileForecast } from '../../../schemas/planning/own-forecast.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork } from '../../grid/test/support/site.ts'
import { expectedLoadsOn } from './expected.ts'
import { forecastPlaces } from './run.ts'

const { db, url } = await createTestDatabase('server')
await saveTestNetwork(db)
const clock = new SimulatedClock(Instant.parse('2026-01-15T00:03:00Z'))
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')
const viewer = await server.person('otto', 'operator')

const read = async (day: string, id = 'sec'): Promise<QuantileForecast> =>
  (await viewer.ask(operations.readNodeForecast, { params: { id, day } })).body

/** 200 kW by night and 400 kW from 08:00 to 20:00, and `extraW` more. */
async function measure(first: string, days: number, extraW = 0, id = 'sec'): Promise<void> {
  const lines = Array.from({ length: days }, (_, n) => LocalDate.parse(first).plusDays(n)).flatMap((day) =>
    periodStarts(day, 'PT30M').map((at, n) => `${id},${at},${(n >= 16 && n < 40 ? 400_000 : 200_000) + extraW},`),
  )
  const text = `nodeId,at,meanW,maxW\n${lines.join('\n')}\n`
  expect(await planner.ask(operations.uploadLoadHistory, { query: { stamp: 'period-start' }, text })).toMatchObject({
    status: 200,
  })
}

const run = (at: string) => forecastPlaces(server.context, Instant.parse(at))

test('a node without enough history has no forecast, with the reason, and no need follows from it', async () => {
  await measure('2026-01-02', 13)
  await run('2026-01-15T00:03:00Z')
  expect(await read('2026-01-15')).toMatchObject({
    inUse: 'none',
    reason: 'Fewer than 14 days of its load are known from measurements or uploaded history.',
    p50W: [],
    model: null,
  })
  expect((await expectedLoadsOn(db, LocalDate.parse('2026-01-15'), clock.now())).has('sec')).toBe(false)
  const { body } = await viewer.ask(operations.readForecastRun, {})
  expect(body).toMatchObject({ tradingDay: '2026-01-15', issued: 0, withoutHistory: 1, failed: 0 })
})

test('each night the load of a node with history is forecast for two days, once', async () => {
  await measure('2025-12-05', 42)
  await run('2026-01-16T00:03:00Z')
  await run('2026-01-16T05:03:00Z')
  const today = await read('2026-01-16')
  expect(today).toMatchObject({
    inUse: 'own',
    reason: null,
    lead: 1,
    issuedAt: '2026-01-16T00:03:00Z',
    model: {
      version: 1,
      historyFrom: '2025-12-05',
      historyTo: '2026-01-15',
      knownDays: 42,
      withWeather: false,
      accuracy: null,
    },
  })
  expect(today.p50W).toHaveLength(48)
  expect(Math.abs((today.p50W[4] ?? 0) - 200_000)).toBeLessThan(20_000)
  expect(Math.abs((today.p50W[28] ?? 0) - 400_000)).toBeLessThan(20_000)
  for (const [n, w] of today.p50W.entries()) {
    expect(today.p10W[n]).toBeLessThanOrEqual(w ?? 0)
    expect(today.p90W[n]).toBeGreaterThanOrEqual(w ?? 0)
  }
  expect(await read('2026-01-17')).toMatchObject({ inUse: 'own', lead: 2 })
  // The second look found the day's run finished.
  const { body: done } = await viewer.ask(operations.readForecastRun, {})
  expect(done).toMatchObject({ tradingDay: '2026-01-16', startedAt: '2026-01-16T00:03:00Z', issued: 1 })
  expect(await read('2026-01-18')).toMatchObject({ inUse: 'none', reason: expect.stringContaining('until 2026-01-17') })
})

test('the outcome of an issued forecast is its accuracy: 30 kW more than foretold is an error of about 30 kW', async () => {
  const told = (await read('2026-01-16')).p50W.map((w) => w ?? 0)
  await measure('2026-01-16', 1, 30_000)
  await run('2026-01-17T00:03:00Z')
  const { model } = await read('2026-01-17')
  const errors = told.map((w, n) => Math.abs((n >= 16 && n < 40 ? 430_000 : 230_000) - w))
  const maeW = errors.reduce((sum, w) => sum + w, 0) / 48
  // Stored as 32-bit floats: to a tenth of a watt.
  expect(model).toMatchObject({ version: 2, accuracy: { days: 1, maeLastWeekW: 30_000, maeFourWeeksW: 30_000 } })
  expect(model?.accuracy?.maeW).toBeCloseTo(maeW, 1)
  const { body } = await viewer.ask(operations.listLoadModels, {})
  expect(body.items.map((one: { id: string }) => one.id)).toEqual(['sec'])
})

test('an uploaded forecast takes precedence quarter by quarter, and the rest stays with the own one', async () => {
  const text = 'node_id,period_start,load_w\nsec,2026-01-17T12:00:00Z,650000\nsec,2026-01-17T12:15:00Z,670000\n'
  expect(await planner.ask(operations.uploadLoads, { text })).toMatchObject({ status: 200 })
  const shown = await read('2026-01-17')
  expect(shown.inUse).toBe('uploaded')
  expect(shown.uploadedW[24]).toBe(660_000)
  const expected = (await expectedLoadsOn(db, LocalDate.parse('2026-01-17'), clock.now())).get('sec')
  expect(expected?.get(Date.parse('2026-01-17T12:00:00Z'))).toBe(650_000)
  expect(expected?.get(Date.parse('2026-01-17T12:30:00Z'))).toBeCloseTo(shown.p50W[25] ?? Number.NaN, 6)
  expect(expected?.size).toBe(96)
})

test('weather is refused as a whole with the line of each fault, and stored as a whole', async () => {
  const heading = 'area,period_start,temperature_c,radiation_w_m2,wind_speed_m_s,cloud_percent\n'
  const good = 'LPN,2026-01-17T12:00:00Z,4.5,120,6.2,80\n'
  const bad = `${heading}${good}LPN,2026-01-17T12:10:00Z,4.5,,6.2,180\n`
  const refused = await planner.ask(operations.uploadWeather, { text: bad })
  expect(refused.status).toBe(422)
  expect(refused.body.errors.map((error: { field: string }) => error.field)).toEqual([
    'line 3, period_start',
    'line 3, radiation_w_m2',
    'line 3, cloud_percent',
  ])
  const weather = () => viewer.ask(operations.readWeather, { params: { area: 'LPN', day: '2026-01-17' } })
  expect((await weather()).body).toEqual([])
  expect(await planner.ask(operations.uploadWeather, { text: heading + good })).toMatchObject({ body: { stored: 1 } })
  expect((await weather()).body).toMatchObject([
    { periodStart: '2026-01-17T12:00:00Z', temperatureC: 4.5, cloudPercent: 80 },
  ])
})

test('a run that died is taken over after two hours, and goes on with the places that it had not reached', async () => {
  await db.$client`update forecast_run set finished_at = null where day = '2026-01-17'`
  await run('2026-01-17T01:03:00Z')
  expect((await viewer.ask(operations.readForecastRun, {})).body).toMatchObject({ finishedAt: null })
  await run('2026-01-17T03:03:00Z')
  const { body } = await viewer.ask(operations.readForecastRun, {})
  expect(body).toMatchObject({ startedAt: '2026-01-17T03:03:00Z', issued: 1 })
  expect(body?.finishedAt).not.toBeNull()
  // The place was forecast already: no third model.
  expect((await read('2026-01-17')).model).toMatchObject({ version: 2 })
})

test('a node or connection that does not exist is named', async () => {
  const params = { id: 'nowhere', day: '2026-01-17' }
  expect(await viewer.ask(operations.readNodeForecast, { params })).toMatchObject({
    status: 404,
    body: { detail: 'There is no node nowhere: search the network for it.' },
  })
})
