import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import { marketJobs } from '../../../../../server/market/index.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { eveningTender } from '../../../../../test/support/market.ts'
import { startWebhook, type Webhook } from '../../../../../test/support/webhook.ts'
import { type DepotsScene, ok, startDepots } from '../../../../test/support/depots.ts'
import { type DepotFsp, registerDepotFsp } from '../../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../../test/support/portal.ts'

let scene: DepotsScene
let engineer: Client
let user: Client
let fsp: DepotFsp
let hook: Webhook

beforeAll(async () => {
  scene = await startDepots('2026-01-15T09:00:00Z')
  engineer = await scene.seeded('flex')
  fsp = await registerDepotFsp(scene, 'Depot Flex Ltd', {})
  user = await scene.fspUser('ines', fsp.fspId)
  hook = await startWebhook()
  marketJobs(scene.context, null)
}, 180_000)

async function publish(title: string): Promise<void> {
  const tender = { title, zoneNodeId: 'lpn-city-road', gateClosesAt: '2026-01-30T17:00:00Z' }
  const { tenderId } = await ok(engineer.ask(operations.draftTender, { body: eveningTender(tender) }))
  await ok(engineer.ask(operations.publishTender, { params: { id: tenderId } }))
}

const afterMinutes = (minutes: number) => scene.clock.advanceTo(scene.clock.now().plusSeconds(minutes * 60))

test('an FSP has its notices sent to its own webhook and reads what it was told; an engineer sends again what did not arrive', {
  timeout: 120_000,
}, async () => {
  const own = await scene.open(user, '/market')
  await own.getByRole('link', { name: 'Notices' }).click()
  await own.getByText('Notices go by e-mail to the contact of your application.').waitFor()
  await own.getByRole('button', { name: 'Add a target' }).click()
  const dialog = own.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Trading system')
  await dialog.getByLabel('By').selectOption('webhook')
  await dialog.getByLabel('Address').fill(hook.url)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('is required for a webhook').waitFor()
  await dialog.getByLabel('Signing key').fill('a key that both sides know')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await own.getByRole('row', { name: /Trading system/ }).waitFor()

  await publish('City Road evenings')
  await own.getByRole('row', { name: /Tender published: City Road evenings.*To be sent/ }).waitFor()
  await afterMinutes(1)
  expect(hook.posts.map(({ body }) => JSON.parse(body).event)).toEqual(['tender-published'])
  await own.getByRole('row', { name: /Tender published: City Road evenings.*Sent/ }).waitFor()
  expect(await own.getByRole('button', { name: 'Send again' }).count()).toBe(0)

  hook.status = 503
  await publish('City Road mornings')
  await afterMinutes(180)
  hook.status = 200
  const page = await scene.open(engineer, '/market/notices')
  await page.getByLabel('State').selectOption('dead')
  const lost = page.getByRole('row', { name: /Depot Flex Ltd.*City Road mornings/ })
  await lost.getByText('answered 503').waitFor()
  const before = hook.posts.length
  await lost.getByRole('button', { name: 'Send again' }).click()
  await lost.waitFor({ state: 'detached' })
  await afterMinutes(1)
  expect(hook.posts.slice(before).map(({ body }) => JSON.parse(body).tender.title)).toEqual(['City Road mornings'])
  expect(new Set(hook.posts.slice(1).map(({ key }) => key)).size).toBe(1)
  await page.getByLabel('State').selectOption('sent')
  await page.getByRole('row', { name: /City Road mornings.*Sent/ }).waitFor()

  await own
    .getByRole('region', { name: 'Sent to' })
    .getByRole('row', { name: /Trading system/ })
    .click()
  await own.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await own.getByText('Notices go by e-mail to the contact of your application.').waitFor()
})

test('the screens of notices are accessible by axe in light and dark, and fit into 400 px', {
  timeout: 120_000,
}, async () => {
  const body = { name: 'Desk', kind: 'email', address: 'desk@depotflex.example', active: false }
  await ok(fsp.client.ask(operations.addNoticeTarget, { body }))
  await expectGoodScreens(await scene.open(engineer, '/market'), [['/market/notices', 'Market', 'City Road mornings']])
  const ivy = await scene.fspUser('ivy', fsp.fspId)
  await expectGoodScreens(await scene.open(ivy, '/market'), [
    ['/market/notices', 'Market', 'e-mail desk@depotflex.example'],
  ])
})
