import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { saveTestNetwork, saveTestSite } from '../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../test/support/client.ts'
import { approveWaiting } from '../../../../test/support/second-person.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

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

test('a planner proposes the capacities of many connections from a file, and one approval changes them together', {
  timeout: 90_000,
}, async () => {
  const { db, clock } = portal.context
  const made = [
    await saveTestSite(db, clock.now(), { name: 'Estate 1' }),
    await saveTestSite(db, clock.now(), { name: 'Estate 2' }),
  ]
  const [first, last] = made.map(({ mpans }) => mpans[0])
  const page = await portal.open(planner, '/connections')
  await page.getByRole('link', { name: 'Change capacities' }).click()
  const rows = page.getByLabel('Or paste the rows here')
  await rows.fill(`mpan,exportKva\n${first},-3\n${last},7.36`)
  await page.getByText('Line 2, exportKva: must be empty, 0 to 100,000 kVA').waitFor()
  await rows.fill(`mpan,exportKva\n${first},3.68\n1200000009999,7.36`)
  await page.getByRole('button', { name: 'Propose 2 changes' }).click()
  await page.getByText('Say why these capacities change.').waitFor()
  await page.getByLabel('Reason').fill('Solar panels of the estate.')
  await page.getByRole('button', { name: 'Propose 2 changes' }).click()
  await page.getByText('Line 3, mpan: no connection has the MPAN 1200000009999').waitFor()
  await rows.fill(`mpan,exportKva\n${first},3.68\n${last},7.36`)
  await page.getByRole('button', { name: 'Propose 2 changes' }).click()
  await page.getByText('Change the agreed capacities of 2 connections').waitFor()
  const approval = await portal.open(second, '/proposals')
  await approval.getByText('Change the agreed capacities of 2 connections').first().click()
  await approval.getByText(/^Estate 2 \(.{8}\), Agreed export capacity, kVA$/).waitFor()
  await approval.getByRole('button', { name: 'Approve' }).click()
  await approval.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  const exports = async () =>
    Promise.all(
      made.map(
        async ({ connectionId: id }) =>
          (await ok(planner.ask(operations.readMasterData, { params: { id } }))).exportKva,
      ),
    )
  await expect.poll(exports).toEqual([3.68, 7.36])
})

test('the file of capacities is accessible by axe in light and dark, and fits into 400 px', async () => {
  const page = await portal.open(planner, '/connection-capacities')
  await expectGoodScreens(page, [['/connection-capacities', 'Change capacities', 'Or paste the rows here']])
})
