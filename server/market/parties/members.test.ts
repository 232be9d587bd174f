import { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'
import { giveAuthority, registerFsp, type TestFsp } from '../../../test/support/market.ts'
import { saveNode } from '../../grid/index.ts'
import { membersBetween, membersOn } from '../index.ts'

let rig: DispatchRig
let fsp: TestFsp
const homes = Array.from({ length: 6 }, (_, i) => `130000000000${i}`)
const elsewhere = '1300000000099'
const day = (text: string) => LocalDate.parse(text)

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-15T09:00:00Z'))
  fsp = await registerFsp(rig.server, rig.engineer, 'Home Charging Ltd', rig.control)
  const ratings = { licenceArea: 'LPN' as const, easting: 1, northing: 1, ratingWinterKva: 800, ratingSummerKva: 800 }
  await saveNode(rig.db, { nodeId: 'other', name: 'Other St', kind: 'secondary', parentId: 'pri', ...ratings })
  await saveNode(rig.db, { nodeId: 'lv-1', name: 'Way 1', kind: 'feeder', parentId: 'sec', ...ratings })
  const planner = await rig.server.person('petra', 'planner')
  const rows = [...homes.map((mpan, i) => `${mpan},${i < 3 ? 'lv-1' : 'sec'},Home ${i}`), `${elsewhere},other,Away`]
  const text = `mpans,nodeId,name,customer,address,ascKva\n${rows.map((row) => `${row},Household,A Road,23`).join('\n')}\n`
  const { status } = await planner.ask(operations.importConnections, { text })
  expect(status).toBe(200)
  await giveAuthority(rig.engineer, fsp.client, [...homes, elsewhere])
})

const newUnit = async (body: object) =>
  (await fsp.client.ask(operations.registerFlexibleUnit, { body: { name: 'Homes', maxTurnDownW: 50_000, ...body } }))
    .body
const upload = (text: string, dryRun = false, of = fsp) =>
  of.client.ask(operations.importDers, { text, query: { dryRun: dryRun ? 'true' : 'false' } })
const heading = 'name,kind,mpan,ratedW,consentReference,consentFrom,fuId,from'
const rowsOf = (mpans: readonly string[], fuId = '', from = '', name = 'Charger') =>
  [
    heading,
    ...mpans.map((mpan) => `${name},ev-charging,${mpan},7000,Sign-up ${mpan},2026-01-02,${fuId},${from}`),
    '',
  ].join('\n')
const members = async (fuId: string, query: { day?: string } = {}) =>
  (await fsp.client.ask(operations.listMembers, { params: { id: fuId }, query })).body.items
const read = async (fuId: string) => (await fsp.client.ask(operations.readFlexibleUnit, { params: { id: fuId } })).body
const counted = async (fuId: string, on: string) =>
  (await membersOn(rig.server.context.db, [fuId], day(on))).get(fuId)?.ders ?? 0
const derOf = async (mpan: string, name = 'Charger') => {
  const { body } = await fsp.client.ask(operations.listDers)
  return body.items.find((der: { mpan: string; name: string }) => der.mpan === mpan && der.name === name)
}

