import { readFile } from 'node:fs/promises'
import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { makePartitions } from '../../platform/db/index.ts'
import type { Authority } from '../../schemas/market/authorities.ts'
import { operations } from '../../schemas/operations.ts'
import { dayStart } from '../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { giveAuthority, registerFsp, registerUnit, saveTestSite, type TestFsp } from '../../test/support/market.ts'
import { baselineOf, readingsOf, scheduleDay } from '../../test/support/two-fsps.ts'
import { raiseAlarm } from '../grid/index.ts'
import { takeHubReadings } from '../settlement/metering/days/index.ts'

let rig: DispatchRig
let holder: TestFsp
let other: TestFsp

const unknownMpan = '1299999999999'
const letter = { from: '2026-01-01', givenBy: 'customer-letter', reference: 'Letter of 12 December' }

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  holder = rig.fsp
  other = await registerFsp(rig.server, rig.engineer, 'Second Ltd', rig.control)
  const months = [LocalDate.parse('2026-01-01')]
  await makePartitions(rig.server.context.db, { table: 'connection_half_hour', grain: 'month' }, months)
})

const newSite = (mpans = 1) => saveTestSite(rig.server.context.db, rig.clock.now(), { mpans })
const wholeSite = (of: TestFsp, mpan: string) => registerUnit(of.client, `Whole site ${mpan}`, mpan, 50_000, true)

/** Half-hours of a day as the grid rolls them up from a hub's measurements, taken as meter data where a whole site may have them. */
async function metered(connectionId: string, ...days: string[]) {
  const { db } = rig.server.context
  for (const day of days)
    for (let half = 0; half < 48; half++)
      await db.$client`
        insert into connection_half_hour (connection_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
        values (${connectionId}, ${dayStart(LocalDate.parse(day))
          .plusSeconds(half * 1_800)
          .toString()}, 9000, 9000, 4500, 1, 'good', ${rig.clock.now().toString()})`
  await takeHubReadings(rig.server.context)
}

/** How many quarter-hours of each day somebody is shown, by each way that there is to them. */
async function shown(client: TestFsp['client'], fuId: string, day: string) {
  const [id, span] = [{ params: { id: fuId } }, { from: day, to: day }]
  const read = (await client.ask(operations.readMeteredDay, { params: { id: fuId, day } })).body.periods
  const counted = (await client.ask(operations.listUnitCompleteness, { ...id, query: span })).body.items
  const all = (await client.ask(operations.listCompleteness, { query: span })).body.items
  const compared = (await client.ask(operations.compareBaselines, { ...id, query: { day } })).body.periods
  return [
    read.filter((p: { energyWh: number | null }) => p.energyWh !== null).length,
    counted[0].metered,
    all.find((each: { fuId: string }) => each.fuId === fuId)?.days[0].metered,
    compared.filter((p: { meteredWh: number | null }) => p.meteredWh !== null).length,
  ]
}

const own = async (of: TestFsp, mpan: string): Promise<Authority[]> =>
  (await of.client.ask(operations.listAuthorities, { query: { mpan } })).body.items
const end = (authorityId: string, until: string, who = rig.engineer) =>
  who.ask(operations.endAuthority, { params: { id: authorityId }, body: { until, reason: 'The letter is withdrawn.' } })
const decide = (authorityId: string, body: object) =>
  rig.engineer.ask(operations.decideOnAuthority, { params: { id: authorityId }, body })

describe('a DER and an FU', () => {
  test('SEC03 a DER is refused without authority, in the same words whether or not the MPAN exists', async () => {
    const [held, free] = [rig.mpan, (await newSite()).mpan]
    const body = { name: 'Squat', kind: 'load', ratedW: 1_000 }
    const answers = await Promise.all(
      [held, free, unknownMpan].map((mpan) => other.client.ask(operations.registerDer, { body: { ...body, mpan } })),
    )
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422])
    expect(answers[0]?.body.detail).toContain('apply for it')
    const said = answers.map(({ body }) => [body.detail, body.errors])
    expect(said[1]).toEqual(said[0])
    expect(said[2]).toEqual(said[0])
  })

  test('SEC03 an FU is a whole site only with authority over every MPAN of its connection', async () => {
    const { mpans } = await newSite(2)
    await giveAuthority(rig.engineer, holder.client, mpans.slice(0, 1))
    const body = { name: 'Half', kind: 'load', mpan: mpans[0], ratedW: 9_000 }
    const { derId } = (await holder.client.ask(operations.registerDer, { body })).body
    const unit = { name: 'Half', derIds: [derId], maxTurnDownW: 9_000 }
    const claim = () => holder.client.ask(operations.registerFlexibleUnit, { body: { ...unit, isWholeSite: true } })
    expect(await claim()).toMatchObject({ status: 422, body: { errors: [{ field: 'isWholeSite' }] } })
    await giveAuthority(rig.engineer, holder.client, mpans.slice(1))
    expect((await claim()).status).toBe(200)
  })
})

