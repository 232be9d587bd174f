import { expect, test } from 'vitest'
import { expectLoaded } from './support/loading.ts'
import { startPortal } from './support/portal.ts'

test('a part of a page is busy from the beginning until its data have come, before its sign of waiting is to be seen', async () => {
  const portal = await startPortal('2026-03-02T08:00:00Z')
  const page = await portal.open(await portal.person('olga', 'operator'), '/')
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await page.route('**/api/gateway-pools', async (route) => {
    await released
    await route.continue()
  })
  await page.goto(`${portal.url}/gateway-pools`)
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'attached' })
  release()
  await expectLoaded(page)
  expect(await page.getByText('There is no pool yet').count()).toBe(1)
}, 180_000)
