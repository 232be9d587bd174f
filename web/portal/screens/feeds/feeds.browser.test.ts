import { beforeAll, expect, test } from 'vitest'
import type { Feed } from '../../../../schemas/grid/feeds.ts'
import { operations } from '../../../../schemas/operations.ts'
import type { Client } from '../../../../test/support/client.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let administrator: Client

beforeAll(async () => {
  portal = await startPortal()
  administrator = await portal.person('ada', 'administrator')
}, 180_000)

const weather = async (): Promise<Feed | undefined> =>
  (await ok(administrator.ask(operations.listFeeds))).find(({ feedId }: Feed) => feedId === 'weather-forecast')

test('an administrator registers a feed, delivers to it by hand, sees what did not fit, and changes its terms', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(administrator, '/feeds')
  await page.getByRole('button', { name: 'Register a feed' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Weather forecast')
  await dialog.getByLabel('Identifier').fill('weather-forecast')
  await dialog.getByLabel('Owner').fill('Met Office')
  await dialog.getByLabel('Format').fill('JSON over HTTPS')
  await dialog.getByLabel('Promised every').fill('an hour')
  await dialog.getByLabel('Silent after').fill('4 h')
  await dialog.getByRole('button', { name: 'Register' }).click()
  await dialog.getByText('Enter a number with s, min, h or d, such as 15 min.').waitFor()
  await dialog.getByLabel('Promised every').fill('1 h')
  await dialog.getByLabel('Fields of a record').fill('temperatureC: number or null')
  await dialog.getByRole('button', { name: 'Register' }).click()

  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByRole('heading', { name: 'Weather forecast' }).waitFor()
  expect(await weather()).toMatchObject({ cadenceS: 3_600, redS: 14_400, amberS: null, freshness: 'never' })

  await panel.getByText('Deliver by hand').click()
  await panel.getByLabel('Records (JSON)').fill('[{"temperatureC": 6.5}, {"temperatureC": "mild"}]')
  await panel.getByRole('button', { name: 'Deliver' }).click()
  await panel.getByText('1 record taken; 1 record is not of the agreed form and listed below.').waitFor()
  await panel.getByText('not the agreed format').waitFor()
  await panel.getByLabel('What came').selectOption('something that cannot be read')
  await panel.getByLabel('What is wrong with it').fill('The page has moved.')
  await panel.getByRole('button', { name: 'Note the failure' }).click()
  await panel.getByText('The page has moved.').waitFor()
  expect(await weather()).toMatchObject({ freshness: 'green', lastRecord: { temperatureC: 6.5 } })

  await panel.getByRole('button', { name: 'Change the terms' }).click()
  await dialog.getByLabel('Late after').fill('2 h')
  await dialog.getByRole('button', { name: 'Save the terms' }).click()
  await panel.getByText('no separate state').waitFor({ state: 'detached' })
  expect(await weather()).toMatchObject({ amberS: 7_200, fields: { temperatureC: ['number', 'null'] } })
})

test('FM15 whoever saves terms that somebody else has changed is told, and goes on from theirs', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(administrator, '/feeds?feed=weather-forecast')
  await page.getByRole('button', { name: 'Change the terms' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Owner').fill('Somebody else')
  const { name, owner: _, cadenceS, format, amberS, redS, fields, etag } = (await weather()) as Feed
  const theirs = { name, owner: 'Met Office, Exeter', cadenceS, format, amberS, redS, fields }
  const params = { id: 'weather-forecast' }
  await ok(administrator.ask(operations.registerFeed, { params, body: theirs, version: etag }))
  await dialog.getByRole('button', { name: 'Save the terms' }).click()
  await dialog.getByText('Someone else has changed this').waitFor()
  expect((await weather())?.owner).toBe('Met Office, Exeter')
  await dialog.getByRole('button', { name: 'Load the stored values' }).click()
  await expect.poll(() => dialog.getByLabel('Owner').inputValue()).toBe('Met Office, Exeter')
  await dialog.getByLabel('Owner').fill('Met Office')
  await dialog.getByRole('button', { name: 'Save the terms' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await weather())?.owner).toBe('Met Office')
})

test('edits of terms that are not saved are asked after before the page is left', { timeout: 60_000 }, async () => {
  const page = await portal.open(administrator, '/hubs')
  await page.getByRole('link', { name: 'Feeds' }).click()
  await page.getByText('Weather forecast').click()
  await page.getByRole('button', { name: 'Change the terms' }).click()
  await page.getByRole('dialog').getByLabel('Owner').fill('Somebody else')
  const asked: string[] = []
  page.once('dialog', (question) => {
    asked.push(question.message())
    void question.dismiss()
  })
  await page.evaluate('history.back()')
  await expect.poll(() => asked).toEqual(['What you entered is not saved. Leave anyway?'])
  expect(await page.getByRole('dialog').getByLabel('Owner').inputValue()).toBe('Somebody else')
})

test('others read the register and may not change it; it is accessible in light and dark, and fits into 400 px', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(await portal.person('olivia', 'operator'), '/feeds?feed=weather-forecast')
  await page.getByRole('heading', { name: 'Weather forecast' }).waitFor()
  expect(await page.getByRole('button', { name: 'Register a feed' }).isDisabled()).toBe(true)
  expect(await page.getByText('Deliver by hand').count()).toBe(0)
  await expectGoodScreens(await portal.open(administrator, '/feeds'), [
    ['/feeds', 'Feeds', 'Weather forecast'],
    ['/feeds?feed=weather-forecast', 'Feeds', 'Deliver by hand'],
  ])
})
