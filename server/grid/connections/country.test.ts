import { randomUUID } from 'node:crypto'
import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { ConnectionSummary } from '../../../schemas/grid/connections.ts'
import type { ProfileDay } from '../../../schemas/grid/profiles.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { measuredPlaces } from '../../grid/telemetry/index.ts'
import { saveConnection, saveNode, saveProfile } from '../index.ts'
import { eveningLimits, saveTestNetwork } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
// St Andrew's Day, a Monday, at 17:00: a weekday's evening in England, 100 kW; a bank holiday in Scotland, 200 kW.
const at = Instant.parse('2026-11-30T17:00:00Z')
const server = await startTestServer(url, new SimulatedClock(at))
const planner = await server.person('priya', 'planner')
await saveTestNetwork(db)
await saveNode(db, {
  nodeId: 'skye',
  name: 'Skye',
  kind: 'secondary',
  parentId: null,
  licenceArea: 'SHEPD',
  easting: 146_000,
  northing: 843_000,
  ratingWinterKva: 800,
  ratingSummerKva: 700,
})

async function limitIn(licenceArea: string, nodeId: string) {
  const connectionId = randomUUID()
  const own = { connectionId, name: licenceArea, customer: 'C', address: '', licenceArea, nodeId }
  await saveConnection(db, { ...own, ascKva: 240, powerFactor: 0.95, mpans: [] })
  await saveProfile(db, {
    connectionId,
    version: 1,
    state: 'approved',
    fallbackLimitW: null,
    limits: eveningLimits,
    validFrom: LocalDate.parse('2026-01-01'),
    validTo: LocalDate.parse('2026-12-31'),
  })
  return (await planner.ask(operations.readConnection, { params: { id: connectionId } })).body.limitW
}

test('a profile takes the bank holidays of the country of its licence area: St Andrew’s Day in SHEPD, not in LPN', async () => {
  expect(await limitIn('LPN', 'sec')).toBe(100_000)
  expect(await limitIn('SHEPD', 'skye')).toBe(200_000)
})

test('a preview takes them too: the same limits on St Andrew’s Day are a weekend’s at the site in SHEPD', async () => {
  const sites: ConnectionSummary[] = (await planner.ask(operations.listConnections)).body.items
  const preview = async (connectionId?: string) => {
    const body = { limits: eveningLimits, day: '2026-11-30', ...(connectionId && { connectionId }) }
    const { periods }: ProfileDay = (await planner.ask(operations.previewProfile, { body })).body
    return periods.find(({ localTime }) => localTime === '17:00')?.limitW
  }
  const idIn = (name: string) => sites.find((site) => site.name === name)?.connectionId
  expect([await preview(idIn('LPN')), await preview(idIn('SHEPD')), await preview()]).toEqual([
    100_000, 200_000, 100_000,
  ])
  const unknown = { limits: eveningLimits, day: '2026-11-30', connectionId: randomUUID() }
  expect((await planner.ask(operations.previewProfile, { body: unknown })).status).toBe(404)
})

test('the country of an area is data: SHEPD is Scottish, and a new area says where it is', async () => {
  const { body } = await planner.ask(operations.readLicenceArea, { params: { code: 'SHEPD' } })
  expect(body).toMatchObject({ country: 'SCT' })
  const form = { name: 'SP Distribution', groupCode: 'SSEN', country: 'SCT' }
  const made = await planner.ask(operations.saveLicenceArea, { params: { code: 'SPD' }, body: form, version: null })
  expect(made.body).toMatchObject({ country: 'SCT' })
  expect(await measuredPlaces(db, at)).toEqual([])
})