describe('an application', () => {
  test('SEC03 is answered alike for an MPAN that another holds, that is free and that does not exist', async () => {
    const apply = (mpan: string) =>
      other.client.ask(operations.applyForAuthorities, { body: { mpans: [mpan], ...letter } })
    const answers = await Promise.all([rig.mpan, (await newSite()).mpan, unknownMpan].map(apply))
    const alike = { fspId: other.fspId, state: 'applied', decidedAt: null, reason: null, atDno: null }
    for (const { status, body } of answers) expect([status, body.items]).toMatchObject([200, [alike]])
    const members = answers.map(({ body }) => Object.keys(body.items[0]))
    expect(members[1]).toEqual(members[0])
    expect(members[2]).toEqual(members[0])
    expect((await apply(unknownMpan)).body).toMatchObject({ status: 409, detail: expect.stringContaining('undecided') })
  })

  test('SEC03 shows the DNO whose connection it is and who holds the MPAN; one for an unknown MPAN can only be refused', async () => {
    const { body } = await rig.engineer.ask(operations.listAuthorities, { query: { state: 'applied' } })
    const of = (mpan: string): Authority => body.items.find((each: Authority) => each.mpan === mpan)
    expect(of(rig.mpan).atDno).toMatchObject({
      fspName: 'Second Ltd',
      connection: { customer: 'Royal Mail' },
      clashes: [{ fspId: holder.fspId, fspName: 'Depot Charging Ltd', from: '2025-01-01', until: null }],
    })
    const unknown = of(unknownMpan)
    expect(unknown.atDno).toMatchObject({ connection: null, clashes: [] })
    expect(await decide(unknown.authorityId, { decision: 'approve' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('No connection holds the MPAN') },
    })
    const reason = 'We have no such meter point.'
    expect((await decide(unknown.authorityId, { decision: 'refuse', reason })).body).toMatchObject({ state: 'refused' })
    expect(await own(other, unknownMpan)).toMatchObject([{ state: 'refused', reason, atDno: null }])
    expect(await own(holder, unknownMpan)).toEqual([])
    const [audited] = await rig.server.context.db.$client`
      select actor, action from audit_entry where subject_id = ${unknown.authorityId} order by entry_id desc`
    expect(audited).toEqual({ actor: 'erin', action: 'authority.refused' })
  })

  test('SEC03 is decided at the DNO, by a planner or a flexibility engineer', async () => {
    const [pending] = (await rig.engineer.ask(operations.listAuthorities, { query: { state: 'applied' } })).body.items
    const call = { params: { id: pending.authorityId }, body: { decision: 'approve' } }
    const operator = await rig.server.person('olga', 'operator')
    for (const who of [other.client, holder.client, operator])
      expect((await who.ask(operations.decideOnAuthority, call)).status).toBe(403)
  })
})

