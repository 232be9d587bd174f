import { readFile } from 'node:fs/promises'
import { Instant } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { connectionForm } from '../../../schemas/grid/connections.ts'
import { profileApplication } from '../../../schemas/grid/profiles.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { agreed, byTwo } from '../../../test/support/second-person.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveNode } from '../network/index.ts'
import { saveTestNetwork } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
await saveTestNetwork(db)
const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
const planner = await server.person('priya', 'planner')
const operator = await server.person('olivia', 'operator')
const form = {
  name: 'Islington',
  customer: 'Royal Mail',
  address: 'Almeida Street',
  licenceArea: 'LPN',
  nodeId: 'sec',
  ascKva: 240,
  powerFactor: 0.95,
  mpans: ['1200000000013', '1200000000021'],
}
const make = (given: object = {}, headers: Record<string, string> = {}) =>
  planner.ask(operations.registerConnection, { body: { ...form, ...given } }, headers)

test('a connection is created once, with its meter points, and is listed', async () => {
  const made = await make({}, { 'idempotency-key': 'c1' })
  expect(made).toMatchObject({ status: 200, body: form })
  expect((await make({}, { 'idempotency-key': 'c1' })).body).toEqual(made.body)
  const listed = (await planner.ask(operations.listConnections, { query: { search: '1200000000021' } })).body.items
  expect(listed).toMatchObject([{ connectionId: made.body.connectionId, limitW: 228_000, limitSource: 'asc' }])
})

test('rejects a reused key with another body, and leaves the first connection as it is', async () => {
  const given = { name: 'Hackney', mpans: ['1200000000039'] }
  const made = await make(given, { 'idempotency-key': 'c2' })
  const refused = await make({ ...given, ascKva: 500 }, { 'idempotency-key': 'c2' })
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('Idempotency-Key') } })
  const kept = await planner.ask(operations.readMasterData, { params: { id: made.body.connectionId } })
  expect(kept.body).toEqual(made.body)
})

test.each([
  ['an unknown node', { nodeId: 'nowhere' }, 'nodeId'],
  ['an ASC in VA', { ascKva: 240_000 }, 'ascKva'],
  ['an ASC of nothing', { ascKva: 0 }, 'ascKva'],
  ['an export below none', { exportKva: -1 }, 'exportKva'],
  ['an export in VA', { exportKva: 240_000 }, 'exportKva'],
  ['an MPAN that is none', { mpans: ['12'] }, 'mpans[0]'],
  ['an MPAN twice', { mpans: ['1200000000099', '1200000000099'] }, 'mpans'],
  ['a power factor above 1', { powerFactor: 95 }, 'powerFactor'],
])('%s is a 422 that names the field', async (_, given, field) => {
  expect(await make({ mpans: [], ...given })).toMatchObject({ status: 422, body: { errors: [{ field }] } })
})

test('an MPAN of another connection is a 409 that names it', async () => {
  expect(await make({ name: 'Other' })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('MPAN 1200000000013 belongs to the connection') },
  })
})

test('FM15 the second of two editors is told what differs', async () => {
  const { body: made } = await make({ name: 'Camden', mpans: [] })
  const params = { id: made.connectionId }
  const approver = await server.person('paul', 'planner')
  const put = (given: object, etag?: string) => {
    const body = { ...form, name: 'Camden', mpans: [], ...given }
    const asked = planner.ask(operations.changeMasterData, { params, body, ...(etag ? { version: etag } : {}) })
    return byTwo(approver, asked, () => planner.ask(operations.readMasterData, { params }))
  }
  const first = await put({ ascKva: 300 }, made.etag)
  expect(first).toMatchObject({ status: 200, body: { ascKva: 300 } })
  const second = await put({ ascKva: 500 }, made.etag)
  expect(second).toMatchObject({
    status: 412,
    body: { errors: [{ field: 'ascKva', message: 'is now 300; you sent 500' }] },
  })
  expect(second.headers.get('etag')).toBe(`"${first.body.etag}"`)
  expect(await put({})).toMatchObject({ status: 428 })
  expect((await planner.ask(operations.readMasterData, { params })).body.ascKva).toBe(300)
  expect(await operator.ask(operations.changeMasterData, { params, body: form, version: 'x' })).toMatchObject({
    status: 403,
  })
})

test('an export capacity is stated by two people, 0 is not nothing, and the summary says what it limits', async () => {
  const { body: made } = await make({ name: 'Exeter', mpans: [], exportKva: 50 })
  expect(made.exportKva).toBe(50)
  const params = { id: made.connectionId }
  const approver = await server.person('petra', 'planner')
  const put = (exportKva: number | null, etag: string) => {
    const body = { ...form, name: 'Exeter', mpans: [], exportKva }
    const asked = planner.ask(operations.changeMasterData, { params, body, version: etag })
    return { asked, done: byTwo(approver, asked, () => planner.ask(operations.readMasterData, { params })) }
  }
  const change = put(0, made.etag)
  expect((await change.asked).body.proposalId).toBeDefined()
  const changed = await change.done
  expect(changed.body).toMatchObject({ exportKva: 0 })
  expect(changed.body.etag).not.toBe(made.etag)
  const read = async () => (await planner.ask(operations.readConnection, { params })).body
  expect(await read()).toMatchObject({ exportKva: 0, exportLimitW: 0, exportState: 'unknown', limitW: 228_000 })
  const cleared = await put(null, changed.body.etag).done
  expect(cleared.body).toMatchObject({ exportKva: null })
  expect(await read()).toMatchObject({ exportKva: null, exportLimitW: null, exportState: null })
})

