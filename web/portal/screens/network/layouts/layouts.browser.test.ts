import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import { saveTestNetwork } from '../../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { ok } from '../../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../../test/support/portal.ts'

let portal: Portal
let planner: Client

beforeAll(async () => {
  portal = await startPortal()
  await saveTestNetwork(portal.context.db)
  planner = await portal.person('priya', 'planner')
}, 180_000)

const names = async () => (await ok(planner.ask(operations.listLayouts))).map(({ name }: { name: string }) => name)

/** A layout that somebody added over the API. */
async function savedLayout(name: string): Promise<void> {
  const body = {
    title: `List ${name}`,
    source: '',
    recognisedBy: [`${name} number`],
    emptyCells: 'keep' as const,
    nodes: [
      { nodeId: { columns: [`${name} number`] }, name: { columns: ['Name'] }, kind: { fixed: 'primary' as const } },
    ],
  }
  await ok(planner.ask(operations.saveLayout, { params: { name }, body, version: null }))
}

test('a planner states how the list of another company is read, and imports the list by it', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(planner, '/network-import')
  await page.getByRole('link', { name: 'Layouts' }).click()
  await page.getByRole('link', { name: 'New layout' }).click()
  await page.getByRole('button', { name: 'Add the layout' }).click()
  await page.getByText('6 fields must be corrected before this can be saved.').waitFor()
  await page.getByLabel('Short name').fill('northern-secondaries')
  await page.getByLabel('Title').fill('Northern secondaries')
  await page.getByLabel('Known by').fill('Site No; Site Name; Rating MVA')
  const value = (name: string) => page.getByRole('group', { name, exact: true })
  await value('Identifier').getByLabel('Headings').fill('Site No')
  await value('Identifier').getByLabel('Put before it').fill('north-')
  await value('Name').getByLabel('Headings').fill('Site Name')
  await value('Kind').getByLabel('Given by').selectOption('nothing: it is the same in every row')
  await value('Kind').getByLabel('Always').fill('hut')
  await page.getByText('Enter a value that is known here.').waitFor()
  await value('Kind').getByLabel('Always').fill('secondary')
  await page.getByLabel('Add a value').selectOption('Winter rating')
  await value('Winter rating').getByLabel('Headings').fill('Rating MVA')
  await value('Winter rating').getByLabel('Unit').selectOption('MVA')
  await page.getByLabel('Add a value').selectOption('Licence area')
  await value('Licence area').getByLabel('Given by').selectOption('nothing: it is the same in every row')
  await value('Licence area').getByLabel('Always').fill('LPN')
  await page.getByRole('button', { name: 'Add the layout' }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('Rating MVA, in MVA').waitFor()
  await panel.getByText('always secondary').waitFor()

  await page.getByRole('link', { name: 'Import a network' }).click()
  const lines = 'Site No,Site Name,Rating MVA\n17,Bow Road,0.8\n'
  const file = { name: 'northern.csv', mimeType: 'text/csv', buffer: Buffer.from(lines) }
  await page.getByLabel('Network file').setInputFiles(file)
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByRole('button', { name: 'Import: 1 new node, 0 changed' }).click()
  await page.getByText('read in the layout “northern-secondaries”').waitFor()
  const { node } = await ok(planner.ask(operations.readNode, { params: { id: 'north-17' } }))
  expect(node).toMatchObject({ name: 'Bow Road', kind: 'secondary', licenceArea: 'LPN', ratingWinterKva: 800 })
})

test('a layout that comes with the program is the beginning of another, and stays itself', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(planner, '/network-layouts')
  const panel = page.getByRole('complementary', { name: 'Details' })
  await page.getByRole('row', { name: /UK Power Networks: grid and primary sites/ }).click()
  await panel.getByText('It comes with the program and stays as it is').waitFor()
  expect(await panel.getByRole('button', { name: 'Remove this layout' }).count()).toBe(0)
  await panel.getByRole('link', { name: 'Make another from it' }).click()
  await page.getByLabel('Short name').fill('ukpn-sites')
  await page.getByRole('button', { name: 'Add the layout' }).click()
  await page.getByText('There is a layout of this name already.').waitFor()
  await page.getByLabel('Short name').fill('our-sites')
  await page.getByRole('button', { name: 'Add the layout' }).click()
  await panel.getByText('our-sites').waitFor()
  const all = await ok(planner.ask(operations.listLayouts))
  const [own, theirs] = ['our-sites', 'ukpn-sites'].map((name) =>
    all.find((each: { name: string }) => each.name === name),
  )
  expect(own.nodes).toEqual(theirs.nodes)
})

test('a layout is changed, and removed in two steps', { timeout: 60_000 }, async () => {
  await savedLayout('old-list')
  const page = await portal.open(planner, '/network-layouts?open=old-list')
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByRole('link', { name: 'Change this layout' }).click()
  expect(await page.getByLabel('Short name').getAttribute('readonly')).not.toBeNull()
  await page.getByLabel('Title').fill('Old list of primaries')
  await page.getByRole('button', { name: 'Save the layout' }).click()
  await panel.getByRole('heading', { name: 'Old list of primaries' }).waitFor()
  await panel.getByRole('button', { name: 'Remove this layout' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove this layout' }).click()
  await panel.waitFor({ state: 'detached' })
  expect(await names()).not.toContain('old-list')
})

test('FM15 whoever saves a layout that somebody else has changed is told, and goes on from theirs', {
  timeout: 60_000,
}, async () => {
  await savedLayout('shared-list')
  const stored = async () =>
    (await ok(planner.ask(operations.listLayouts))).find(({ name }: { name: string }) => name === 'shared-list')
  const page = await portal.open(planner, '/network-layouts/shared-list')
  await page.getByLabel('Title').fill('Mine')
  const { title: _, name: __, savedAt: ___, savedBy: ____, etag, ...rest } = await stored()
  const params = { name: 'shared-list' }
  await ok(planner.ask(operations.saveLayout, { params, body: { ...rest, title: 'Theirs' }, version: etag }))
  await page.getByRole('button', { name: 'Save the layout' }).click()
  await page.getByText('Someone else has changed this').waitFor()
  expect((await stored()).title).toBe('Theirs')
  await page.getByRole('button', { name: 'Load the stored values' }).click()
  await expect.poll(() => page.getByLabel('Title').inputValue()).toBe('Theirs')
  await page.getByLabel('Title').fill('Ours')
  await page.getByRole('button', { name: 'Save the layout' }).click()
  await page.getByRole('heading', { name: 'Ours' }).waitFor()
})

test('an operator reads layouts and cannot add one', { timeout: 60_000 }, async () => {
  const page = await portal.open(await portal.person('olivia', 'operator'), '/new-network-layout')
  await page.getByText('This needs the role planner.').waitFor()
  expect(await page.getByRole('button', { name: 'Add the layout' }).isDisabled()).toBe(true)
})

test('the screens are accessible by axe in light and dark, and fit into 400 px', { timeout: 120_000 }, async () => {
  await savedLayout('pictured')
  const page = await portal.open(planner, '/network-layouts')
  await expectGoodScreens(page, [
    ['/network-layouts?open=pictured', 'Layouts of network files', 'Known by'],
    ['/new-network-layout?from=ukpn-sites', 'New layout', 'What a row describes'],
    ['/network-layouts/pictured', 'Layout pictured', 'Headings'],
  ])
})
