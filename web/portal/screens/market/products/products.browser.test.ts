import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { agreed, approveWaiting } from '../../../../../test/support/second-person.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../../test/support/portal.ts'

let portal: Portal
let admin: Client
let second: Client

beforeAll(async () => {
  portal = await startPortal('2026-03-02T08:00:00Z')
  admin = await portal.person('ada', 'administrator')
  second = await portal.person('adam', 'administrator')
}, 180_000)

const productA = async () => (await admin.ask(operations.readProduct, { params: { product: 'A' } })).body

test('an administrator proposes other rules of a product, which hold once a second person approves them', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(admin, '/market')
  await page.getByRole('link', { name: 'Products' }).click()
  await page.getByRole('row', { name: /^A / }).click()
  const propose = page.getByRole('button', { name: 'Propose these rules' })
  await propose.waitFor()
  expect(await propose.isDisabled()).toBe(true)
  await page.getByLabel('Notice at least').fill('an hour')
  await propose.click()
  await page.getByText('Enter whole minutes, from 0 to 10,080 (a week).').waitFor()
  await page.getByLabel('Notice at least').fill('45')
  await propose.click()
  await page.getByText('Waiting for a second person').waitFor()
  expect((await productA()).settings.noticeMinutes).not.toBe(45)
  await approveWaiting(second, 'A')
  await page.getByText('45 min').waitFor()
  expect(await productA()).toMatchObject({ version: 2, settings: { noticeMinutes: 45 } })
})

test('whoever began with rules that have changed meanwhile keeps what they typed, and begins again when they want to', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(admin, '/market/products?product=B')
  const name = page.getByLabel('Name')
  await name.fill('Day-ahead, later')
  const { version, settings } = (await admin.ask(operations.readProduct, { params: { product: 'B' } })).body
  const body = { ...settings, name: 'Day-ahead, first' }
  await agreed(admin, second.ask(operations.changeProduct, { params: { product: 'B' }, body, version }))
  await page.getByText(/Version 2 by \w+ is in force since you began/).waitFor()
  expect(await name.inputValue()).toBe('Day-ahead, later')
  await page.getByRole('button', { name: 'Propose these rules' }).click()
  await page.getByText('Someone else has changed this').waitFor()
  await page.getByRole('button', { name: 'Load the stored values' }).click()
  await expect.poll(() => name.inputValue()).toBe('Day-ahead, first')
})

test('a product is added with its kind and its rules', { timeout: 60_000 }, async () => {
  const page = await portal.open(admin, '/market/products')
  await page.getByRole('button', { name: 'Add a product' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a product' })
  await dialog.getByLabel('Short name').fill('A')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog.getByText('There is a product A already.').waitFor()
  await dialog.getByText('Enter a name of 3 to 100 characters.').waitFor()
  await dialog.getByLabel('Short name').fill('PR')
  await dialog.getByLabel('Name', { exact: true }).fill('Peak reduction')
  await dialog.getByLabel('Dispatched').selectOption('an hour of the same day')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('heading', { name: 'PR, Peak reduction' }).waitFor()
  const { body } = await admin.ask(operations.readProduct, { params: { product: 'PR' } })
  expect(body).toMatchObject({ kind: 'intraday', settings: { paysUtilisation: true, paysAvailability: false } })
})

test('other people see the rules and why they cannot change them', { timeout: 60_000 }, async () => {
  const page = await portal.open(await portal.person('pat', 'planner'), '/market/products?product=A')
  await page.getByText('Rules in force').waitFor()
  expect(await page.getByRole('button', { name: 'Propose these rules' }).isDisabled()).toBe(true)
  await page.getByText('This needs the role administrator.').first().waitFor()
})

test('the products are accessible by axe in light and dark, and fit into 400 px', { timeout: 60_000 }, async () => {
  const path = '/market/products?product=A'
  await expectGoodScreens(await portal.open(admin, path), [[path, 'Market', 'Rules in force']])
})
