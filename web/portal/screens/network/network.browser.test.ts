import { beforeAll, expect, test } from 'vitest'
import { saveNode } from '../../../../server/grid/index.ts'
import { type DepotsScene, startDepots } from '../../../test/support/depots.ts'
import { expectGoodScreens } from '../../../test/support/portal.ts'

let scene: DepotsScene

/** More than the list shows at once; the greatest rating is that of the last identifier. */
const nodes = 1_100

beforeAll(async () => {
  scene = await startDepots('2026-01-15T09:00:00Z')
  const common = { kind: 'gsp', parentId: null, licenceArea: 'LPN', easting: null, northing: null } as const
  const { db } = scene.context
  for (let n = 0; n < nodes; n++) {
    const nodeId = `a-${String(n).padStart(4, '0')}`
    const ratingWinterKva = n === 500 ? null : 10_000_000 + n
    await saveNode(db, { ...common, nodeId, name: `Sorted ${n}`, ratingWinterKva, ratingSummerKva: null })
  }
}, 180_000)

test('a planner who sorts the network by rating sees the greatest of all nodes first, not of those on the screen', {
  timeout: 120_000,
}, async () => {
  const page = await scene.open(await scene.seeded('planner'), '/network')
  await page.getByText('the first 1,000 nodes in this order; search for others').waitFor()
  const winter = page.getByRole('button', { name: 'Winter rating kVA' })
  const firstRow = page.getByRole('table').getByRole('row').nth(1)
  await winter.click()
  await expect.poll(() => page.url()).toContain('sort=ratingWinterKva')
  if (!page.url().includes('descending')) await winter.click()
  await expect.poll(() => firstRow.textContent()).toContain('Sorted 1099')
  expect(await page.getByRole('columnheader', { name: 'Winter rating kVA' }).getAttribute('aria-sort')).toBe(
    'descending',
  )
  // Reached by its address, the order is the same.
  await page.reload()
  await expect.poll(() => firstRow.textContent()).toContain('Sorted 1099')
  await winter.click()
  await expect.poll(() => firstRow.textContent()).not.toContain('Sorted 1099')
})

test('the tree tells of each node how much can still be agreed, and says so where that is not known', {
  timeout: 60_000,
}, async () => {
  const { db } = scene.context
  const common = { licenceArea: 'LPN', easting: null, northing: null } as const
  const top = { kind: 'primary', parentId: null, ratingWinterKva: 30_000, ratingSummerKva: 27_000 } as const
  await saveNode(db, { ...common, ...top, nodeId: 'z-pri', name: 'Upper St' })
  const below = { kind: 'secondary', parentId: 'z-pri' } as const
  const measured = { maxDemandWinterKva: 300, maxDemandSummerKva: 300 }
  const [rated, unrated] = [
    { ratingWinterKva: 800, ratingSummerKva: 700 },
    { ratingWinterKva: null, ratingSummerKva: null },
  ]
  await saveNode(db, { ...common, ...below, ...rated, ...measured, nodeId: 'z-known', name: 'Known St' })
  await saveNode(db, { ...common, ...below, ...rated, nodeId: 'z-dark', name: 'Dark St' })
  await saveNode(db, { ...common, ...below, ...unrated, ...measured, nodeId: 'z-unrated', name: 'Unrated St' })
  const planner = await scene.seeded('planner')
  const page = await scene.open(planner, '/network/z-pri')
  const table = page.getByRole('region', { name: 'Nodes fed from here' })
  // 800 kVA × 0.95 = 760 kW, less the highest demand of 300 kVA × 0.95 = 285 kW.
  await table.getByRole('row', { name: /Known St.*475\.0/ }).waitFor()
  await table.getByRole('row', { name: /Dark St.*Not known/ }).waitFor()
  await table.getByRole('row', { name: /Unrated St.*Not known/ }).waitFor()
  await page.getByText('The headroom of this node is not known: its background load is not.').first().waitFor()
  await page.goto(`${scene.url}/network?search=unrated`)
  await page.getByRole('row', { name: /Unrated St.*Not known/ }).waitFor()
  await expectGoodScreens(page, [
    ['/network/z-pri', 'Upper St', 'Not known'],
    ['/network?search=unrated', 'Network', 'Not known'],
  ])
})
