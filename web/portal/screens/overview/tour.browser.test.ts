import { expect, test } from 'vitest'
import { peoplePolicies } from '../../../../server/kit/index.ts'
import { screenFaults } from '../../../test/support/accessibility.ts'
import { startPortal } from '../../../test/support/portal.ts'

test('a demo shows each role what to try, with links to where; a live system shows nobody a tour', async () => {
  const demo = await startPortal('2026-01-15T09:00:00Z', { environment: 'demo' })
  const operator = await demo.open(await demo.person('olga', 'operator'), '/')
  await operator.getByText('What to try as operator').click()
  expect(await screenFaults(operator)).toEqual([])
  await operator.getByRole('link', { name: 'Shelved alarms' }).click()
  await operator.getByRole('heading', { name: 'Alarms', level: 1 }).waitFor()
  expect(new URL(operator.url()).searchParams.get('show')).toBe('shelved')
  const clerk = await demo.open(await demo.person('marek', 'settlement'), '/')
  await clerk.getByText('What to try as settlement').click()
  await clerk.getByText('disputes a line of the last settled month').waitFor()
  expect(await clerk.getByText('What to try as operator').count()).toBe(0)
  const live = await startPortal('2026-01-15T09:00:00Z', { environment: 'live', people: peoplePolicies.demo })
  const page = await live.open(await live.person('olga', 'operator'), '/')
  await page.getByText('No site has been set up yet.').waitFor()
  expect(await page.getByText('What to try').count()).toBe(0)
}, 180_000)
