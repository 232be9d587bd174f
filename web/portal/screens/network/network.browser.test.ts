import { beforeAll, expect, test } from 'vitest'
import { saveNode } from '../../../../server/grid/index.ts'
import { type DepotsScene, startDepots } from '../../../test/support/depots.ts'

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
