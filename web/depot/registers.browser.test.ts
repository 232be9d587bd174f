import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { van } from '../../fsp/test/support/yard.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { unknownOperations } from '../../schemas/fsp/registers/unknown.ts'
import { screenFaults } from '../test/support/accessibility.ts'
import { type DepotPortal, startDepotPortal } from '../test/support/depot-portal.ts'

let portal: DepotPortal

/** Noon, with a vehicle that shows a token which nobody has registered. */
beforeAll(async () => {
  portal = await startDepotPortal()
  await portal.depotApi(depotOperations.setControlMode, { body: { mode: 'live' } })
  portal.controls.plugIn('yard-01', 1, van(1, { idTag: 'NEW-TAG' }))
  await portal.pass(3)
}, 240_000)

const head = 'key,version,depotId,kind,state,replacedBy\r\n'

function file(text: string) {
  return { name: 'tokens.csv', mimeType: 'text/csv', buffer: Buffer.from(head + text) }
}

test('I16 a register goes out as CSV and comes in again: checked first, errors by line, stored only when all is right', async () => {
  const page = await portal.open('/registers')
  await page.getByRole('link', { name: 'Tokens', exact: true }).click()
  await page.getByRole('heading', { name: 'Tokens', level: 1 }).waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ])
  expect((await readFile(await download.path(), 'utf8')).startsWith(head)).toBe(true)
  await page
    .getByLabel('CSV file of the register')
    .setInputFiles(file('A-1,,yard,vehicle,issued,\r\nA-2,,nowhere,vehicle,issued,\r\n'))
  await page.getByRole('button', { name: 'Check' }).click()
  const fault = page.getByRole('region', { name: 'Flaws' }).getByRole('row').nth(1)
  await fault.waitFor()
  expect((await fault.getByRole('cell').allTextContents()).slice(0, 2)).toEqual(['3', 'Depot'])
  await page.getByLabel('CSV file of the register').setInputFiles(file('A-1,,yard,vehicle,issued,\r\n'))
  await page.getByRole('button', { name: 'Check' }).click()
  const store = page.getByRole('button', { name: 'Import: 1 new, 0 changed, 0 as they are' })
  await store.waitFor()
  const read = () => portal.depotApi(registerGroups.tokens.read, { params: { key: 'A-1' } })
  expect((await read()).status).toBe(404)
  await store.click()
  await page.getByText('Imported: 1 row').waitFor()
  expect((await read()).body).toMatchObject({ version: 1, changedBy: 'admin', data: { state: 'issued' } })
  expect(await screenFaults(page)).toEqual([])
})

test('PCM01 a profiled connection is added in a form that says what is wrong in words, and changed, each a version', async () => {
  const page = await portal.open('/registers/profiledConnections')
  await page.getByText('Nothing is registered here yet.').waitFor()
  await page.getByRole('button', { name: 'Add an entry' }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByLabel('Key').fill('winter')
  await panel.getByLabel('Depot').fill('yard')
  await panel.getByLabel('Name').fill('Winter')
  await panel.getByLabel('From', { exact: true }).fill('2026-01-15')
  await panel.getByLabel('To', { exact: true }).fill('2026-03-31')
  await panel.getByLabel('monday').check()
  await panel.getByRole('button', { name: 'Add to steps' }).click()
  const step = panel.getByRole('group', { name: 'Steps 1' })
  await step.getByLabel('From').fill('00:00')
  await step.getByLabel('Limit, W').fill('a lot')
  await panel.getByRole('button', { name: 'Save' }).click()
  await step.getByText(/^Give a number/).waitFor()
  expect(await screenFaults(page)).toEqual([])
  await step.getByLabel('Limit, W').fill('80000')
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('1, from').waitFor()
  await panel.getByRole('button', { name: 'Change' }).click()
  await step.getByLabel('Limit, W').fill('70000')
  await panel.getByLabel('Reason').fill('A colder winter')
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('admin: A colder winter').waitFor()
  const { body } = await portal.depotApi(registerGroups.profiledConnections.read, { params: { key: 'winter' } })
  expect([body.version, body.data.weekdays, body.data.steps]).toEqual([
    2,
    ['monday'],
    [{ from: '00:00', limitW: 70_000 }],
  ])
})

test('an entry shows what it says and its versions, and is taken out of use with a reason', async () => {
  const page = await portal.open('/registers/tokens?entry=yard-005')
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('1, from').waitFor()
  await panel.getByRole('button', { name: 'Take out of use' }).click()
  await panel.getByLabel('Reason').fill('Lost in the yard')
  await panel.getByRole('button', { name: 'Take out of use' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take out of use' }).click()
  // A vehicle has it: the register says so instead of breaking.
  await page.getByRole('dialog').getByRole('alert').waitFor()
  expect((await portal.depotApi(registerGroups.tokens.read, { params: { key: 'yard-005' } })).body.isRetired).toBe(
    false,
  )
  expect(await screenFaults(page)).toEqual([])
})

test('H20 a token that appeared is registered in one step, and its warning is resolved', async () => {
  const page = await portal.open('/unknown')
  await page.getByRole('row', { name: /^Token NEW-TAG/ }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('Times', { exact: true }).waitFor()
  expect(await screenFaults(page)).toEqual([])
  await panel.getByRole('button', { name: 'Register' }).click()
  await page.getByText('Everything that appeared is registered.').waitFor()
  const { body } = await portal.depotApi(registerGroups.tokens.read, { params: { key: 'NEW-TAG' } })
  expect(body.data).toMatchObject({ depotId: 'yard', kind: 'master' })
  await page
    .getByRole('button', { name: /^Resolve/ })
    .first()
    .click()
  await page.getByLabel('What was done').fill('It is the depot’s card')
  await page.getByRole('button', { name: 'Close the warning' }).click()
  await page.getByText('Nothing is open.').waitFor()
  expect((await portal.depotApi(unknownOperations.listWarnings)).body).toEqual([])
})