describe('an FU over many connections', () => {
  test('is registered for a node, and takes DERs at any depth behind it from a file', async () => {
    const unit = await newUnit({ nodeId: 'sec' })
    expect(unit).toMatchObject({ connectionId: null, nodeId: 'sec', derIds: [], maxTurnDownW: 0, inService: false })
    const file = rowsOf(homes.slice(0, 4), unit.fuId)
    expect((await upload(file, true)).body).toMatchObject({ state: 'checked', created: 4 })
    expect(await members(unit.fuId)).toEqual([])
    expect((await upload(file)).body).toMatchObject({ state: 'imported', rows: 4, created: 4 })
    expect(await read(unit.fuId)).toMatchObject({
      // Four chargers of 7 kW.
      maxTurnDownW: 28_000,
      registeredTurnDownW: 50_000,
      inService: true,
    })
    expect(await members(unit.fuId)).toHaveLength(4)
    expect((await members(unit.fuId))[0]).toMatchObject({
      from: '2026-01-15',
      until: null,
      consent: { reference: expect.stringMatching(/^Sign-up 13/), from: '2026-01-02', until: null },
    })
    expect((await upload(file)).body).toMatchObject({ created: 0, changed: 0, unchanged: 4, changes: [] })
  })

  test('takes no DER that is fed from elsewhere, and nothing of the file is stored', async () => {
    const unit = await newUnit({ nodeId: 'sec', name: 'Almeida' })
    const { status, body } = await upload(rowsOf([homes[4] as string, elsewhere], unit.fuId, '', 'Battery'))
    expect(status).toBe(422)
    expect(body.errors).toEqual([
      {
        field: 'line 3, fuId',
        message: 'Almeida is behind the node sec, and this MPAN is fed from elsewhere',
      },
    ])
    expect(await derOf(homes[4] as string, 'Battery')).toBeUndefined()
    const made = (await upload(rowsOf([elsewhere], '', '', 'Battery'))).body
    expect(made).toMatchObject({ created: 1 })
    const { derId } = await derOf(elsewhere, 'Battery')
    expect(
      (
        await fsp.client.ask(operations.registerFlexibleUnit, {
          body: { name: 'Wrong', nodeId: 'sec', derIds: [derId], maxTurnDownW: 1_000 },
        })
      ).status,
    ).toBe(422)
    const moved = await fsp.client.ask(operations.moveDer, {
      params: { id: derId },
      body: { fuId: unit.fuId, from: '2026-01-16' },
    })
    expect(moved.body.errors).toMatchObject([{ field: 'fuId', message: expect.stringContaining('fed from elsewhere') }])
  })

  test('is registered for a group of connections that the DNO has made, and takes no DER outside it', async () => {
    const made = await rig.engineer.ask(operations.makeConnectionGroup, {
      body: { name: 'Upper Street', nodeId: 'pri', mpans: [homes[5], elsewhere] },
    })
    expect(made.body).toMatchObject({ nodeId: 'pri', connections: 2 })
    const astray = await rig.engineer.ask(operations.makeConnectionGroup, {
      body: { name: 'Astray', nodeId: 'lv-1', mpans: [elsewhere] },
    })
    expect(astray.body.errors).toMatchObject([{ field: 'mpans', message: `${elsewhere} is not fed through lv-1` }])
    const unit = await newUnit({ groupId: made.body.groupId, name: 'Grouped' })
    expect(unit).toMatchObject({ connectionId: null, nodeId: 'pri', groupId: made.body.groupId })
    const outside = await upload(rowsOf([homes[0] as string], unit.fuId, '', 'Heat pump'))
    expect(outside.body.errors).toMatchObject([
      { field: 'line 2, fuId', message: 'Grouped is for a group of connections, and this MPAN is not in it' },
    ])
    expect((await upload(rowsOf([homes[5] as string, elsewhere], unit.fuId, '', 'Heat pump'))).status).toBe(200)
    expect(await counted(unit.fuId, '2026-01-15')).toBe(2)
  })

  test('loses a home whose authority ends, and nothing else', async () => {
    const unit = await newUnit({ nodeId: 'sec', name: 'Leaving' })
    await upload(rowsOf(homes.slice(3, 5), unit.fuId, '', 'Immersion'))
    const authorities = (await fsp.client.ask(operations.listAuthorities, { query: { mpan: homes[3] as string } })).body
    await fsp.client.ask(operations.endAuthority, {
      params: { id: authorities.items[0].authorityId },
      body: { until: '2026-01-20', reason: 'The household has left.' },
    })
    expect([await counted(unit.fuId, '2026-01-19'), await counted(unit.fuId, '2026-01-20')]).toEqual([2, 1])
    expect(await members(unit.fuId, { day: '2026-01-20' })).toMatchObject([{ mpan: homes[4] }])
    const other = await upload(rowsOf([homes[3] as string], unit.fuId, '2026-01-21', 'Another'))
    expect(other.body.errors).toMatchObject([
      { field: 'line 2, mpan', message: expect.stringContaining('is not an MPAN that you have authority over') },
    ])
  })
})

