import { readFile } from 'node:fs/promises'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import type { TestCall } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveNode } from '../index.ts'

const { url } = await createTestDatabase('server')
const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
const planner = await server.person('priya', 'planner')
const operator = await server.person('olivia', 'operator')
const upload = (text: string, call: Pick<TestCall, 'query' | 'idempotencyKey'> = {}) =>
  planner.ask(operations.importNetwork, { ...call, text })
const nodes = async (query = {}) => (await planner.ask(operations.listNodes, { query })).body.items

const heading = 'nodeId,name,kind,parentId,licenceArea,ratingWinterKva,ratingSummerKva\n'
const tree = `${heading}g1,City Road,gsp,,LPN,720000,640000
p1,Islington,primary,g1,LPN,60000,54000
s1,Almeida St,secondary,p1,LPN,800,720
`

describe('importing a network', () => {
  test('a dry run checks all and changes nothing; the import then stores all', async () => {
    const dry = await upload(tree, { query: { dryRun: true } })
    expect(dry).toMatchObject({
      status: 200,
      body: { state: 'checked', layout: 'ringmain', rows: 3, created: 3, flaws: [] },
    })
    expect(await nodes()).toEqual([])
    expect((await upload(tree)).body).toMatchObject({ state: 'imported', created: 3, changed: 0 })
    const again = await upload(tree.replace('60000', '61000'))
    expect(again.body).toMatchObject({ state: 'imported', created: 0, changed: 1 })
    expect(await nodes({ search: 'isling' })).toMatchObject([{ nodeId: 'p1', ratingWinterKva: 61_000 }])
    expect(await nodes({ kind: 'gsp' })).toHaveLength(1)
    expect(await nodes({ parentId: 'p1' })).toMatchObject([{ nodeId: 's1' }])
  })

  test('a file says for whom a node is reserved, and how much of it', async () => {
    const reserved = `${heading.trim()},reserved,reservedFor,reservedKva\ns9,Kept St,secondary,p1,LPN,800,720,true,Centrica,300\n`
    expect((await upload(reserved)).body).toMatchObject({ state: 'imported', created: 1 })
    expect(await nodes({ search: 's9' })).toMatchObject([{ reserved: true, reservedFor: 'Centrica', reservedKva: 300 }])
  })

  test('an export can be imported, and means the same', async () => {
    await upload(`${heading}g1,"=City; Road",gsp,,LPN,720000,640000\n`.replace('"=City', '"City'))
    const exported = await planner.ask(operations.exportNetwork)
    expect(exported.headers.get('content-type')).toContain('text/csv')
    expect((await upload(exported.body)).body).toMatchObject({ state: 'imported', created: 0, changed: 0 })
  })

  test('a reverse capacity comes with the file, stays where a later file has no such column, and goes where its cell is empty', async () => {
    const withReverse = (kva: string) =>
      upload(`nodeId,name,kind,parentId,licenceArea,reverseCapacityKva\ns1,Almeida St,secondary,p1,LPN,${kva}\n`)
    const reverse = async () => (await nodes({ search: 's1' }))[0].reverseCapacityKva
    expect(await reverse()).toBeNull()
    expect((await withReverse('400')).status).toBe(200)
    expect(await reverse()).toBe(400)
    expect((await upload(tree)).status).toBe(200)
    expect(await reverse()).toBe(400)
    expect((await withReverse('')).status).toBe(200)
    expect(await reverse()).toBeNull()
    expect((await withReverse('-1')).body.errors).toMatchObject([{ field: 'line 2, reverseCapacityKva' }])
    expect((await upload(tree)).status).toBe(200)
  })

  test.each([
    ['an unknown parent', 'x,X,secondary,nowhere,LPN,500,500', 'line 2, parentId', 'there is no node nowhere'],
    ['a circle', 'a,A,primary,b,LPN,60000,\nb,B,bsp,a,LPN,90000,', 'line 2, parentId', 'a → b → a'],
    ['levels upside down', 'x,X,primary,s1,LPN,60000,', 'line 2, parentId', 'the secondary s1 cannot feed a primary'],
    ['an identifier given twice', 'x,X,gsp,,LPN,90000,\nx,Y,gsp,,LPN,90000,', 'line 3, nodeId', 'already on line 2'],
    ['a negative rating', 'x,X,secondary,p1,LPN,-5,', 'line 2, ratingWinterKva', 'must be above 0'],
    ['FM13 MVA given for kVA', 'x,X,primary,g1,LPN,60,54', 'line 2, ratingWinterKva', 'is it given in MVA?'],
    ['an absurd rating', 'x,X,secondary,p1,LPN,800000,', 'line 2, ratingWinterKva', 'is it given in VA?'],
    ['text for a number', 'x,X,secondary,p1,LPN,about 5,', 'line 2, ratingWinterKva', 'is not a number'],
    ['an unknown kind', 'x,X,pole,p1,LPN,5,', 'line 2, kind', 'is not one of gsp, bsp'],
    ['a formula', 'x,=HYPERLINK("a"),secondary,p1,LPN,500,500', 'line 2, name', 'is a formula'],
    ['a file that is cut off', 'x,X,secondary,p1,LPN,500,500\ny,Y,seco', 'line 3', 'is the file cut off?'],
  ])('%s is named with its line, and nothing is stored', async (_, rows, field, message) => {
    const before = await nodes()
    const refused = await upload(heading + rows)
    expect(refused).toMatchObject({ status: 422, body: { type: 'urn:ringmain:problem:contract-broken' } })
    expect(refused.body.errors).toContainEqual({ field, message: expect.stringContaining(message) })
    expect(await nodes()).toEqual(before)
  })

  test('a node whose new level does not fit what hangs below it is refused', async () => {
    const refused = await upload(`${heading}p1,Islington,feeder,g1,LPN,500,500\n`)
    expect(refused.body.errors).toContainEqual({
      field: 'line 2, kind',
      message: expect.stringContaining('cannot feed the secondary s1'),
    })
  })

  test('a file of another layout, an empty one, and one with a byte order mark and semicolons', async () => {
    expect((await upload('a,b\n1,2\n')).body.errors[0].message).toContain('fit no known layout')
    expect((await upload(heading)).body.errors[0].message).toContain('no rows')
    expect((await upload(`\uFEFF${tree.replaceAll(',', ';')}`, { query: { dryRun: true } })).body.state).toBe('checked')
  })

  test('the same upload with the same key returns the first result; another file with that key is rejected', async () => {
    const first = await upload(tree, { idempotencyKey: 'k1' })
    const second = await upload(tree, { idempotencyKey: 'k1' })
    expect(second).toMatchObject({ status: 200, body: first.body })
    expect(await upload('nonsense', { idempotencyKey: 'k1' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Idempotency-Key') },
    })
    const stored = await planner.ask(operations.readNetworkImport, { params: { id: first.body.importId } })
    expect(stored.body).toEqual(first.body)
  })

  test('a refused file can be corrected and sent again with its key', async () => {
    const key = { idempotencyKey: 'k2' }
    expect(await upload(`${tree}x,X,pole,p1,LPN,5,\n`, key)).toMatchObject({ status: 422 })
    expect(await upload(tree, key)).toMatchObject({ status: 200, body: { state: 'imported', flaws: [] } })
  })

  test('an upload interrupted by a crash is completed when it is sent again', async () => {
    const key = { idempotencyKey: 'k3' }
    const { importId } = (await upload(tree, key)).body
    const { db } = server.context
    await db.execute(sql`update idempotency_key set digest = null, answer = null where key = 'k3'`)
    await db.execute(sql`update network_import set state = 'reading' where import_id = ${importId}`)
    const again = await upload(tree, key)
    expect(again).toMatchObject({ status: 200, body: { importId, state: 'imported', rows: 3 } })
  })

  test('people with other roles can view an import but not start one', async () => {
    const { body } = await upload(tree)
    expect(await operator.ask(operations.readNetworkImport, { params: { id: body.importId } })).toMatchObject({
      status: 200,
    })
    expect(await operator.ask(operations.importNetwork, { text: tree })).toMatchObject({ status: 403 })
  })

  test('nodes are sorted as a whole, page by page, in either direction, and unknown values come last', async () => {
    const { db } = server.context
    const unrated = { ratingWinterKva: null, ratingSummerKva: null, easting: null, northing: null }
    const common = { licenceArea: 'LPN', parentId: null, kind: 'gsp', ...unrated } as const
    const ratings = { a: 500, b: null, c: 90, d: 500, e: 0, f: null }
    for (const [letter, ratingWinterKva] of Object.entries(ratings))
      await saveNode(db, { ...common, nodeId: `sorted-${letter}`, name: `Sorted ${letter}`, ratingWinterKva })
    const listed = async (query: object) => {
      const found: string[] = []
      let cursor: string | null = null
      do {
        const page = { search: 'sorted-', limit: '2', ...query, ...(cursor === null ? {} : { cursor }) }
        const { body } = await planner.ask(operations.listNodes, { query: page })
        found.push(...body.items.map(({ nodeId }: { nodeId: string }) => nodeId.slice('sorted-'.length)))
        cursor = body.nextCursor
      } while (cursor !== null)
      return found.join('')
    }
    expect(await listed({ sort: 'ratingWinterKva' })).toBe('ecadbf')
    expect(await listed({ sort: 'ratingWinterKva', direction: 'descending' })).toBe('dacefb')
    expect(await listed({ sort: 'name', direction: 'descending' })).toBe('fedcba')
    expect(await listed({ direction: 'descending' })).toBe('fedcba')
    expect(await listed({ sort: 'kind' })).toBe('abcdef')
    expect(await listed({ sort: 'parentId' })).toBe('abcdef')
    await db.execute(sql`delete from network_node where node_id like 'sorted-%'`)
  })

  test('nodes are listed a page at a time, and a cursor of another list is rejected', async () => {
    const all = await nodes()
    const first = await planner.ask(operations.listNodes, { query: { limit: '2' } })
    const rest = await planner.ask(operations.listNodes, { query: { limit: '500', cursor: first.body.nextCursor } })
    expect([...first.body.items, ...rest.body.items]).toEqual(all)
    expect(rest.body.nextCursor).toBeNull()
    expect(await planner.ask(operations.listNodes, { query: { cursor: 'p1' } })).toMatchObject({ status: 400 })
  })
})

const open = new URL('../../../../shared/data/network/ukpn_grid_and_primary_sites.csv', import.meta.url)
const file = await readFile(open, 'utf8').catch(() => null)

test.skipIf(file === null)(
  'the open list of UK Power Networks’ sites is taken (skipped where ../shared is absent)',
  async () => {
    const outcome = await upload(file ?? '')
    expect(outcome).toMatchObject({ status: 200, body: { state: 'imported', layout: 'ukpn-sites' } })
    expect(outcome.body.rows).toBe(outcome.body.created)
    expect(await nodes({ search: 'S0000000G1004' })).toMatchObject([{ kind: 'primary', licenceArea: 'EPN' }])
  },
)
