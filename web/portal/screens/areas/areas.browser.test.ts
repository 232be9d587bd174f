import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
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

const groupsNow = async () => (await planner.ask(operations.listAreas)).body as { code: string; areas: object[] }[]

test('A14: a planner adds a DNO group with a licence area, renames the area, and removes both', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(planner, '/network')
  await page.getByRole('link', { name: 'Licence areas' }).click()
  await page.getByText('2 DNO groups, 5 licence areas').waitFor()
  const panel = page.getByRole('complementary', { name: 'Details' })

  await page.getByRole('button', { name: 'Add a DNO group' }).click()
  await panel.getByLabel('Code').fill('x')
  await panel.getByRole('button', { name: 'Add', exact: true }).click()
  await panel.getByText('must be a code of two to ten capital letters').waitFor()
  await panel.getByText('is required').waitFor()
  await panel.getByLabel('Code').fill('ukpn')
  await panel.getByLabel('Name').fill('National Grid')
  await panel.getByRole('button', { name: 'Add', exact: true }).click()
  await panel.getByText('There is already a DNO group with this code.').waitFor()
  await panel.getByLabel('Code').fill('nged')
  await panel.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('This group has no licence area.').waitFor()

  await page.getByRole('button', { name: 'Add a licence area' }).click()
  await panel.getByLabel('Code').fill('SWALES')
  await panel.getByLabel('Name').fill('South Wals')
  await panel.getByLabel('DNO group').selectOption('NGED')
  // By keyboard alone.
  await panel.getByRole('button', { name: 'Add', exact: true }).focus()
  await page.keyboard.press('Enter')
  const row = page.getByRole('row', { name: /SWALES/ })
  await row.waitFor()
  await row.focus()
  await page.keyboard.press('Enter')
  await panel.getByLabel('Name').fill('South Wales')
  await panel.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('row', { name: /South Wales/ }).waitFor()
  expect(await groupsNow()).toContainEqual(
    expect.objectContaining({
      code: 'NGED',
      areas: [expect.objectContaining({ code: 'SWALES', name: 'South Wales', etag: '2' })],
    }),
  )

  await page.getByRole('row', { name: /SWALES/ }).click()
  await panel.getByRole('button', { name: 'Remove the licence area' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the licence area' }).click()
  await row.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Change National Grid' }).click()
  await panel.getByRole('button', { name: 'Remove the DNO group' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the DNO group' }).click()
  await expect.poll(async () => (await groupsNow()).map(({ code }) => code)).toEqual(['SSEN', 'UKPN'])
})

test('an area with nodes stays, and says what is in it', async () => {
  const page = await portal.open(planner, '/licence-areas?open=area%20LPN')
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByRole('button', { name: 'Remove the licence area' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Remove the licence area' }).click()
  await dialog.getByText('The licence area LPN stays: it still has nodes.').waitFor()
})

test('FM15: the second of two editors is told, and loads what the first stored', async () => {
  const page = await portal.open(planner, '/licence-areas?open=area%20SEPD')
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByLabel('Name').fill('Southern')
  const body = { name: 'Southern Electric', groupCode: 'SSEN' }
  await planner.ask(operations.saveLicenceArea, { params: { code: 'SEPD' }, body, version: '1' })
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('Someone else has changed this').waitFor()
  await panel.getByRole('button', { name: 'Load the stored values' }).click()
  await expect.poll(() => panel.getByLabel('Name').inputValue()).toBe('Southern Electric')
  await panel.getByLabel('Name').fill('Southern')
  await panel.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('cell', { name: 'Southern', exact: true }).waitFor()
})

test('somebody who is no planner reads the areas and cannot change them', async () => {
  const page = await portal.open(await portal.person('olivia', 'operator'), '/licence-areas')
  await page.getByText('2 DNO groups').waitFor()
  expect(await page.getByRole('button', { name: 'Add a licence area' }).isDisabled()).toBe(true)
  await page.getByRole('row', { name: /LPN/ }).click()
  const save = page.getByRole('complementary').getByRole('button', { name: 'Save' })
  expect(await save.isDisabled()).toBe(true)
})

test('the screen is accessible by axe in light and dark, and fits into 400 px', { timeout: 60_000 }, async () => {
  const page = await portal.open(planner, '/licence-areas')
  await expectGoodScreens(page, [
    ['/licence-areas', 'Network', '2 DNO groups'],
    ['/licence-areas?open=new%20area', 'Network', 'It cannot be changed later.'],
    ['/licence-areas?open=group%20UKPN', 'Network', 'Only a group without licence areas can be removed.'],
  ])
})
