import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { MapNode } from '../../../../schemas/grid/network-map.ts'
import { operations } from '../../../../schemas/operations.ts'
import { demandExample } from '../../../../schemas/planning/demand-examples.ts'
import { seedDemand } from '../../../../seeds/demand.ts'
import { saveNode } from '../../../../server/grid/index.ts'
import { runWaiting } from '../../../../server/planning/demand/run-demand.ts'
import type { Client } from '../../../../test/support/client.ts'
import { type DepotsScene, startDepots } from '../../../test/support/depots.ts'
import { expectGoodScreens } from '../../../test/support/portal.ts'

let scene: DepotsScene
let planner: Client

beforeAll(async () => {
  scene = await startDepots('2026-01-15T09:00:00Z')
  const common = { kind: 'secondary', parentId: 'lpn-almeida-pri', licenceArea: 'LPN', northing: 185_000 } as const
  const rated = { ratingWinterKva: 500, ratingSummerKva: 500 }
  const { db } = scene.context
  await saveNode(db, {
    ...common,
    ...rated,
    nodeId: 'over',
    name: 'Over Rd',
    easting: 530_000,
    maxDemandWinterKva: 600,
  })
  await saveNode(db, {
    ...common,
    ...rated,
    nodeId: 'fits',
    name: 'Fits Rd',
    easting: 533_000,
    maxDemandWinterKva: 100,
  })
  await saveNode(db, { ...common, ...rated, nodeId: 'nowhere', name: 'Nowhere Rd', easting: null })
  await seedDemand(scene.context)
  await runWaiting(scene.context)
  planner = await scene.seeded('planner')
}, 240_000)

/** Where a node is, as an address says it. */
async function viewOf(nodeId: string, zoom: number): Promise<string> {
  const { status, body } = await planner.ask(operations.listMapNodes, { params: { layer: 'headroom' }, query: {} })
  expect([status, body.detail]).toEqual([200, undefined])
  const place = (body.items as MapNode[]).find((each) => each.nodeId === nodeId)?.place
  return `${place?.latitude},${place?.longitude},${zoom}`
}

/** The map once it has something to point at. */
const canvasOf = (page: Page) => page.getByRole('region', { name: 'Map of the network' })

test('a planner opens the map from the network, reads what needs someone first, and opens a node from the table', {
  timeout: 120_000,
}, async () => {
  const page = await scene.open(planner, '/network')
  await page.getByRole('link', { name: 'Map', exact: true }).click()
  await page.getByRole('heading', { name: 'Map', level: 1 }).waitFor()
  const table = page.getByRole('region', { name: 'Nodes: Headroom today' })
  const first = table.getByRole('row').nth(1)
  await expect.poll(() => first.textContent()).toContain('Over Rd')
  expect(await first.textContent()).toContain('95.0\u00a0kW too much')
  // What nobody knows is said in words, never as 0.
  await table.getByRole('row', { name: /Nowhere Rd.*Not known.*not known/ }).waitFor()
  const legend = page.getByRole('list', { name: 'Legend' })
  await expect
    .poll(() => legend.textContent())
    .toMatch(/More agreed than it can carry1.*Headroom not known\d+.*Room left\d+/)
  await page.getByText('1 node has no location on record: only the table has it.').waitFor()
  await canvasOf(page).waitFor()
  await first.click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('95.0\u00a0kW too much').waitFor()
  expect(new URL(page.url()).searchParams.get('node')).toBe('over')
  await panel.getByRole('link', { name: 'Open the node’s page' }).click()
  await page.getByRole('heading', { name: 'Over Rd', level: 1 }).waitFor()
  await page.goBack()
  await panel.getByText('95.0\u00a0kW too much').waitFor()
})

test('a mark on the map opens its node, and the address holds where the map looks', { timeout: 120_000 }, async () => {
  const page = await scene.open(planner, `/map?view=${await viewOf('over', 13)}`)
  const canvas = canvasOf(page)
  await canvas.waitFor()
  const box = await canvas.boundingBox()
  if (!box) throw new Error('the map has no size')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const panel = page.getByRole('complementary', { name: 'Details' })
  await expect
    .poll(
      async () => {
        await page.mouse.click(x, y)
        return panel.count()
      },
      { timeout: 30_000 },
    )
    .toBe(1)
  await panel.getByRole('heading', { name: 'Over Rd' }).waitFor()
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('view')).toMatch(/^51\.\d+,-0\.\d+,14\.00$/)
  await page.reload()
  await panel.getByRole('heading', { name: 'Over Rd' }).waitFor()
  expect(new URL(page.url()).searchParams.get('view')).toMatch(/,14\.00$/)
  await page.getByRole('button', { name: 'Whole network' }).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('view')).not.toMatch(/,14\.00$/)
})

