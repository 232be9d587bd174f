import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { planLimits } from '../../../../server/dispatch/import-limits/index.ts'
import { raiseAlarm } from '../../../../server/grid/index.ts'
import type { Client } from '../../../../test/support/client.ts'
import { type DepotsScene, ok, startDepots } from '../../../test/support/depots.ts'
import { registerDepotFsp } from '../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../test/support/portal.ts'

let scene: DepotsScene
let engineer: Client
let site: string

/** An FSP with an FU at Islington, which has no fail-safe limit yet. */
beforeAll(async () => {
  scene = await startDepots('2026-01-12T16:00:00Z')
  engineer = await scene.seeded('flex')
  await registerDepotFsp(scene, 'Depot Flex Ltd', { Islington: 35_000 })
  const { items } = await ok(engineer.ask(operations.listConnections, { query: { search: 'Islington' } }))
  site = items[0].connectionId
}, 180_000)

const policy = () => ok(engineer.ask(operations.readFailSafePolicy, { params: { id: site } }))

test('an engineer sets the fail-safe limit of a connection, and sees by how much it is under the limit in force', {
  timeout: 60_000,
}, async () => {
  const page = await scene.open(engineer, `/connections/${site}`)
  await page.getByText('FSPs here are sent no import limit').waitFor()
  await page.getByRole('button', { name: 'Change the fail-safe limit' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('During a breach').check()
  await dialog.getByLabel('Falls to').fill('sixty')
  await dialog.getByLabel('Valid without renewal').fill('20')
  await dialog.getByRole('button', { name: 'Save, in force at once' }).click()
  await dialog.getByText('Enter kW, such as 50 or 62.5.').waitFor()
  await dialog.getByLabel('Falls to').fill('60')
  await dialog.getByText(/1 FU here would fall to 60\.0\skW, [\d.]+\skW under the limit in force now/).waitFor()
  await dialog.getByRole('button', { name: 'Save, in force at once' }).click()
  await page.getByText('sent until the breach is over').waitFor()
  expect(await policy()).toMatchObject({ onBreach: true, onLinkLost: false, failSafeW: 60_000, validMinutes: 20 })
})

test('of two people who change it the second is told, and loads what is stored', { timeout: 60_000 }, async () => {
  const page = await scene.open(engineer, `/connections/${site}`)
  await page.getByRole('button', { name: 'Change the fail-safe limit' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Falls to').fill('55')
  const { connectionId: _, revision, ...body } = await policy()
  const given = { params: { id: site }, body: { ...body, failSafeW: 70_000 }, version: revision }
  await ok((await scene.seeded('flex2')).ask(operations.saveFailSafePolicy, given))
  await dialog.getByRole('button', { name: 'Save, in force at once' }).click()
  await dialog.getByText('Someone else has changed this').waitFor()
  await dialog.getByRole('button', { name: 'Load the stored values' }).click()
  await expect.poll(() => dialog.getByLabel('Falls to').inputValue()).toBe('70')
  expect((await policy()).failSafeW).toBe(70_000)
})

test('a limit that was sent by another way is confirmed with who accepted it', { timeout: 60_000 }, async () => {
  await raiseAlarm(scene.context.db, scene.clock.now(), {
    kind: 'limit-breach',
    source: { type: 'connection', id: site, name: 'Islington' },
    message: 'Islington imports 120.0 kW, 20.0 kW over the limit of 100.0 kW of its profile.',
  })
  await planLimits(scene.context)
  await scene.db.$client`update connection_limit set state = 'sent', next_attempt_at = valid_until`
  const page = await scene.open(engineer, `/connections/${site}`)
  await page.getByRole('link', { name: 'Limits sent for this connection' }).click()
  await page.getByRole('row', { name: /Sent Islington/ }).click()
  await page
    .getByText(/70\.0\skW from 16:00 to 16:20, then 70\.0\skW/)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Record' }).click()
  await page.getByText('Say who accepted it').waitFor()
  await page.getByLabel('Who accepted it, and how').fill('Jo at the duty desk, by telephone')
  await page.getByRole('button', { name: 'Record' }).click()
  await page.getByText('Sent: confirmed: Jo at the duty desk').waitFor()
  await page.getByRole('row', { name: /Acknowledged Islington/ }).waitFor()
  await expectGoodScreens(page, [
    [`/import-limits?connection=${site}`, 'Import limits', 'Acknowledged'],
    [`/connections/${site}`, 'Islington', 'sent until the breach is over'],
  ])
})
