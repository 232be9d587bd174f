import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { collectGarbage } from '../../../test/support/memory.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork } from '../test/support/site.ts'

const { url, db } = await createTestDatabase('server')
const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
const planner = await server.person('priya', 'planner')
const operator = await server.person('olivia', 'operator')
await saveTestNetwork(server.context.db)
const [node] = (await planner.ask(operations.listNodes, { query: { kind: 'secondary' } })).body.items
const upload = (text: string, dryRun = false) =>
  planner.ask(operations.importConnections, { text, query: { dryRun: String(dryRun) as 'true' | 'false' } })
const found = async (search: string) =>
  (await planner.ask(operations.listConnections, { query: { search } })).body.items

const heading = 'mpans,nodeId,name,customer,address,ascKva'
const homes = `${heading}
1900000000011,${node.nodeId},1 Home Road,Household,1 Home Road N1,23
1900000000022 1900000000033,${node.nodeId},2 Home Road,Household,2 Home Road N1,23
`

describe('importing connections', () => {
  test('a dry run counts the new connections and stores nothing; the import stores them, and again changes nothing', async () => {
    expect((await upload(homes, true)).body).toMatchObject({ state: 'checked', rows: 2, created: 2, changed: 0 })
    expect(await found('Home Road')).toEqual([])
    expect((await upload(homes)).body).toMatchObject({ state: 'imported', created: 2, unchanged: 0 })
    expect(await found('2 Home Road')).toMatchObject([
      { mpans: ['1900000000022', '1900000000033'], ascKva: 23, nodeId: node.nodeId, licenceArea: node.licenceArea },
    ])
    expect((await upload(homes)).body).toMatchObject({ state: 'imported', created: 0, changed: 0, unchanged: 2 })
  })

  test('a dry run names every field that would change; absent columns and empty cells change nothing', async () => {
    const change = 'mpans,nodeId,customer,note\n1900000000011 1900000000044,,New owner,unused\n'
    const { body } = await upload(change, true)
    expect(body).toMatchObject({ state: 'checked', created: 0, changed: 1, changeCount: 2 })
    expect(body.changes).toEqual([
      { line: 2, subject: '1 Home Road', field: 'customer', now: 'Household', given: 'New owner' },
      { line: 2, subject: '1 Home Road', field: 'mpans', now: null, given: '1900000000044' },
    ])
    expect((await upload(change)).body).toMatchObject({ state: 'imported', changed: 1 })
    const [site] = await found('1 Home Road')
    expect((await planner.ask(operations.readConnection, { params: { id: site.connectionId } })).body).toMatchObject({
      customer: 'New owner',
      address: '1 Home Road N1',
      mpans: ['1900000000011', '1900000000044'],
    })
  })

  test('a new connection takes its export capacity from the file: 0 allows none, and an empty cell states nothing', async () => {
    const text = `${heading},exportKva
2000000000011,${node.nodeId},1 Sun Road,Household,1 Sun Road N1,23,3.68
2000000000022,${node.nodeId},2 Sun Road,Household,2 Sun Road N1,23,0
2000000000033,${node.nodeId},3 Sun Road,Household,3 Sun Road N1,23,
`
    expect((await upload(text)).body).toMatchObject({ state: 'imported', created: 3 })
    expect((await found('Sun Road')).map((site: { exportKva: number | null }) => site.exportKva)).toEqual([
      3.68,
      0,
      null,
    ])
    expect((await upload(text)).body).toMatchObject({ created: 0, changed: 0, unchanged: 3 })
    const { status, body } = await upload('mpans,nodeId,exportKva\n2000000000033,,5\n')
    expect(status).toBe(422)
    expect(body.errors).toContainEqual({
      field: 'line 2, exportKva',
      message: expect.stringContaining('is not stated for 3 Sun Road: change it at the connection'),
    })
    const wrong = await upload('mpans,nodeId,exportKva\n2000000000022,,-1\n')
    expect(wrong.body.errors).toContainEqual({
      field: 'line 2, exportKva',
      message: '-1 kVA is not between 0 and 100000 kVA',
    })
  })

  const row = (mpans: string, rest = `${node.nodeId},X,Y,Z,23`) => `${heading}\n${mpans},${rest}\n`
  test.each([
    ['an unknown node', row('1900000000091', 'nowhere,X,Y,Z,23'), 'line 2, nodeId', 'is not a node of the network'],
    ['a short MPAN', row('190000000009'), 'line 2, mpans', 'is not the 13 digits'],
    [
      'an MPAN on two lines',
      `${row('1900000000091')}1900000000091,${node.nodeId},X,Y,Z,23\n`,
      'line 3, mpans',
      'is already on line 2',
    ],
    ['MPANs of two connections', row('1900000000011 1900000000022'), 'line 2, mpans', '1 Home Road, 2 Home Road'],
    [
      'two lines about one connection',
      `${row('1900000000022')}1900000000033,${node.nodeId},X,Y,Z,23\n`,
      'line 3, mpans',
      'belong to the connection that line 2 is about',
    ],
    [
      'a new connection without a capacity',
      row('1900000000091', `${node.nodeId},X,Y,Z,`),
      'line 2, ascKva',
      'is needed',
    ],
    ['FM13 a capacity in VA', row('1900000000091', `${node.nodeId},X,Y,Z,230000`), 'line 2, ascKva', 'is not between'],
    ['a heading twice', 'mpans,nodeId,name,name\n1900000000011,,a,b\n', 'line 1, name', 'is a heading twice'],
    ['a missing column', 'nodeId,name\na,b\n', 'line 1, mpans', 'is missing from the headings'],
    [
      'SEC a changed capacity, which needs a second person',
      row('1900000000011', `${node.nodeId},1 Home Road,New owner,1 Home Road N1,50`),
      'line 2, ascKva',
      'is 23 for 1 Home Road: change it at the connection',
    ],
  ])('%s is named with its line, and nothing is stored', async (_, text, field, message) => {
    const [{ n: before } = { n: 0 }] = await db.execute<{ n: number }>(sql`select count(*)::int as n from connection`)
    const { status, body } = await upload(text)
    expect(status).toBe(422)
    expect(body.errors).toContainEqual({ field, message: expect.stringContaining(message) })
    const [{ n: after } = { n: 0 }] = await db.execute<{ n: number }>(sql`select count(*)::int as n from connection`)
    expect(after).toBe(before)
  })

  test('only a planner imports connections', async () => {
    expect((await operator.ask(operations.importConnections, { text: homes })).status).toBe(403)
  })

  test('takes 100,000 connections in bounded memory', async () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, i) => `29${String(i).padStart(11, '0')},${node.nodeId},House ${i},Household,${i} Long Road,23`,
    )
    const text = `${heading}\n${lines.join('\n')}\n`
    collectGarbage()
    const before = process.memoryUsage().rss
    expect((await upload(text)).body).toMatchObject({ state: 'imported', created: 100_000 })
    const grownMb = (process.memoryUsage().rss - before) / 1e6
    expect(grownMb).toBeLessThan(300)
    expect((await upload(text)).body).toMatchObject({ created: 0, changed: 0, unchanged: 100_000 })
  }, 120_000)
})
