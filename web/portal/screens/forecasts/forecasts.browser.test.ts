import { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { makePartitions } from '../../../../platform/db/index.ts'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { saveTestNetwork, saveTestSite } from '../../../../server/grid/test/support/site.ts'
import { forecastPlaces } from '../../../../server/planning/index.ts'
import type { Client } from '../../../../test/support/client.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let planner: Client
let site: string

/** 200 kW by night and 400 kW from 08:00 to 20:00, on days from one on. */
async function uploadHistory(first: string, days: number): Promise<void> {
  const lines = Array.from({ length: days }, (_, n) => LocalDate.parse(first).plusDays(n)).flatMap((day) =>
    periodStarts(day, 'PT30M').map((at, n) => `sec,${at},${n >= 16 && n < 40 ? 400_000 : 200_000},`),
  )
  const text = `nodeId,at,meanW,maxW\n${lines.join('\n')}\n`
  await ok(planner.ask(operations.uploadLoadHistory, { query: { stamp: 'period-start' }, text }))
}

/** A half-hour of the connection, of which a part is missing. */
async function saveHalfHour(at: string): Promise<void> {
  await makePartitions(portal.db, { table: 'connection_half_hour', grain: 'month' }, [LocalDate.parse('2026-01-01')])
  await portal.db.execute(sql`
    insert into connection_half_hour (connection_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
    values (${site}::uuid, ${at}::timestamptz, 61500, 70200, 30750, 0.8, 'questionable', ${at}::timestamptz)`)
}

beforeAll(async () => {
  portal = await startPortal('2026-01-16T09:00:00Z')
  const { db, clock } = portal.context
  await saveTestNetwork(db)
  site = (await saveTestSite(db, clock.now(), { name: 'Islington' })).connectionId
  planner = await portal.person('priya', 'planner')
  await uploadHistory('2025-12-05', 42)
  await forecastPlaces(portal.context, Instant.parse('2026-01-16T00:03:00Z'))
  await saveHalfHour('2026-01-16T08:00:00Z')
}, 180_000)

test('a planner sees the server’s forecast of a node with its spread, as a chart, as a table, and from what it was learnt', {
  timeout: 60_000,
}, async () => {
  const { p10W, p50W, p90W } = await ok(
    planner.ask(operations.readNodeForecast, { params: { id: 'sec', day: '2026-01-16' } }),
  )
  const page = await portal.open(planner, '/network/sec')
  await page.getByRole('img', { name: /^Expected to be highest at .* in 8 of 10 such half-hours from/ }).waitFor()
  await page.getByText('42 known days').waitFor()
  await page.getByText('not known before the first outcome').waitFor()
  await page.getByRole('radiogroup', { name: 'View of the forecast' }).getByText('Table').click()
  const [low, middle, high] = [p10W, p50W, p90W].map((all) => (all[24] / 1_000).toFixed(1))
  await page
    .getByRole('region', { name: 'Forecast by half-hour' })
    .getByRole('row', { name: `12:00 ${low} ${middle} ${high} –` })
    .waitFor()
})

test('a day without a forecast says why, and the half-hours of a day are a table', { timeout: 60_000 }, async () => {
  const page = await portal.open(planner, '/network/sec?day=2026-01-15')
  await page.getByText('Forecasts are made each night for that day and the next, so far until 2026-01-17.').waitFor()
  await page.getByRole('button', { name: 'Show the half-hours' }).click()
  const rows = page.getByRole('region', { name: 'Half-hours of Thu 15 Jan 2026' }).getByRole('row')
  await expect.poll(() => rows.count()).toBe(49)
  await page.getByRole('row', { name: '08:00 400.0 400.0 200.0 100 % derived uploaded' }).waitFor()
  await page
    .getByText(/^48 half-hours known, 7\.200.MWh; highest 400\.0.kW in the half-hour from 08:00; 48 derived\.$/)
    .waitFor()
})

test('the page of a connection has its half-hours with their quality, and says why there is no forecast', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(planner, `/connections/${site}`)
  await page.getByText('Fewer than 14 days of its load are known').waitFor()
  await page.getByRole('button', { name: 'Show the half-hours' }).click()
  await page.getByRole('row', { name: '08:00 61.5 70.2 30.8 80 % questionable measured' }).waitFor()
  await page.getByText(/^1 half-hour known, 30\.8.kWh; .*; 1 questionable\.$/).waitFor()
  await page.getByRole('button', { name: 'Day before' }).click()
  await page.getByText('No half-hour of this day is known').waitFor()
})

