import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
await saveTestNetwork(db)
const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')
const upload = (text: string, query: Record<string, unknown>) =>
  planner.ask(operations.uploadLoadHistory, { query, text })
const stored = async () => {
  const query = { from: '2026-01-14T00:00:00Z', to: '2026-01-15T00:00:00Z' }
  const { body } = await planner.ask(operations.readNodeHalfHours, { params: { id: 'sec' }, query })
  return body.map((h: { at: string; meanW: number }) => [h.at, h.meanW])
}
const heading = 'nodeId,at,meanW,maxW\n'

test('FM03 stamps are declared: the same file as period-end lies half an hour earlier', async () => {
  const file = `${heading}sec,2026-01-14T17:00:00Z,300000,\nsec,2026-01-14T18:30:00+01:00,310000,320000\n`
  expect(await upload(file, {})).toMatchObject({ status: 422, body: { errors: [{ field: 'stamp' }] } })
  const dry = await upload(file, { stamp: 'period-start', dryRun: true })
  expect(dry.body).toEqual({ rows: 2, nodes: 1, dryRun: true })
  expect(await stored()).toEqual([])
  await upload(file, { stamp: 'period-end' })
  expect(await stored()).toEqual([
    ['2026-01-14T16:30:00Z', 300_000],
    ['2026-01-14T17:00:00Z', 310_000],
  ])
})

test('an uploaded history is the load used for headroom, and can be corrected', async () => {
  await upload(`${heading}sec,2026-01-14T20:00:00Z,400000,\n`, { stamp: 'period-start' })
  await upload(`${heading}sec,2026-01-14T20:00:00Z,420000,\n`, { stamp: 'period-start' })
  const { periods } = (
    await planner.ask(operations.readHeadroom, { params: { id: 'sec' }, query: { day: '2026-01-16' } })
  ).body
  expect(periods[40]).toMatchObject({ backgroundW: 420_000, capacityW: 760_000, headroomW: 340_000 })
})

test.each([
  ['an unknown node', 'nowhere,2026-01-14T17:00:00Z,1,', 'line 2, nodeId'],
  ['a time without offset', 'sec,2026-01-14T17:00:00,1,', 'line 2, at'],
  ['a time that is no half-hour', 'sec,2026-01-14T17:10:00Z,1,', 'line 2, at'],
  ['a load that is missing, not 0', 'sec,2026-01-14T17:00:00Z,,', 'line 2, meanW'],
  ['a highest below the mean', 'sec,2026-01-14T17:00:00Z,5,4', 'line 2, maxW'],
  ['a half-hour twice', 'sec,2026-01-14T17:00:00Z,5,\nsec,2026-01-14T17:00:00Z,6,', 'line 3, at'],
])('%s is named with its line, and nothing is stored', async (_, rows, field) => {
  const before = await stored()
  const refused = await upload(heading + rows, { stamp: 'period-start' })
  expect(refused.status).toBe(422)
  expect(refused.body.errors.map((e: { field: string }) => e.field)).toContain(field)
  expect(await stored()).toEqual(before)
})
