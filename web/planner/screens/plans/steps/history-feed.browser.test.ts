import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { HistoryFeed } from '../../../../../schemas/planning/data-feeds.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { type CustomerScene, startCustomer } from '../../../../test/support/customer.ts'
import { ok } from '../../../../test/support/depots.ts'
import { expectGoodScreens } from '../../../../test/support/portal.ts'

let scene: CustomerScene
let administrator: Client
let path: string

beforeAll(async () => {
  scene = await startCustomer()
  administrator = await scene.person('ada', 'administrator')
  const plans = await ok(scene.dana.ask(operations.listPlanAssets, { query: { kind: 'scenario' } }))
  path = `/planner/plans/${plans[0].assetId}/site`
}, 240_000)

const feedId = 'depot-energy'
const params = { feedId }
const feeds = async (): Promise<HistoryFeed[]> => ok(scene.dana.ask(operations.listHistoryFeeds))

async function agreeFeed() {
  const provider = { providerId: 'depot-energy' }
  await ok(
    administrator.ask(operations.saveDataProvider, {
      params: provider,
      body: { name: 'Meter Readers' },
      version: null,
    }),
  )
  const rhythm = { everyDays: 1, lateAfterDays: 3, failedAfterDays: 7 }
  const { customerId } = scene
  const body = { ...provider, name: 'Half-hours of depots', kind: 'site-history' as const, customerId, rhythm }
  await ok(administrator.ask(operations.saveDataFeed, { params, body, version: null }))
}

const deliver = async (lines: readonly string[]) => {
  const text = ['site,periodStart,kwh', ...lines].join('\n')
  const { delivery } = await ok(administrator.ask(operations.deliverDataFile, { params, query: { name: 'a' }, text }))
  return delivery
}

test('a customer opens a site to the feed of its meters, sees that readings came, and closes it again', {
  timeout: 120_000,
}, async () => {
  const page = await scene.open(scene.dana, path)
  await page.getByText('Nobody does so for you yet').waitFor()
  await agreeFeed()
  await page.reload()
  await page.getByRole('button', { name: 'Allow it to send readings' }).click()
  await page.getByText('Enter the name that its files have for the site.').waitFor()
  expect(await deliver(['MP 7,2026-01-14T00:00:00Z,5'])).toMatchObject({ state: 'quarantined' })
  await page.getByLabel('What its files call the site', { exact: true }).fill('MP 7')
  await page.getByRole('button', { name: 'Allow it to send readings' }).click()
  await page.getByText('which its files call “MP 7”').waitFor()
  await page.getByText('Nothing has come yet.').waitFor()
  expect(await feeds()).toMatchObject([{ feedId, sites: [{ siteReference: 'MP 7', openedBy: 'customer' }] }])

  expect(await deliver(['MP 7,2026-01-14T00:00:00Z,6', 'MP 7,2026-01-14T00:30:00Z,7'])).toMatchObject({
    state: 'taken',
  })
  await page.reload()
  await page.getByText(/Readings last came 15 Jan/).waitFor()
  await page.getByRole('button', { name: 'Allow it no longer' }).click()
  await page.getByRole('dialog').getByText('the files that it has sent for your sites are deleted here').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Allow it no longer' }).click()
  await page.getByRole('button', { name: 'Allow it to send readings' }).waitFor()
  expect(await feeds()).toMatchObject([{ feedId, sites: [] }])
  expect(await deliver(['MP 7,2026-01-14T01:00:00Z,8'])).toMatchObject({ state: 'quarantined' })
})

test('two sites cannot have one name in the files of a feed, and the second is told so', {
  timeout: 60_000,
}, async () => {
  const sites = await ok(scene.dana.ask(operations.listPlanAssets, { query: { kind: 'site' } }))
  const plans = await ok(scene.dana.ask(operations.listPlanAssets, { query: { kind: 'scenario' } }))
  const { content } = sites[0]
  const planned = plans[0].content.siteId
  const assetId = crypto.randomUUID()
  const other = { kind: 'site' as const, name: 'Another', content: { ...content, connectionId: null } }
  await ok(scene.dana.ask(operations.savePlanAsset, { params: { assetId }, body: other, version: null }))
  expect(assetId).not.toBe(planned)
  await ok(scene.dana.ask(operations.openSiteToFeed, { params: { assetId }, body: { feedId, siteReference: 'MP 7' } }))
  const page = await scene.open(scene.dana, path)
  await page.getByLabel('What its files call the site', { exact: true }).fill('MP 7')
  await page.getByRole('button', { name: 'Allow it to send readings' }).click()
  await page.getByText('Another site of yours is MP 7 in this feed: close that first.').waitFor()
})

test('the step is accessible in light and dark, and fits into 400 px', { timeout: 60_000 }, async () => {
  const page = await scene.open(scene.dana, path)
  const title = (await page.getByRole('heading', { level: 1 }).textContent()) ?? ''
  await expectGoodScreens(page, [[path, title, 'Allow it to send readings']])
})