describe('one FSP at a time', () => {
  test('SEC03 the database itself refuses a second authority over the same days', async () => {
    const insert = rig.server.context.db.$client`
      insert into mpan_authority (authority_id, application_id, fsp_id, mpan, status, valid_from, given_by, reference, applied_at, applied_by)
      values (gen_random_uuid(), gen_random_uuid(), ${other.fspId}, ${rig.mpan}, 'approved', '2026-01-01', 'customer-letter', 'x', now(), 'x')`
    await expect(insert).rejects.toThrow('mpan_authority_one_fsp')
  })

  test('SEC03 a handover ends the older on its day; each FSP has its own days, and its metering', async () => {
    const { mpan, connectionId } = await newSite()
    await giveAuthority(rig.engineer, holder.client, mpan)
    const before = await wholeSite(holder, mpan)
    await other.client.ask(operations.applyForAuthorities, { body: { mpans: [mpan], ...letter } })
    const [applied] = await own(other, mpan)
    const id = applied?.authorityId ?? ''
    const clash = await decide(id, { decision: 'approve' })
    expect(clash).toMatchObject({ status: 409, body: { detail: expect.stringContaining('state handOverOn') } })
    expect((await decide(id, { decision: 'approve', handOverOn: '2026-01-14' })).body).toMatchObject({
      state: 'approved',
      from: '2026-01-14',
    })
    const [ended] = await own(holder, mpan)
    expect(ended).toMatchObject({ state: 'ended', until: '2026-01-14', reason: expect.stringContaining('another FSP') })
    expect(JSON.stringify(ended)).not.toContain('Second Ltd')
    const after = await wholeSite(other, mpan)
    await metered(connectionId, '2026-01-13', '2026-01-14')
    expect(await shown(holder.client, before.fuId, '2026-01-13')).toEqual([96, 96, 96, 96])
    expect(await shown(holder.client, before.fuId, '2026-01-14')).toEqual([0, 0, 0, 0])
    expect(await shown(other.client, after.fuId, '2026-01-13')).toEqual([0, 0, 0, 0])
    expect(await shown(other.client, after.fuId, '2026-01-14')).toEqual([96, 96, 96, 96])
  })

  test('SEC03 an FSP without authority does not end the metering of the one that has it', async () => {
    const { mpan, connectionId } = await newSite()
    await giveAuthority(rig.engineer, holder.client, mpan)
    const { fuId } = await wholeSite(holder, mpan)
    const squat = await wholeSite(other, mpan)
    expect(squat.fuId).toBeUndefined()
    await metered(connectionId, '2026-01-14')
    expect(await shown(holder.client, fuId, '2026-01-14')).toEqual([96, 96, 96, 96])
  })
})

describe('days of an authority', () => {
  let [mpan, connectionId, fuId, authorityId] = ['', '', '', '']
  beforeAll(async () => {
    ;({ mpan, connectionId } = await newSite())
    authorityId = (await giveAuthority(rig.engineer, holder.client, mpan, { from: '2026-01-10' }))[0] ?? ''
    ;({ fuId } = await wholeSite(holder, mpan))
    await metered(connectionId, '2026-01-09', '2026-01-10', '2026-01-11', '2026-01-12')
  })

  test('SEC03 one that began on 10 January shows nothing of the 9th, and takes nothing for it', async () => {
    expect(await shown(holder.client, fuId, '2026-01-09')).toEqual([0, 0, 0, 0])
    expect(await shown(holder.client, fuId, '2026-01-10')).toEqual([96, 96, 96, 96])
    const refused = await holder.client.ask(operations.uploadReadings, { body: readingsOf(fuId, '2026-01-09', 5_000) })
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'readings[0].at' }] } })
    expect(refused.body.detail).toContain('2026-01-09, a day without authority')
    expect(
      (await holder.client.ask(operations.uploadReadings, { body: readingsOf(fuId, '2026-01-10', 5_000) })).status,
    ).toBe(200)
  })

  test('SEC03 a baseline is made for its FSP of nothing that it may not see', async () => {
    // Stored while the authority went back further, as after a correction of its first day.
    await rig.server.context.db.$client`
      insert into meter_day select fu_id, d::date, energy_wh, revisions, sources
      from meter_day, generate_series('2025-12-10'::date, '2026-01-08', '1 day') d
      where fu_id = ${fuId} and trading_day = '2026-01-11'`
    const baselineFor = async (who: TestFsp['client']) => {
      const call = { params: { id: fuId }, query: { day: '2026-01-14', method: 'mid-8-in-10' } }
      const { periods } = (await who.ask(operations.readBaseline, call)).body
      return periods.filter((p: { energyWh: number | null }) => p.energyWh !== null).length
    }
    expect([await baselineFor(rig.engineer), await baselineFor(holder.client)]).toEqual([96, 0])
  })

  test('SEC03 one that has ended stops reads, uploads, metering, schedules and service from its day on', async () => {
    expect((await end(authorityId, '2026-01-09', holder.client)).status).toBe(422)
    expect((await end(authorityId, '2026-01-12', other.client)).status).toBe(404)
    expect((await end(authorityId, '2026-01-12')).body).toMatchObject({ state: 'ended', until: '2026-01-12' })
    await metered(connectionId, '2026-01-13')
    expect(await shown(holder.client, fuId, '2026-01-11')).toEqual([96, 96, 96, 96])
    expect(await shown(holder.client, fuId, '2026-01-12')).toEqual([0, 0, 0, 0])
    // The DNO still sees what was stored; the day after was never taken.
    expect((await shown(rig.engineer, fuId, '2026-01-12'))[0]).toBe(96)
    expect((await shown(rig.engineer, fuId, '2026-01-13'))[0]).toBe(0)
    const uploaded = await holder.client.ask(operations.uploadReadings, { body: readingsOf(fuId, '2026-01-12', 5_000) })
    expect(uploaded.status).toBe(422)
    const call = { params: { fuId, day: scheduleDay, kind: 'baseline' }, body: baselineOf(scheduleDay) }
    expect((await holder.client.ask(operations.submitSchedule, call)).status).toBe(422)
    const unit = (await holder.client.ask(operations.readFlexibleUnit, { params: { id: fuId } })).body
    expect(unit.inService).toBe(false)
    const status = { inService: true, effectiveFrom: `${rigDay}T09:00:00Z`, reason: 'here I am' }
    const declared = await holder.client.ask(operations.declareServiceStatus, { params: { id: fuId }, body: status })
    expect(declared.body.inService).toBe(false)
    const der = { name: 'Further', kind: 'load', mpan, ratedW: 1_000 }
    expect((await holder.client.ask(operations.registerDer, { body: der })).status).toBe(422)
  })
})

