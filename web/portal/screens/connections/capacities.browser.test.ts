import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { saveTestNetwork, saveTestSite } from '../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../test/support/client.ts'
import { approveWaiting } from '../../../../test/support/second-person.ts'
import { ok } from '../../../test/support/depots.ts'
import { type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let planner: Client
let second: Client
let site: string

beforeAll(async () => {
  portal = await startPortal('2026-01-15T09:00:00Z')
  const { db, clock } = portal.context
  await saveTestNetwork(db)
  site = (await saveTestSite(db, clock.now(), { name: 'Islington' })).connectionId
  planner = await portal.person('priya', 'planner')
  second = await portal.person('paul', 'planner')
}, 180_000)

test('a planner states an export capacity, a second person approves it, and the page says what it limits', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(planner, `/connections/${site}`)
  await page.getByText('not stated').first().waitFor()
  await page.getByRole('button', { name: 'Change the capacities' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Export capacity').fill('-5')
  await dialog.getByRole('button', { name: 'Propose these capacities' }).click()
  await dialog.getByText('must be empty, or 0 to 100,000 kVA').waitFor()
  await dialog.getByLabel('Export capacity').fill('50')
  await dialog.getByRole('button', { name: 'Propose these capacities' }).click()
  await page.getByText('Change the agreed capacity of Islington').waitFor()
  const stored = async () => (await ok(planner.ask(operations.readMasterData, { params: { id: site } }))).exportKva
  expect(await stored()).toBeNull()
  await approveWaiting(second, site)
  expect(await stored()).toBe(50)
  await page.reload()
  // 50 kVA × 0.95.
  await page
    .getByText(/50 kVA, so at most 47\.5.kW/)
    .first()
    .waitFor()
})
