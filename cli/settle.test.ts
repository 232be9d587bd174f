import { randomUUID } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { createTestDatabase } from '../test/support/database.ts'
import { settleCommand } from './settle.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test('settle names every FSP and product that has nothing to settle, as one JSON object', async () => {
  const { url, db } = await createTestDatabase('server')
  await db.$client`
    insert into fsp (fsp_id, company_name, contact_name, contact_email, status, applied_at, control_base_url,
      control_token_endpoint, control_client_id, sealed_control_secret)
    values (${randomUUID()}, 'Depot Charging Ltd', 'Desk', 'desk@fsp.example', 'accepted', now(), 'http://a', 'http://b', 'c', 'd')`
  vi.stubEnv('DATABASE_URL', url)
  vi.stubEnv('RINGMAIN_FSP_DATABASE_URL', url)
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  await settleCommand().parseAsync(['--month', '2026-01', '--json'], { from: 'user' })
  expect(written).toHaveLength(1)
  const found = JSON.parse(written[0] ?? '')
  expect(found).toMatchObject({ month: '2026-01', statements: [] })
  expect(found.skipped.map((s: { product: string }) => s.product)).toEqual(['A', 'B', 'C'])
})

test('a month that is none is refused before anything is opened', async () => {
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  await expect(settleCommand().exitOverride().parseAsync(['--month', '2026-13'], { from: 'user' })).rejects.toThrow(
    'It must be a month such as 2026-01.',
  )
})
