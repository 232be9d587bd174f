import { LocalDate } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { saveTestNetwork, saveTestSite } from '../../../../server/grid/test/support/site.ts'
import { ownForecast } from '../../../../server/planning/load-model/tables.ts'
import type { Client } from '../../../../test/support/client.ts'
import { approveWaiting } from '../../../../test/support/second-person.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let planner: Client
let second: Client
let site: string
const day = '2026-01-16'

beforeAll(async () => {
  portal = await startPortal('2026-01-15T09:00:00Z')
  const { db, clock } = portal.context
  await saveTestNetwork(db)
  site = (await saveTestSite(db, clock.now(), { name: 'Islington' })).connectionId
  planner = await portal.person('priya', 'planner')
  second = await portal.person('paul', 'planner')
}, 180_000)

/** 700 kW are expected at the node until noon, 30 kW of them at the site; nothing is known of the node after that. */
async function forecast() {
  const morning = periodStarts(LocalDate.parse(day), 'PT15M').slice(0, 48)
  const lines = morning.map((from) => `sec,${from},700000`)
  await ok(planner.ask(operations.uploadLoads, { text: `node_id,period_start,load_w\n${lines.join('\n')}\n` }))
  const flat = (watts: number) => Array.from({ length: 48 }, () => watts)
  await portal.db.insert(ownForecast).values({
    placeKind: 'connection',
    placeId: site,
    day: LocalDate.parse(day),
    lead: 2,
    version: 1,
    issuedAt: portal.clock.now(),
    medianW: flat(30_000),
    lowW: flat(0),
    highW: flat(0),
    widthFactor: 1,
  })
}

test('a planner proposes dynamic terms, a second person approves, and the limits of a day stand with a reason for each period', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(planner, `/connections/${site}?day=${day}`)
  await page.getByText('The contract has no dynamic limits').waitFor()
  await page.getByRole('button', { name: 'Change the terms' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('The import limit follows forecast headroom').check()
  await dialog.getByLabel('Floor').fill('-5')
  await dialog.getByRole('button', { name: 'Propose these terms' }).click()
  await dialog.getByText('must be a power of 0 kW or more, in whole watts').waitFor()
  await dialog.getByLabel('Floor').fill('20')
  await dialog.getByLabel('Highest node').selectOption('Almeida St')
  await dialog.getByRole('button', { name: 'Propose these terms' }).click()
  await page.getByText('Set the dynamic limits of Islington').waitFor()
  const terms = async () => (await ok(planner.ask(operations.readDynamicTerms, { params: { id: site } }))).isOn
  expect(await terms()).toBe(false)
  await approveWaiting(second, site)
  await page.getByText('Nothing was issued for this day: the agreed limit is in force.').waitFor()

  await forecast()
  await page.getByRole('button', { name: 'Issue for this day' }).click()
  await dialog.getByRole('button', { name: 'Issue for this day' }).click()
  // 800 kVA × 0.95 = 760 kW; 760 − (700 − 30) = 90 kW are left. Less than the 170 kW agreed, until noon.
  const table = page.getByRole('region', { name: 'Dynamic limits on Fri 16 Jan 2026' })
  const rows = table.getByRole('row')
  await table.waitFor()
  const cells = async (n: number) =>
    (await rows.nth(n).getByRole('cell').allTextContents()).map((text) => text.replaceAll('\u00a0', ' '))
  expect(await cells(1)).toEqual(['00:00', '12:00', '90.0', 'A share: Almeida St has room for 90.0 kW in total.'])
  expect(await cells(2)).toEqual([
    '12:00',
    '00:00',
    'none',
    'No dynamic limit: the load of Almeida St is not forecast.',
  ])
  expect(await rows.count()).toBe(3)
  await page.getByText(/Issue 1, 15 Jan 09:00, by priya: shared equally, never below 20.0/).waitFor()
  await page.getByRole('button', { name: 'Issue again' }).waitFor()
})

test('the connection page with dynamic limits is accessible by axe in light and dark, and fits into 400 px', {
  timeout: 60_000,
}, async () => {
  const path = `/connections/${site}?day=${day}`
  await expectGoodScreens(await portal.open(planner, path), [[path, 'Islington', 'as set for all connections']])
})