describe('membership by day', () => {
  test('a DER that moves counts in its old FU to the end of the day before, and its history stays', async () => {
    const [one, two] = [await newUnit({ nodeId: 'sec', name: 'One' }), await newUnit({ nodeId: 'pri', name: 'Two' })]
    await upload(rowsOf(homes.slice(0, 2), one.fuId, '', 'Pump'))
    await upload(rowsOf(homes.slice(2, 3), two.fuId, '', 'Pump'))
    const { derId } = await derOf(homes[0] as string, 'Pump')
    const move = (body: object) => fsp.client.ask(operations.moveDer, { params: { id: derId }, body })
    const early = await move({ fuId: two.fuId, from: '2026-01-15' })
    expect(early.body.errors).toMatchObject([
      { field: 'from', message: expect.stringContaining('state 2026-01-16 or later') },
    ])
    expect((await move({ fuId: two.fuId, from: '2026-01-17' })).body.items).toMatchObject([
      { fuId: one.fuId, from: '2026-01-15', until: '2026-01-17' },
      { fuId: two.fuId, from: '2026-01-17', until: null },
    ])
    // Days before the first DERs count with them, so that their history can be metered: 14 January has both.
    const days = ['2026-01-14', '2026-01-16', '2026-01-17']
    expect(await Promise.all(days.map((on) => counted(one.fuId, on)))).toEqual([2, 2, 1])
    expect(await Promise.all(days.map((on) => counted(two.fuId, on)))).toEqual([1, 1, 2])
    const span = await membersBetween(rig.server.context.db, [one.fuId, two.fuId], day('2026-01-14'), day('2026-01-17'))
    expect(days.map((on) => span.on(one.fuId, day(on)))).toEqual([
      { ders: 2, ratedW: 14_000 },
      { ders: 2, ratedW: 14_000 },
      { ders: 1, ratedW: 7_000 },
    ])
    expect((await move({ fuId: null, from: '2026-01-19' })).body.items[1]).toMatchObject({ until: '2026-01-19' })
    expect(await counted(two.fuId, '2026-01-19')).toBe(1)
    expect((await move({ fuId: one.fuId, from: '2026-01-25' })).body.items).toHaveLength(3)
    expect([await counted(one.fuId, '2026-01-24'), await counted(one.fuId, '2026-01-25')]).toEqual([1, 2])
  })

  test('the database holds a DER in one FU at a time', async () => {
    const { derId } = await derOf(homes[1] as string, 'Pump')
    const two = await newUnit({ nodeId: 'sec', name: 'Second' })
    const insert = rig.db.execute(sql`
      insert into flexible_unit_der (der_id, fu_id, valid_from) values (${derId}::uuid, ${two.fuId}::uuid, '2026-03-01')`)
    await expect(insert).rejects.toMatchObject({ cause: { code: '23P01' } })
  })

  test('a file moves DERs, ends memberships and consents, and names each change in a dry run', async () => {
    const [one, two] = [await newUnit({ nodeId: 'sec', name: 'From' }), await newUnit({ nodeId: 'sec', name: 'To' })]
    await upload(rowsOf([homes[0] as string, homes[1] as string], one.fuId, '', 'Fridge'))
    await upload(rowsOf([homes[2] as string], two.fuId, '', 'Fridge'))
    const file = [
      'name,mpan,fuId,from,until,consentUntil',
      `Fridge,${homes[0]},${two.fuId},2026-02-01,,`,
      `Fridge,${homes[1]},${one.fuId},,2026-02-01,2026-02-10`,
      '',
    ].join('\n')
    const { body } = await upload(file, true)
    expect(body).toMatchObject({ state: 'checked', created: 0, changed: 2 })
    expect(body.changes).toEqual([
      { line: 2, subject: 'Fridge', field: 'from', now: '2026-01-15', given: '2026-02-01' },
      { line: 2, subject: 'Fridge', field: 'fuId', now: one.fuId, given: two.fuId },
      { line: 3, subject: 'Fridge', field: 'consentUntil', now: null, given: '2026-02-10' },
      { line: 3, subject: 'Fridge', field: 'until', now: null, given: '2026-02-01' },
    ])
    expect((await upload(file)).body).toMatchObject({ state: 'imported', changed: 2 })
    expect((await upload(file)).body).toMatchObject({ changed: 0, unchanged: 2 })
    expect([await counted(one.fuId, '2026-01-31'), await counted(one.fuId, '2026-02-01')]).toEqual([2, 0])
    expect([await counted(two.fuId, '2026-01-31'), await counted(two.fuId, '2026-02-01')]).toEqual([1, 2])
  })

  test('a DER does not count without the consent of its owner', async () => {
    const unit = await newUnit({ nodeId: 'sec', name: 'Consents' })
    await upload(rowsOf([homes[0] as string, homes[1] as string], unit.fuId, '', 'Oven'))
    const { derId, consent } = await derOf(homes[0] as string, 'Oven')
    const record = (body: object) => fsp.client.ask(operations.recordConsent, { params: { id: derId }, body })
    expect((await record({ ...consent, until: '2026-01-15' })).status).toBe(422)
    expect((await record({ ...consent, until: '2026-01-20' })).body.consent.until).toBe('2026-01-20')
    const days = ['2026-01-01', '2026-01-02', '2026-01-19', '2026-01-20']
    expect(await Promise.all(days.map((on) => counted(unit.fuId, on)))).toEqual([0, 2, 2, 1])
  })

  test('a first consent leaves the days on which a DER has counted as they were', async () => {
    const unit = await newUnit({ nodeId: 'sec', name: 'No consents' })
    const bare = (more = '') =>
      `name,kind,mpan,ratedW,consentReference,consentFrom,fuId\nHob,load,${homes[2]},5000,${more},${unit.fuId}\n`
    expect((await upload(bare(','))).body).toMatchObject({ created: 1 })
    const { derId } = await derOf(homes[2] as string, 'Hob')
    const record = (from: string, until: string | null = null) =>
      fsp.client.ask(operations.recordConsent, { params: { id: derId }, body: { reference: 'Sign-up 1', from, until } })
    expect((await record('2026-01-16')).body.errors).toMatchObject([{ field: 'from' }])
    expect((await record('2026-01-02', '2026-01-15')).body.errors).toMatchObject([{ field: 'until' }])
    const late = await upload(bare('Sign-up 1,2026-01-16'))
    expect(late.body.errors).toContainEqual({
      field: 'line 2, consentFrom',
      message: 'is after the DER’s first day in an FU: state 2026-01-15 or earlier',
    })
    expect((await record('2026-01-15')).status).toBe(200)
    expect(await counted(unit.fuId, '2026-01-15')).toBe(1)
  })
})

