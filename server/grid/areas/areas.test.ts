import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork } from '../test/support/site.ts'

const { url, db } = await createTestDatabase('server')
const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
const planner = await server.person('priya', 'planner')
const operator = await server.person('olivia', 'operator')
await saveTestNetwork(server.context.db)
const [node] = (await planner.ask(operations.listNodes, { query: { kind: 'secondary' } })).body.items

const known = 'is not a known licence area: XPN; known are EPN, LPN, SEPD, SHEPD, SPN'
const codes = async () =>
  (await planner.ask(operations.listAreas)).body.map(({ code, areas }: { code: string; areas: { code: string }[] }) => [
    code,
    areas.map((area) => area.code),
  ])
const saveArea = (code: string, name: string, groupCode: string, version: string | null) =>
  planner.ask(operations.saveLicenceArea, { params: { code }, body: { name, groupCode }, version })

describe('the list', () => {
  test('both groups of the trial are there with their areas', async () => {
    expect(await codes()).toEqual([
      ['SSEN', ['SEPD', 'SHEPD']],
      ['UKPN', ['EPN', 'LPN', 'SPN']],
    ])
  })

  test('a planner adds a third group with an area and removes both again; each change is on record', async () => {
    const params = { code: 'NGED' }
    const group = await planner.ask(operations.saveDnoGroup, { params, body: { name: 'National Grid' }, version: null })
    expect(group).toMatchObject({ status: 200, body: { code: 'NGED', etag: '1' } })
    expect(await saveArea('SWALES', 'South Wales', 'NGED', null)).toMatchObject({ status: 200, body: { etag: '1' } })
    expect(await codes()).toContainEqual(['NGED', ['SWALES']])
    const held = await planner.ask(operations.removeDnoGroup, { params, version: '1' })
    expect(held).toMatchObject({
      status: 409,
      body: { detail: 'The DNO group NGED stays: it still has licence areas.' },
    })
    const area = { params: { code: 'SWALES' }, version: '1' }
    expect((await planner.ask(operations.removeLicenceArea, area)).status).toBe(204)
    expect((await planner.ask(operations.removeDnoGroup, { params, version: '1' })).status).toBe(204)
    const rows = await db.execute(
      sql`select action from audit_entry where subject_id in ('NGED', 'SWALES') order by entry_id`,
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'dno-group.added',
      'licence-area.added',
      'licence-area.removed',
      'dno-group.removed',
    ])
  })

  test('the second of two editors of one name is told (FM15), and so is whoever adds what is there', async () => {
    expect(await saveArea('SEPD', 'Southern Electric', 'SSEN', '1')).toMatchObject({ status: 200, body: { etag: '2' } })
    expect((await saveArea('SEPD', 'Southern', 'SSEN', '1')).status).toBe(412)
    expect((await saveArea('SEPD', 'Southern', 'SSEN', null)).status).toBe(412)
  })

  test('an area of an unknown group is refused with the groups that there are', async () => {
    const refused = await saveArea('MANWEB', 'Manweb', 'SPEN', null)
    expect(refused.body.errors).toEqual([
      { field: 'groupCode', message: 'is not a known DNO group: SPEN; known are SSEN, UKPN' },
    ])
  })

  test('only planners change it', async () => {
    const call = { params: { code: 'YPN' }, body: { name: 'Y', groupCode: 'UKPN' }, version: null }
    expect((await operator.ask(operations.saveLicenceArea, call)).status).toBe(403)
  })

  test('an area with a node stays', async () => {
    const removed = await planner.ask(operations.removeLicenceArea, { params: { code: 'LPN' }, version: '1' })
    expect(removed).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/stays: it still has (nodes|connections)/) },
    })
  })

  test('the database refuses a node in an area that is not there, however it comes in', async () => {
    const inserted = db
      .execute(sql`insert into network_node (node_id, name, kind, licence_area) values ('x', 'X', 'gsp', 'XPN')`)
      .then(() => 'taken', codeOf)
    expect(await inserted).toBe('23503')
  })
})

