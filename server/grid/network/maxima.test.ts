import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'

const { url, db } = await createTestDatabase('server')
const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
const planner = await server.person('priya', 'planner')
const upload = (text: string, query: Record<string, string> = {}) =>
  planner.ask(operations.importNetwork, { text, query })
const node = async (nodeId: string) =>
  (await planner.ask(operations.listNodes, { query: { search: nodeId } })).body.items[0]

const base = 'nodeId,name,kind,parentId,licenceArea'
const start = 's1,A Street,secondary,,LPN'
const quality = 'maxDemandWinterKva,maxDemandWinterOn,maxDemandWinterMethod,maxDemandWinterConfidence'

describe('O7: date, method and confidence of a maximum', () => {
  test('a file that states them has them kept, shown and exported', async () => {
    expect(await upload(`${base},${quality}\n${start},500,2025-12-03,metered,high\n`)).toMatchObject({ status: 200 })
    const found = {
      maxDemandWinterKva: 500,
      maxDemandWinterOn: '2025-12-03',
      maxDemandWinterMethod: 'metered',
      maxDemandWinterConfidence: 'high',
      maxDemandSummerOn: null,
      maxDemandSummerMethod: 'unknown',
      maxDemandSummerConfidence: 'unknown',
    }
    expect(await node('s1')).toMatchObject(found)
    const { body: file } = await planner.ask(operations.exportNetwork)
    expect((await upload(file)).body).toMatchObject({ state: 'imported', created: 0, changed: 0 })
    expect(await node('s1')).toMatchObject(found)
  })

  test('the same maximum in a list without dates keeps its date', async () => {
    expect((await upload(`${base},maxDemandWinterKva\n${start},500\n`)).body).toMatchObject({ changed: 0 })
    expect(await node('s1')).toMatchObject({ maxDemandWinterOn: '2025-12-03', maxDemandWinterMethod: 'metered' })
  })

  test('another maximum does not take over the date of the old one, and a dry run says so', async () => {
    const { body } = await upload(`${base},maxDemandWinterKva\n${start},540\n`, { dryRun: 'true' })
    expect(body.changes).toEqual([
      { line: 2, subject: 's1', field: 'maxDemandWinterConfidence', now: 'high', given: 'unknown' },
      { line: 2, subject: 's1', field: 'maxDemandWinterKva', now: '500', given: '540' },
      { line: 2, subject: 's1', field: 'maxDemandWinterMethod', now: 'metered', given: 'unknown' },
      { line: 2, subject: 's1', field: 'maxDemandWinterOn', now: '2025-12-03', given: '' },
    ])
    await upload(`${base},maxDemandWinterKva\n${start},540\n`)
    expect(await node('s1')).toMatchObject({
      maxDemandWinterKva: 540,
      maxDemandWinterOn: null,
      maxDemandWinterMethod: 'unknown',
      maxDemandWinterConfidence: 'unknown',
    })
  })

  test('a list that says nothing of demand leaves what is known of it alone', async () => {
    await upload(`${base},${quality}\n${start},500,2025-12-03,metered,high\n`)
    expect((await upload(`${base},ratingWinterKva\n${start},800\n`)).body).toMatchObject({ changed: 1, changeCount: 1 })
    expect(await node('s1')).toMatchObject({ maxDemandWinterKva: 500, maxDemandWinterOn: '2025-12-03' })
  })

  test.each([
    ['a day that does not exist', '2025-02-30,metered,high', 'maxDemandWinterOn', 'is not a day'],
    ['a day that is still to come', '2026-01-16,metered,high', 'maxDemandWinterOn', 'is still to come'],
    ['a method that nobody knows', '2025-12-03,guessed,high', 'maxDemandWinterMethod', 'is not one of metered'],
    ['a confidence that nobody knows', '2025-12-03,metered,sure', 'maxDemandWinterConfidence', 'is not one of high'],
  ])('%s is a flaw of its line', async (_, cells, field, message) => {
    const { status, body } = await upload(`${base},${quality}\n${start},500,${cells}\n`)
    expect(status).toBe(422)
    expect(body.errors).toMatchObject([{ field: `line 2, ${field}`, message: expect.stringContaining(message) }])
  })

  test('a layout states how the maxima of its list came about, and an empty day is an undated maximum', async () => {
    const body = {
      title: 'Secondary list',
      source: 'The second DNO',
      recognisedBy: ['Site', 'Site Name', 'Peak kVA', 'Peak read on'],
      emptyCells: 'keep' as const,
      nodes: [
        {
          nodeId: { columns: ['Site'], prefix: 'b-' },
          name: { columns: ['Site Name'] },
          kind: { fixed: 'secondary' as const },
          licenceArea: { fixed: 'SEPD' },
          maxDemandWinterKva: { columns: ['Peak kVA'] },
          maxDemandWinterOn: { columns: ['Peak read on'] },
          maxDemandWinterMethod: { fixed: 'annual-reading' as const },
          maxDemandWinterConfidence: { fixed: 'low' as const },
        },
      ],
    }
    await planner.ask(operations.saveLayout, { params: { name: 'second-dno' }, body, version: null })
    const list = 'Site,Site Name,Peak kVA,Peak read on\n1,Mill Lane,300,\n2,Kiln Lane,200,2025-11-20\n'
    expect(await upload(list)).toMatchObject({ status: 200, body: { layout: 'second-dno', created: 2 } })
    const read = { maxDemandWinterMethod: 'annual-reading', maxDemandWinterConfidence: 'low', licenceArea: 'SEPD' }
    expect(await node('b-1')).toMatchObject({ ...read, maxDemandWinterKva: 300, maxDemandWinterOn: null })
    expect(await node('b-2')).toMatchObject({ ...read, maxDemandWinterKva: 200, maxDemandWinterOn: '2025-11-20' })
  })

  test('a maximum from before these were kept is of unknown method and undated', async () => {
    await db.execute(sql`
      insert into network_node (node_id, name, kind, licence_area, max_demand_winter_kva)
      values ('old', 'Old Street', 'secondary', 'LPN', 120)`)
    expect(await node('old')).toMatchObject({
      maxDemandWinterKva: 120,
      maxDemandWinterOn: null,
      maxDemandWinterMethod: 'unknown',
      maxDemandWinterConfidence: 'unknown',
    })
  })
})

test('O7: an assessment says of each node which maxima it knows, of which day and how they came about', async () => {
  await upload(
    `${base},ratingWinterKva,ratingSummerKva,${quality}\ns9,B Street,secondary,,LPN,800,800,500,,annual-reading,low\n`,
  )
  const connection = {
    name: 'Depot',
    customer: 'Customer',
    address: '',
    licenceArea: 'LPN',
    nodeId: 's9',
    ascKva: 100,
    powerFactor: 0.95,
    mpans: [],
  }
  const { connectionId } = (await planner.ask(operations.registerConnection, { body: connection })).body
  const body = operations.applyForProfile.body.meta()?.['example']
  const { profileId } = (await planner.ask(operations.applyForProfile, { params: { id: connectionId }, body })).body
  const { nodes } = (await planner.ask(operations.assessProfile, { params: { id: profileId } })).body
  expect(nodes).toMatchObject([
    { nodeId: 's9', maxima: [{ season: 'winter', kva: 500, on: null, method: 'annual-reading', confidence: 'low' }] },
  ])
})