describe('files of DERs', () => {
  test.each([
    ['an MPAN without authority', 'X,load,1399999999999,5', 'line 2, mpan', 'apply for it'],
    ['a new DER without a rating', `X,load,${homes[4]},`, 'line 2, ratedW', 'is needed for a new DER'],
    ['a rating in kW as text', `X,load,${homes[4]},7 kW`, 'line 2, ratedW', 'is not a number'],
    ['an unknown kind', `X,toaster,${homes[4]},5`, 'line 2, kind', 'is not one of ev-charging'],
    ['a DER twice', `X,load,${homes[4]},5\nX,load,${homes[4]},6`, 'line 3, name', 'is already on line 2'],
  ])('%s is named with its line', async (_, rows, field, message) => {
    const { status, body } = await upload(`name,kind,mpan,ratedW\n${rows}\n`)
    expect(status).toBe(422)
    expect(body.errors).toContainEqual({ field, message: expect.stringContaining(message) })
  })

  test('FM40 an FU of another FSP does not exist', async () => {
    const unit = await newUnit({ nodeId: 'sec', name: 'Ours' })
    const [mpan] = homes.slice(4)
    const other = await registerFsp(rig.server, rig.engineer, 'Nosy Ltd', rig.control)
    const { body } = await upload(rowsOf([mpan as string], unit.fuId), false, other)
    expect(body.errors).toContainEqual({ field: 'line 2, fuId', message: 'is not an FU of yours' })
    expect((await other.client.ask(operations.listMembers, { params: { id: unit.fuId } })).status).toBe(404)
  })
})