test('SEC03 limits go only to an FSP with authority at the connection, and stop when it ends', async () => {
  const { mpan, connectionId } = await newSite()
  const [authorityId = ''] = await giveAuthority(rig.engineer, holder.client, mpan)
  await registerUnit(holder.client, 'Limited', mpan)
  await registerUnit(other.client, 'Squatting', mpan)
  const policy = { onBreach: true, onLinkLost: false, failSafeW: 50_000, validMinutes: 20 }
  await rig.engineer.ask(operations.saveFailSafePolicy, { params: { id: connectionId }, body: policy, version: null })
  const source = { type: 'connection' as const, id: connectionId, name: 'Site' }
  const { db, clock } = rig.server.context
  await raiseAlarm(db, clock.now(), { kind: 'limit-breach', source, message: 'It imports too much.' })
  rig.startJobs()
  const pass = (minutes: number) => rig.clock.advanceTo(rig.clock.now().plusSeconds(minutes * 60))
  const sent = async () => (await rig.engineer.ask(operations.listImportLimits, { query: { connectionId } })).body.items
  await pass(2)
  expect(await sent()).toMatchObject([{ fspId: holder.fspId, state: 'acknowledged' }])
  const { length } = rig.control.limits
  expect((await end(authorityId, rigDay, holder.client)).status).toBe(200)
  await pass(30)
  expect(await sent()).toMatchObject([{ fspId: holder.fspId, state: 'superseded' }])
  expect(rig.control.limits).toHaveLength(length)
})

test('SEC03 the FSPs of DERs from before authorities were kept have one from their registration, if no other has a DER there', async () => {
  const { db } = rig.server.context
  const [alone, shared] = [(await newSite()).mpan, (await newSite()).mpan]
  await giveAuthority(rig.engineer, holder.client, [alone, shared])
  const der = (of: TestFsp, mpan: string) =>
    of.client.ask(operations.registerDer, { body: { name: 'Old', kind: 'load', mpan, ratedW: 1 } })
  await der(holder, alone)
  await der(holder, shared)
  await db.$client`delete from mpan_authority`
  await giveAuthority(rig.engineer, other.client, shared)
  await der(other, shared)
  await db.$client`delete from mpan_authority`
  const migration = await readFile(new URL('../market/migrations/0003_one_fsp_per_mpan.sql', import.meta.url), 'utf8')
  const backfill = migration.split('--> statement-breakpoint').find((part) => part.includes('INSERT INTO'))
  await db.$client.unsafe(backfill ?? '')
  expect(await own(holder, alone)).toMatchObject([
    { state: 'approved', from: rigDay, until: null, givenBy: 'before-authorities' },
  ])
  expect(await own(holder, shared)).toMatchObject([{ state: 'applied' }])
  expect(await own(other, shared)).toMatchObject([{ state: 'applied' }])
})