test('the examples of the API’s description work as written, with the nodes of the seeds', async () => {
  const nodes = JSON.parse(await readFile(new URL('../../../seeds/network.json', import.meta.url), 'utf8'))
  for (const node of nodes) await saveNode(db, node)
  const example = connectionForm.meta()?.['example']
  const made = await planner.ask(operations.registerConnection, { body: { ...(example as object), mpans: [] } })
  expect(made).toMatchObject({ status: 200, body: { nodeId: 'lpn-islington-lv' } })
  const applied = await planner.ask(operations.applyForProfile, {
    params: { id: made.body.connectionId },
    body: profileApplication.meta()?.['example'],
  })
  expect(applied).toMatchObject({ status: 200, body: { state: 'applied', version: 1 } })
  const judged = await planner.ask(operations.assessProfile, { params: { id: applied.body.profileId } })
  // The seeds state ratings only: nobody knows what the four nodes carry.
  expect(judged.body).toMatchObject({ fits: false, refusals: [], nodes: [{ nodeId: 'lpn-islington-lv' }, {}, {}, {}] })
  const missing: { nodeId: string; what: string }[] = judged.body.missing
  expect(missing.map(({ what }) => what)).toEqual(Array(8).fill('load'))
  expect(new Set(missing.map(({ nodeId }) => nodeId))).toEqual(
    new Set(judged.body.nodes.map(({ nodeId }: { nodeId: string }) => nodeId)),
  )
})

describe('capacities of many connections', () => {
  const ask = (changes: object[], who = planner) =>
    who.ask(operations.changeCapacities, { body: { reason: 'Agreed with the residents.', changes } as never })

  test('are changed together by one approval; what is not stated stays, and one that has them already is left out', async () => {
    const mpans = ['1200000001013', '1200000001022', '1200000001031']
    const made: string[] = []
    for (const [i, mpan] of mpans.entries())
      made.push(
        (await make({ name: `Estate ${i + 1}`, mpans: [mpan], ...(i === 2 ? { exportKva: 4 } : {}) })).body
          .connectionId,
      )
    const proposed = await ask([
      { mpan: mpans[0], exportKva: 4 },
      { mpan: mpans[1], exportKva: 0, ascKva: 100 },
      { mpan: mpans[2], exportKva: 4 },
    ])
    expect(proposed.body).toMatchObject({
      title: 'Change the agreed capacities of 2 connections',
      changes: expect.arrayContaining([
        { field: 'reason', before: null, after: 'Agreed with the residents.' },
        { field: expect.stringMatching(/^Estate 1 \(.{8}\)\.exportKva$/), before: null, after: 4 },
        { field: expect.stringMatching(/^Estate 2 \(.{8}\)\.ascKva$/), before: 240, after: 100 },
      ]),
    })
    const read = async (id: string) => (await planner.ask(operations.readMasterData, { params: { id } })).body
    expect(await read(made[0] as string)).toMatchObject({ exportKva: null })
    await agreed(await server.person('pia', 'planner'), proposed)
    expect(await Promise.all(made.map(read))).toMatchObject([
      { name: 'Estate 1', ascKva: 240, exportKva: 4, powerFactor: 0.95, mpans: [mpans[0]] },
      { name: 'Estate 2', ascKva: 100, exportKva: 0, powerFactor: 0.95 },
      { name: 'Estate 3', ascKva: 240, exportKva: 4 },
    ])
    expect((await ask([{ mpan: mpans[2], exportKva: 4 }])).body).toEqual([])
  })

  test('wait for nobody where one has changed meanwhile: the approval is refused and changes none', async () => {
    const mpans = ['1200000001049', '1200000001057']
    const [first, second] = [
      (await make({ name: 'Terrace 1', mpans: [mpans[0]] })).body,
      (await make({ name: 'Terrace 2', mpans: [mpans[1]] })).body,
    ]
    const approver = await server.person('pam', 'planner')
    const proposed = await ask(mpans.map((mpan) => ({ mpan, exportKva: 7 })))
    const { connectionId: id, etag, ...form } = second
    const changed = planner.ask(operations.changeMasterData, {
      params: { id },
      body: { ...form, ascKva: 90 },
      version: etag,
    })
    await agreed(approver, changed)
    const { proposalId, version } = proposed.body
    const late = await approver.ask(operations.approveProposal, { params: { id: proposalId }, version, body: {} })
    expect([late.status, late.body.detail]).toEqual([412, expect.stringContaining('has changed since')])
    const kept = await planner.ask(operations.readMasterData, { params: { id: first.connectionId } })
    expect(kept.body).toMatchObject({ exportKva: null })
  })

  test('are refused as a whole if an MPAN is unknown or a connection is named twice, and to who is no planner', async () => {
    const mpans = ['1200000001065', '1200000001073']
    await make({ name: 'Close 1', mpans })
    const refused = await ask([
      { mpan: mpans[0], exportKva: 7 },
      { mpan: '1200000009999', exportKva: 7 },
      { mpan: mpans[1], exportKva: 8 },
    ])
    expect(refused).toMatchObject({
      status: 422,
      body: {
        errors: [
          { field: 'changes[1].mpan', message: 'no connection has the MPAN 1200000009999' },
          { field: 'changes[2].mpan', message: 'changes Close 1 again, as changes[0] does' },
        ],
      },
    })
    expect(await ask([{ mpan: mpans[0] }])).toMatchObject({ status: 422 })
    expect(await ask([{ mpan: mpans[0], exportKva: 7 }], operator)).toMatchObject({ status: 403 })
  })
})