test('a planner enters the load of a day by hand, and it takes precedence over the server’s own', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(planner, '/network/sec?day=2026-01-17')
  await page.getByText('No load was entered or uploaded for this day.').waitFor()
  await page.getByRole('button', { name: 'Enter this day’s load' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Periods').selectOption('half-hours')
  await dialog.getByLabel('Mean load in kW').fill('300 310')
  await dialog.getByRole('button', { name: 'Save, in force at once' }).click()
  await dialog.getByText('2 values were given, but this day has 48 periods. Give one for each.').waitFor()
  const loads = Array.from({ length: 48 }, (_, n) => (n === 20 ? 555.5 : 310))
  await dialog.getByLabel('Mean load in kW').fill(loads.join('\n'))
  await dialog.getByRole('button', { name: 'Save, in force at once' }).click()
  await page.getByRole('img', { name: /^Expected to peak at 555\.5.kW at 10:00/ }).waitFor()
  await page.getByText('the uploaded one, where there is one').waitFor()
  const params = { nodeId: 'sec', day: '2026-01-17' }
  const { values } = await ok(planner.ask(operations.readLoadForecast, { params }))
  expect([values.length, values[0], values[40], values[41]]).toEqual([96, 310_000, 555_500, 555_500])
})

test('an operator reads forecasts and cannot enter loads', { timeout: 60_000 }, async () => {
  const page = await portal.open(await portal.person('olivia', 'operator'), '/network/sec')
  await page.getByText('42 known days').waitFor()
  expect(await page.getByRole('button', { name: 'Enter this day’s load' }).isDisabled()).toBe(true)
})

test('the models are listed with their accuracy, beside how the nightly run went', { timeout: 60_000 }, async () => {
  const page = await portal.open(planner, '/network')
  await page.getByRole('link', { name: 'Forecast accuracy' }).click()
  await page.getByText('1 place got a forecast for Fri 16 Jan 2026 and the next day').waitFor()
  // The first outcome is not known yet.
  await page.getByRole('row', { name: /Almeida St – – – – 42 no/ }).waitFor()
  await uploadHistory('2026-01-16', 1)
  await forecastPlaces(portal.context, Instant.parse('2026-01-17T00:03:00Z'))
  await page.reload()
  await page.getByRole('row', { name: /Almeida St \d+\.\d 0\.0 \d+ % 1 43 no/ }).waitFor()
  await page.getByText('Connections', { exact: true }).last().click()
  await page.getByText('No place has enough history for a forecast yet').waitFor()
})

test('the weather that was uploaded is read by area and day', { timeout: 60_000 }, async () => {
  const heading = 'area,period_start,temperature_c,radiation_w_m2,wind_speed_m_s,cloud_percent'
  const text = `${heading}\nLPN,2026-01-16T17:00:00Z,-4.5,0,6.2,80\n`
  await ok(planner.ask(operations.uploadWeather, { text }))
  const page = await portal.open(planner, '/weather')
  await page.getByLabel('Licence area').selectOption('London Power Networks (LPN)')
  await page.getByRole('row', { name: /17:00 −4\.5 0 6\.2 80/ }).waitFor()
  await page.getByRole('button', { name: 'Day after' }).click()
  await page.getByText('No weather of Sat 17 Jan 2026 is known for this area').waitFor()
})

test('the screens are accessible by axe in light and dark, and fit into 400 px', { timeout: 120_000 }, async () => {
  const page = await portal.open(planner, '/load-models')
  await expectGoodScreens(page, [
    ['/load-models', 'Network', 'Almeida St'],
    ['/weather', 'Network', 'Weather that is known'],
    ['/network/sec', 'Almeida St', 'Learnt from'],
    [`/connections/${site}`, 'Islington', 'Forecast with its spread'],
  ])
})
