import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { saveTestNetwork } from '../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../test/support/client.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let planner: Client

beforeAll(async () => {
  portal = await startPortal()
  await saveTestNetwork(portal.context.db)
  planner = await portal.person('priya', 'planner')
}, 180_000)

const rowsIn = async (table: 'node_half_hour' | 'load_forecast' | 'weather') =>
  (await portal.db.execute<{ n: number }>(sql`select count(*)::int as n from ${sql.identifier(table)}`))[0]?.n

/** Chooses a file of some lines, and checks it. */
async function check(page: Page, subject: string, lines: readonly string[]) {
  const file = { name: 'given.csv', mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\n')}\n`) }
  await page.getByLabel(`File of ${subject}`).setInputFiles(file)
  await page.getByRole('button', { name: 'Check' }).click()
}

const flaws = (page: Page) => page.getByRole('region', { name: 'Flaws' })

test('a planner uploads load history: a flaw is told with its line, a check stores nothing, an import all', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(planner, '/network')
  await page.getByRole('link', { name: 'Load history' }).click()
  const heading = 'nodeId,at,meanW,maxW'
  await check(page, 'load history', [heading, 'sec,2026-01-14T17:00:00Z,310000,', 'nowhere,2026-01-14T17:10:00Z,1,'])
  await flaws(page)
    .getByRole('row', { name: /3.*at.*is neither the start nor the end of a half-hour/ })
    .waitFor()
  await page.getByText('1 error: nothing was stored').waitFor()
  expect(await page.getByRole('button', { name: 'Import' }).isDisabled()).toBe(true)

  await check(page, 'load history', [heading, 'sec,2026-01-14 17:00,310000,'])
  await flaws(page).getByRole('row', { name: /2.*at/ }).waitFor()
  await page.getByLabel('Times without an offset').selectOption('Europe/London')
  // Another statement is another file to check.
  await flaws(page).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByText('1 row checked without errors').waitFor()
  await page.getByText('Half-hours of 1 node. Nothing is stored yet.').waitFor()
  expect(await rowsIn('node_half_hour')).toBe(0)
  await page.getByRole('button', { name: 'Import: 1 row' }).click()
  await page.getByText('1 row stored').waitFor()
  expect(await rowsIn('node_half_hour')).toBe(1)
})

test('loads that look wrong for their node are held until the planner has checked them', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(planner, '/load-forecasts')
  const heading = 'node_id,period_start,load_w'
  await check(page, 'load forecasts', [heading, 'sec,2026-01-16T17:00:00Z,31000000'])
  await flaws(page)
    .getByRole('row', { name: /2.*load_w/ })
    .waitFor()
  await page.getByLabel('Accept loads that look wrong for their node').check()
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByRole('button', { name: 'Import: 1 row' }).waitFor()
  expect(await rowsIn('load_forecast')).toBe(0)
  await page.getByRole('button', { name: 'Import: 1 row' }).click()
  await page.getByText('1 row stored').waitFor()
  expect(await rowsIn('load_forecast')).toBe(1)
})

test('a flexibility engineer uploads weather; an area that is not known is a flaw', { timeout: 60_000 }, async () => {
  const page = await portal.open(await portal.person('flora', 'flexibility-engineer'), '/weather')
  const heading = 'area,period_start,temperature_c,radiation_w_m2,wind_speed_m_s,cloud_percent'
  await check(page, 'weather', [heading])
  await page.getByText('The file has headings but no rows: there is nothing to store.').waitFor()
  await check(page, 'weather', [
    heading,
    'LPN,2026-01-15T00:00:00Z,4.5,0,6.2,80',
    'XPN,2026-01-15T00:00:00Z,61,0,6.2,80',
  ])
  await flaws(page)
    .getByRole('row', { name: /3.*area.*is not a known licence area: XPN/ })
    .waitFor()
  await flaws(page)
    .getByRole('row', { name: /3.*temperature_c.*is not from -40 to 50/ })
    .waitFor()
  await check(page, 'weather', [heading, 'LPN,2026-01-15T00:00:00Z,4.5,0,6.2,80'])
  await page.getByRole('button', { name: 'Import: 1 row' }).waitFor()
  expect(await rowsIn('weather')).toBe(0)
  await page.getByRole('button', { name: 'Import: 1 row' }).click()
  await page.getByText('1 row stored').waitFor()
  expect(await rowsIn('weather')).toBe(1)
})

test('an operator reads why there is nothing to upload for them; the screens are accessible and fit into 400 px', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(await portal.person('olivia', 'operator'), '/load-history')
  await page.getByText('This needs the role planner.').waitFor()
  await expectGoodScreens(page, [
    ['/load-history', 'Network', 'A time names'],
    ['/load-forecasts', 'Network', 'Accept loads that look wrong'],
    ['/weather', 'Network', 'Times without an offset'],
  ])
})