test('a planner chooses a scenario’s year and sees which nodes are over their headroom then', {
  timeout: 120_000,
}, async () => {
  const page = await scene.open(planner, '/map')
  await page.getByRole('combobox', { name: 'Show' }).selectOption('First year over headroom')
  const { body } = await planner.ask(operations.listRunNodes, {
    params: { id: demandExample.feedingRun },
    query: {},
  })
  const [most] = body.items
  const rows = page.getByRole('region', { name: 'Nodes: First year over headroom' }).getByRole('row')
  await expect.poll(() => rows.nth(1).textContent()).toContain(most.name)
  await page.getByRole('combobox', { name: 'Year' }).selectOption('2050')
  await page.getByRole('combobox', { name: 'Show' }).selectOption('EV demand by year')
  await page.getByRole('columnheader', { name: 'Peak in 2050' }).waitFor()
  await page.getByText('This run is over made-up data').waitFor()
  await rows.first().waitFor({ state: 'detached' })
  await page.getByRole('region', { name: 'Nodes: EV demand by year' }).getByRole('row').nth(1).click()
  await page.getByRole('complementary', { name: 'Details' }).getByRole('row', { name: /^2050/ }).waitFor()
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ subject: 'demand', year: '2050' })
})

test('R24 a planner sees where drivers live and where trips begin, by borough and by area', {
  timeout: 120_000,
}, async () => {
  const page = await scene.open(planner, '/map')
  await page.getByRole('combobox', { name: 'Show' }).selectOption('Beginnings of trips')
  const ask = async (by: 'area' | 'borough', figure: 'homes' | 'trips') => {
    const params = { id: demandExample.tripRun, by }
    const { body } = await planner.ask(operations.listRunPlaces, { params, query: { figure } })
    return body.items[0]
  }
  const most = await ask('borough', 'trips')
  const boroughs = page.getByRole('region', { name: 'Boroughs: Beginnings of trips' })
  await expect.poll(() => boroughs.getByRole('row').nth(1).textContent()).toContain(most.place)
  expect((await boroughs.getByRole('row').nth(1).textContent())?.replace(/\D/g, '')).toBe(String(most.trips))
  await page.getByRole('combobox', { name: 'Show' }).selectOption('Homes of drivers')
  await page.getByRole('combobox', { name: 'By' }).selectOption('Area')
  const home = await ask('area', 'homes')
  const areas = page.getByRole('region', { name: 'Areas: Homes of drivers' })
  await areas.getByRole('row', { name: new RegExp(`${home.place}.*${home.homes}.*${home.borough}`) }).waitFor()
  await page.getByText('nobody lives where it says').waitFor()
  await canvasOf(page).waitFor()
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ subject: 'homes', by: 'area' })
})

test('the map is accessible in both themes and at 400 px, whatever it shows', { timeout: 180_000 }, async () => {
  const page = await scene.open(planner, '/map')
  await canvasOf(page).waitFor()
  await expectGoodScreens(page, [
    ['/map', 'Map', 'Over Rd'],
    ['/map?node=over', 'Map', 'Least headroom today'],
    ['/map?subject=alarms', 'Map', 'No open alarm is at any node.'],
    ['/map?subject=exceedance&year=2035', 'Map', 'Over its headroom by 2035'],
    ['/map?subject=homes', 'Map', 'Drivers who live there'],
  ])
})

test('a map whose server does not answer says so, and keeps its table', { timeout: 120_000 }, async () => {
  const page = await scene.open(planner, '/map')
  await page.getByText('Over Rd').first().waitFor()
  await canvasOf(page).waitFor()
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await page.getByText('The server does not answer').first().waitFor()
  expect(await page.getByText('Over Rd').count()).toBeGreaterThan(0)
  await page.context().setOffline(false)
})