describe('every reference names the areas that there are', () => {
  const heading = 'nodeId,name,kind,parentId,licenceArea\n'
  const form = {
    name: 'Depot',
    customer: 'Customer',
    address: '',
    licenceArea: 'XPN',
    nodeId: node.nodeId,
    ascKva: 100,
    powerFactor: 0.95,
    mpans: [],
  }
  const connections = 'mpans,nodeId,name,customer,address,ascKva,licenceArea\n'
  const weather = 'area,period_start,temperature_c,radiation_w_m2,wind_speed_m_s,cloud_percent\n'
  test.each([
    ['a network file', () => planner.ask(operations.importNetwork, { text: `${heading}n1,N,gsp,,XPN\n` })],
    [
      'what an upload states of its file',
      () => planner.ask(operations.importNetwork, { text: heading, query: { licenceArea: 'XPN' } }),
    ],
    ['a connection', () => planner.ask(operations.registerConnection, { body: form })],
    [
      'a file of connections',
      () =>
        planner.ask(operations.importConnections, {
          text: `${connections}1900000000011,${node.nodeId},A,B,C,23,XPN\n`,
        }),
    ],
    [
      'a file of weather',
      () => planner.ask(operations.uploadWeather, { text: `${weather}XPN,2026-01-15T00:00:00Z,1,1,1,1\n` }),
    ],
    [
      'the fixed area of a layout',
      () =>
        planner.ask(operations.saveLayout, {
          params: { name: 'other' },
          body: {
            title: 'Other',
            source: 'Other',
            recognisedBy: ['A', 'B'],
            emptyCells: 'keep',
            nodes: [
              {
                nodeId: { columns: ['A'] },
                name: { columns: ['B'] },
                kind: { fixed: 'gsp' },
                licenceArea: { fixed: 'XPN' },
              },
            ],
          },
          version: null,
        }),
    ],
  ])('%s', async (_, ask) => {
    const { status, body } = await ask()
    expect({ status, messages: body.errors.map((error: { message: string }) => error.message) }).toEqual({
      status: 422,
      messages: [known],
    })
  })
})

test('P10: a secondary list of the second DNO is imported into SEPD, and its connections and weather go there too', async () => {
  const list =
    'dataset_id,postcode,primary_substation_id,primary_substation_name,secondary_substation_id,secondary_substation_name,lv_feeder_id,lv_feeder_name\n' +
    '700101,RG1 1AA,700,North Road,7001,Mill Lane,01,Mill Lane 1\n700201,RG1 1AB,700,North Road,7002,Kiln Lane,01,Kiln Lane 1\n'
  const taken = await planner.ask(operations.importNetwork, { text: list, query: { licenceArea: 'SEPD' } })
  expect(taken).toMatchObject({ status: 200, body: { layout: 'ssen-lv-feeders', rows: 2, created: 5 } })
  const { items } = (await planner.ask(operations.listNodes, { query: { search: 'ssen-' } })).body
  expect(items.map((n: { nodeId: string; licenceArea: string }) => [n.nodeId, n.licenceArea])).toEqual([
    ['ssen-700', 'SEPD'],
    ['ssen-7001', 'SEPD'],
    ['ssen-700101', 'SEPD'],
    ['ssen-7002', 'SEPD'],
    ['ssen-700201', 'SEPD'],
  ])
  const connections = 'mpans,nodeId,name,customer,address,ascKva\n2000000000011,ssen-7001,Mill Depot,B,C,90\n'
  expect((await planner.ask(operations.importConnections, { text: connections })).status).toBe(200)
  const [site] = (await planner.ask(operations.listConnections, { query: { search: 'Mill Depot' } })).body.items
  expect(site).toMatchObject({ licenceArea: 'SEPD' })
  const weather =
    'area,period_start,temperature_c,radiation_w_m2,wind_speed_m_s,cloud_percent\nSEPD,2026-01-15T00:00:00Z,1,1,1,1\n'
  expect((await planner.ask(operations.uploadWeather, { text: weather })).body).toEqual({ stored: 1 })
})
