import { Instant, LocalDate } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { ProfileApplication } from '../../../schemas/grid/profiles.ts'
import { operations } from '../../../schemas/operations.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import type { Client } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { auditEntry } from '../../kit/tables.ts'
import { saveNode } from '../network/index.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
await saveTestNetwork(db)
const server = await startTestServer(url, new SimulatedClock(start))
const [priya, quentin] = [await server.person('priya', 'planner'), await server.person('quentin', 'planner')]
const olivia = await server.person('olivia', 'operator')

/** 800 kVA winter and 720 kVA summer at 0.95: 760 kW and 684 kW at Almeida St. */
const site = await saveTestSite(db, start, { name: 'Islington' })

const application = (given: Partial<ProfileApplication> = {}): ProfileApplication => ({
  validFrom: '2027-01-01',
  validTo: '2027-12-31',
  fallbackLimitW: null,
  note: '',
  limits: {
    weekday: [
      { from: '00:00', limitW: 300_000 },
      { from: '16:00', limitW: 150_000 },
      { from: '20:00', limitW: 300_000 },
    ],
    weekend: [{ from: '00:00', limitW: 300_000 }],
  },
  ...given,
})
const apply = async (given: Partial<ProfileApplication> = {}, connectionId = site.connectionId) =>
  (await priya.ask(operations.applyForProfile, { params: { id: connectionId }, body: application(given) })).body
const decisions = { approval: operations.approveProfile, rejection: operations.rejectProfile }
const decide = (who: Client, id: string, what: keyof typeof decisions, version: number, body: object = {}) =>
  who.ask(decisions[what], { params: { id }, body, version })
const auditOf = async (id: string) =>
  (await db.select().from(auditEntry).where(eq(auditEntry.subjectId, id))).map((e) => [e.action, e.actor])

describe('the life of a version', () => {
  test('an application is approved by a second person, and is then in force', async () => {
    const made = await apply({ validFrom: '2028-01-01', validTo: '2028-12-31' })
    expect(made).toMatchObject({ version: 2, state: 'applied', revision: 1, appliedBy: 'priya', source: 'portal' })
    const inbox = (await quentin.ask(operations.listProfiles, { query: { state: 'applied' } })).body
    expect(inbox).toMatchObject([{ profileId: made.profileId, connectionName: 'Islington' }])
    const done = await decide(quentin, made.profileId, 'approval', 1, { reason: 'fits' })
    expect(done).toMatchObject({ status: 200, body: { state: 'approved', decidedBy: 'quentin', revision: 2 } })
    expect(await auditOf(made.profileId)).toEqual([
      ['profile.applied', 'priya'],
      ['profile.approved', 'quentin'],
    ])
    expect(await decide(quentin, made.profileId, 'rejection', 2, { reason: 'too late' })).toMatchObject({ status: 409 })
  })

  test('FM16 a person who applied or edited cannot approve; the attempt is on record', async () => {
    const made = await apply()
    const refused = await decide(priya, made.profileId, 'approval', 1)
    expect(refused).toMatchObject({ status: 403, body: { type: 'urn:ringmain:problem:second-person-needed' } })
    expect(await auditOf(made.profileId)).toContainEqual(['profile.approval-refused', 'priya'])
    await quentin.ask(
      operations.amendProfile,
      { params: { id: made.profileId }, body: application({ note: 'x' }) },
      { 'if-match': '"1"' },
    )
    expect(await decide(quentin, made.profileId, 'approval', 2)).toMatchObject({ status: 403 })
    expect((await priya.ask(operations.readProfile, { params: { id: made.profileId } })).body.state).toBe('applied')
  })

  const amend = (who: Client, id: string, version: number, note: string) =>
    who.ask(operations.amendProfile, { params: { id }, body: application({ note }), version })

  test('SEC13 somebody whose edit was followed by the applicant’s own still cannot approve', async () => {
    const made = await apply()
    await amend(quentin, made.profileId, 1, 'words of Quentin’s')
    await amend(priya, made.profileId, 2, 'words of Quentin’s.')
    const refused = await decide(quentin, made.profileId, 'approval', 3)
    expect(refused).toMatchObject({ status: 403, body: { detail: expect.stringContaining('You edited version') } })
    expect((await priya.ask(operations.readProfile, { params: { id: made.profileId } })).body.state).toBe('applied')
  })

  test('SEC13 an approval names the revision that it saw: an edit meanwhile is a 412', async () => {
    const made = await apply()
    await amend(priya, made.profileId, 1, 'touched after Quentin looked')
    expect(await decide(quentin, made.profileId, 'approval', 1)).toMatchObject({ status: 412 })
  })

  test('SEC13 a new name does not make a second person, nor does an old name bar its next holder', async () => {
    const made = await apply({ validFrom: '2031-01-01', validTo: '2031-12-31' })
    await db.execute(sql`update account set username = 'priya.nair' where username = 'priya'`)
    expect(await decide(priya, made.profileId, 'approval', 1)).toMatchObject({ status: 403 })
    const namesake = await server.person('priya', 'planner')
    expect(await decide(namesake, made.profileId, 'approval', 1)).toMatchObject({ status: 200 })
    await db.execute(sql`update account set username = 'priya.second' where username = 'priya'`)
    await db.execute(sql`update account set username = 'priya' where username = 'priya.nair'`)
  })

  test('SEC13 a version without anybody on record for it waits until it is amended', async () => {
    const made = await apply({ validFrom: '2032-01-01', validTo: '2032-12-31' })
    await db.execute(sql`delete from hand where subject_id = ${made.profileId}`)
    expect(await decide(quentin, made.profileId, 'approval', 1)).toMatchObject({ status: 403 })
    await amend(priya, made.profileId, 1, 'again')
    expect(await decide(quentin, made.profileId, 'approval', 2)).toMatchObject({ status: 200 })
  })

  test('a rejection needs a reason, which the applicant reads', async () => {
    const made = await apply()
    expect(await decide(quentin, made.profileId, 'rejection', 1)).toMatchObject({ status: 422 })
    const done = await decide(quentin, made.profileId, 'rejection', 1, {
      reason: 'The feeder is to be replaced first.',
    })
    expect(done.body).toMatchObject({ state: 'rejected', reason: 'The feeder is to be replaced first.' })
  })

  test('NM04 an edit is versioned, and audited with its previous state', async () => {
    const made = await apply()
    const changed = application({ note: 'smaller', fallbackLimitW: 90_000 })
    const saved = await priya.ask(
      operations.amendProfile,
      { params: { id: made.profileId }, body: changed },
      { 'if-match': '"1"' },
    )
    expect(saved).toMatchObject({ status: 200, body: { revision: 2, fallbackLimitW: 90_000, editedBy: 'priya' } })
    expect(saved.headers.get('etag')).toBe('"2"')
    const rows = await db.select().from(auditEntry).where(eq(auditEntry.subjectId, made.profileId))
    expect(rows.at(-1)).toMatchObject({
      action: 'profile.amended',
      actor: 'priya',
      detail: { before: { fallbackLimitW: null }, after: { fallbackLimitW: 90_000 } },
    })
  })

  test('FM15 the second of two editors is told what differs, and nothing is lost', async () => {
    const made = await apply()
    const put = (who: typeof priya, body: ProfileApplication, headers: Record<string, string>) =>
      who.ask(operations.amendProfile, { params: { id: made.profileId }, body }, headers)
    await put(quentin, application({ note: 'by quentin' }), { 'if-match': '"1"' })
    const late = await put(priya, application({ note: 'by priya' }), { 'if-match': '"1"' })
    expect(late).toMatchObject({
      status: 412,
      body: {
        detail: expect.stringContaining('quentin changed version'),
        errors: [{ field: 'note', message: 'is now "by quentin"; you sent "by priya"' }],
      },
    })
    expect(late.headers.get('etag')).toBe('"2"')
    expect((await priya.ask(operations.readProfile, { params: { id: made.profileId } })).body.note).toBe('by quentin')
    expect(await put(priya, application(), {})).toMatchObject({ status: 428 })
    expect(await put(priya, application(), { 'if-match': 'another version' })).toMatchObject({ status: 400 })
    expect(await put(priya, application(), { 'if-match': 'yes' })).toMatchObject({ status: 412 })
  })

  test('FM14 an overlap is refused with the clash, unless it supersedes', async () => {
    const made = await apply({ validFrom: '2026-06-01', validTo: '2027-05-31' })
    const refused = await decide(quentin, made.profileId, 'approval', 1)
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('overlaps the approved profile valid from 2026-01-01 to 2026-12-31') },
    })
    expect(await decide(quentin, made.profileId, 'approval', 1, { supersede: true })).toMatchObject({ status: 200 })
    const versions = (
      await priya.ask(operations.listProfiles, { query: { connectionId: site.connectionId, state: 'approved' } })
    ).body
    expect(versions.map((v: { validFrom: string; validTo: string }) => [v.validFrom, v.validTo])).toContainEqual([
      '2026-01-01',
      '2026-05-31',
    ])
  })

  test('rejects a version inside a longer one, and one that began yesterday', async () => {
    const other = await saveTestSite(db, start)
    const inside = await apply({ validFrom: '2026-03-01', validTo: '2026-03-31' }, other.connectionId)
    expect(await decide(quentin, inside.profileId, 'approval', 1, { supersede: true })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('holds until 2026-12-31') },
    })
    const past = await apply({ validFrom: '2026-01-14' }, other.connectionId)
    expect(await decide(quentin, past.profileId, 'approval', 1)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('begins on 2026-01-14, which is over') },
    })
  })

  test('the same application with the same key is created once; another body is rejected', async () => {
    const params = { id: site.connectionId }
    const send = (given = {}) =>
      priya.ask(operations.applyForProfile, { params, body: application(given), idempotencyKey: 'a1' })
    const [first, second] = [await send(), await send()]
    expect(second).toMatchObject({ status: 200, body: first.body })
    expect(second.headers.get('etag')).toBe('"1"')
    expect(await send({ fallbackLimitW: 1_000 })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Idempotency-Key') },
    })
  })
})

describe('bad input', () => {
  const limits = application().limits
  test.each([
    [
      'a day that does not begin at 00:00',
      { ...limits, weekend: [{ from: '01:00', limitW: 1 }] },
      'limits.weekend[0].from',
    ],
    [
      'steps out of order',
      { ...limits, weekday: [...limits.weekday, { from: '10:00', limitW: 1 }] },
      'limits.weekday[3].from',
    ],
    ['a negative limit', { ...limits, weekend: [{ from: '00:00', limitW: -1 }] }, 'limits.weekend[0].limitW'],
    ['a limit in GW', { ...limits, weekend: [{ from: '00:00', limitW: 2e9 }] }, 'limits.weekend[0].limitW'],
    ['a time that is none', { ...limits, weekend: [{ from: '24:30', limitW: 1 }] }, 'limits.weekend[0].from'],
    [
      'seasons that overlap',
      {
        ...limits,
        seasons: [
          { name: 'Winter', from: '11-01', to: '03-31', weekday: limits.weekday, weekend: limits.weekend },
          { name: 'Spring', from: '03-01', to: '05-31', weekday: limits.weekday, weekend: limits.weekend },
        ],
      },
      'limits.seasons[1]',
    ],
    [
      'a day of the year that is none',
      {
        ...limits,
        seasons: [{ name: 'W', from: '02-30', to: '03-31', weekday: limits.weekday, weekend: limits.weekend }],
      },
      'limits.seasons[0].from',
    ],
  ])('%s is a 422 that names the field', async (_, broken, field) => {
    const answer = await priya.ask(operations.applyForProfile, {
      params: { id: site.connectionId },
      body: {
        ...application(),
        limits: broken,
      },
    })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } })
  })

  test('rejects an end before the start, an unknown connection and another role', async () => {
    const send = (who: Client, body: object, id = site.connectionId) =>
      who.ask(operations.applyForProfile, { params: { id }, body })
    expect(await send(priya, application({ validTo: '2026-12-31' }))).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'validTo' }] },
    })
    expect(await send(priya, application(), crypto.randomUUID())).toMatchObject({ status: 404 })
    expect(await send(olivia, application())).toMatchObject({ status: 403 })
    expect(await server.client().ask(operations.listProfiles)).toMatchObject({ status: 401 })
  })
})

describe('assessment', () => {
  test('NM08 an application that would exceed the headroom is refused with the periods and the node named', async () => {
    const { connectionId } = await saveTestSite(db, start, { name: 'Camden' })
    const made = await apply(
      {
        validFrom: '2029-01-01',
        validTo: '2029-12-31',
        limits: {
          weekday: [
            { from: '00:00', limitW: 100_000 },
            { from: '17:00', limitW: 600_000 },
            { from: '19:30', limitW: 100_000 },
          ],
          weekend: [{ from: '00:00', limitW: 100_000 }],
        },
      },
      connectionId,
    )
    const judged = (await quentin.ask(operations.assessProfile, { params: { id: made.profileId } })).body
    expect(judged.fits).toBe(false)
    expect(judged.nodes).toMatchObject([
      { nodeId: 'sec', capacityWinterW: 760_000, capacitySummerW: 684_000 },
      { nodeId: 'pri' },
      { nodeId: 'gsp' },
    ])
    // 2029: Islington's fallback or ASC of 228 kW, and one test site more with a fallback of 120 kW.
    const winter = judged.cells.find(
      (c: { season: string; dayType: string }) => c.season === 'winter' && c.dayType === 'weekday',
    )
    const at = (from: string) => winter.periods.find((p: { from: string }) => p.from === from)
    expect(winter.periods).toHaveLength(48)
    expect(at('17:00')).toMatchObject({ requestedW: 600_000, presentW: 120_000, bindingNodeId: 'sec' })
    expect(at('17:00').excessW).toBe(600_000 - at('17:00').availableW)
    expect(at('16:30')).toMatchObject({ excessW: 0 })
    expect(judged.refusals.map((r: { when: string }) => r.when).sort()).toEqual([
      'summer weekday 17:00–19:30',
      'winter weekday 17:00–19:30',
    ])
    const refused = await decide(quentin, made.profileId, 'approval', 1)
    expect(refused).toMatchObject({
      status: 409,
      body: { errors: judged.refusals.map((r: { when: string }) => ({ field: r.when })) },
    })
    expect(refused.body.detail).toMatch(/17:00–19:30: 600.0 kW requested, .* left at Almeida St/)
    expect((await quentin.ask(operations.readProfile, { params: { id: made.profileId } })).body.state).toBe('applied')
  })

  test('an application at nodes of which nothing is known is approved only with an assumption, which is kept', async () => {
    const common = { licenceArea: 'LPN', easting: null, northing: null } as const
    const ratings = { ratingWinterKva: 800, ratingSummerKva: 720 }
    const node = { nodeId: 'dark', name: 'Dark St', kind: 'secondary', parentId: null, ...common, ...ratings } as const
    await saveNode(db, node)
    const { connectionId } = await saveTestSite(db, start, { name: 'Dark' })
    await db.execute(sql`update connection set node_id = 'dark' where connection_id = ${connectionId}`)
    const made = await apply({ validFrom: '2027-12-01', validTo: '2027-12-31' }, connectionId)
    const judged = (await quentin.ask(operations.assessProfile, { params: { id: made.profileId } })).body
    const missing = [{ nodeId: 'dark', name: 'Dark St', season: 'winter', what: 'load' }]
    expect(judged).toMatchObject({ fits: false, refusals: [], missing, nodes: [{ background: 'unknown' }] })
    const day = { params: { id: 'dark' }, query: { day: '2027-12-01' } }
    const room = (await priya.ask(operations.readHeadroom, day)).body
    expect(room).toMatchObject({ background: 'unknown' })
    expect(room.periods[0]).toMatchObject({ capacityW: 760_000, backgroundW: null, headroomW: null })
    expect(await decide(quentin, made.profileId, 'approval', 1)).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining('the winter load of Dark St is not known'),
        errors: [{ field: 'assumption' }],
      },
    })
    const statement = 'The street has 40 homes: 80 kW at most.'
    const done = await decide(quentin, made.profileId, 'approval', 1, { assumption: statement })
    expect(done).toMatchObject({ status: 200, body: { state: 'approved', assumption: { statement, missing } } })
    const rows = await db.select().from(auditEntry).where(eq(auditEntry.subjectId, made.profileId))
    expect(rows.at(-1)).toMatchObject({ detail: { assumption: { statement, missing } } })
  })

  test('an assumption does not help an application that is known not to fit', async () => {
    const { connectionId } = await saveTestSite(db, start, { name: 'Dark too' })
    await db.execute(sql`update connection set node_id = 'dark' where connection_id = ${connectionId}`)
    const feeder = { nodeId: 'lit', name: 'Lit St', kind: 'feeder', parentId: 'dark', licenceArea: 'LPN' } as const
    const known = { ratingWinterKva: 100, ratingSummerKva: 100, maxDemandWinterKva: 0, maxDemandSummerKva: 0 }
    await saveNode(db, { ...feeder, ...known, easting: null, northing: null })
    await db.execute(sql`update connection set node_id = 'lit' where connection_id = ${connectionId}`)
    const made = await apply({ validFrom: '2027-12-01', validTo: '2027-12-31' }, connectionId)
    const refused = await decide(quentin, made.profileId, 'approval', 1, { assumption: 'It will do.' })
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('left at Lit St') } })
  })

  test('a reserved node takes nobody but its user, whatever is left of it', async () => {
    const common = {
      licenceArea: 'LPN',
      easting: null,
      northing: null,
      ratingWinterKva: 800,
      ratingSummerKva: 720,
    } as const
    const known = { maxDemandWinterKva: 0, maxDemandSummerKva: 0 }
    const node = { nodeId: 'kept', name: 'Kept St', kind: 'secondary', parentId: null, ...common, ...known } as const
    await saveNode(db, { ...node, reserved: true, reservedFor: 'Centrica' })
    const { connectionId } = await saveTestSite(db, start, { name: 'Kept' })
    await db.execute(sql`update connection set node_id = 'kept' where connection_id = ${connectionId}`)
    const made = await apply({ validFrom: '2027-12-01', validTo: '2027-12-31' }, connectionId)
    const refused = await decide(quentin, made.profileId, 'approval', 1, { assumption: 'They do not need it.' })
    expect(refused).toMatchObject({
      status: 409,
      body: { errors: [{ field: 'at all times', message: 'Kept St is reserved for Centrica' }] },
    })
    await saveNode(db, { ...node, reserved: true, reservedFor: 'Royal Mail' })
    expect(await decide(quentin, made.profileId, 'approval', 1)).toMatchObject({ status: 200 })
  })

  test('winter headroom is not judged by what July measured', async () => {
    const common = { licenceArea: 'LPN', easting: null, northing: null } as const
    const ratings = { ratingWinterKva: 800, ratingSummerKva: 720, maxDemandWinterKva: 700 }
    await saveNode(db, { nodeId: 'july', name: 'July St', kind: 'secondary', parentId: null, ...common, ...ratings })
    const halfHours = (day: string, watts: number) =>
      periodStarts(LocalDate.parse(day), 'PT30M').map((at) => `july,${at},${watts},`)
    const rows = [...halfHours('2025-07-16', 110_000), ...halfHours('2023-12-20', 900_000)]
    const text = `nodeId,at,meanW,maxW\n${rows.join('\n')}\n`
    await priya.ask(operations.uploadLoadHistory, { query: { stamp: 'period-start' }, text })
    const headroomOn = async (day: string) =>
      (await priya.ask(operations.readHeadroom, { params: { id: 'july' }, query: { day } })).body
    // 800 kVA × 0.95 − 700 kVA × 0.95; what was measured more than two years ago does not count.
    expect((await headroomOn('2026-01-14')).periods[35]).toMatchObject({ backgroundW: 665_000, headroomW: 95_000 })
    // 720 kVA × 0.95 − 110 kW.
    expect((await headroomOn('2026-07-15')).periods[35]).toMatchObject({ backgroundW: 110_000, headroomW: 574_000 })
    // July of weekdays says nothing of weekends, and no maximum of the summer is on record.
    expect((await headroomOn('2026-07-18')).periods[35]).toMatchObject({ backgroundW: null, headroomW: null })
  })
})

describe('demand schedules as files', () => {
  test('an upload with the same key is one application; another file with that key is rejected', async () => {
    const params = { id: site.connectionId }
    const { body: file } = await priya.ask(operations.exportDemandSchedule, { params })
    const send = (text: string, validTo = '2031-12-31') => {
      const query = { validFrom: '2031-01-01', validTo }
      return priya.ask(operations.uploadDemandSchedule, { params, query, text, idempotencyKey: 'u1' })
    }
    const [first, second] = [await send(file), await send(file)]
    expect(second).toMatchObject({ status: 200, body: first.body })
    expect(await send(file.replace('100000', '90000'))).toMatchObject({ status: 409 })
    expect(await send(file, '2031-06-30')).toMatchObject({ status: 409 })
    // As after a crash between the application and its answer.
    await db.execute(sql`update idempotency_key set digest = null, answer = null where key = 'u1'`)
    expect(await send(file)).toMatchObject({ status: 200, body: first.body })
  })

  const upload = (text: string) => {
    const query = { validFrom: '2030-01-01', validTo: '2030-12-31' }
    return priya.ask(operations.uploadDemandSchedule, { params: { id: site.connectionId }, query, text })
  }

  test('NM05 a downloaded file can be uploaded, and means the same', async () => {
    const made = await apply({
      limits: {
        ...application().limits,
        seasons: [
          {
            name: 'Winter peak',
            from: '11-01',
            to: '02-28',
            weekday: [{ from: '00:00', limitW: 90_000 }],
            weekend: [{ from: '00:00', limitW: 95_500 }],
          },
        ],
        exceptions: [{ day: '2027-12-25', steps: [{ from: '00:00', limitW: 0 }] }],
      },
    })
    const file = await priya.ask(operations.exportProfile, { params: { id: made.profileId } })
    expect(file.headers.get('content-disposition')).toMatch(/Islington v\d+\.csv/)
    expect(file.body.trim().split('\r\n')).toHaveLength(1 + 5 * 48)
    const again = await upload(file.body)
    expect(again).toMatchObject({ status: 200, body: { state: 'applied', source: 'csv', limits: made.limits } })
    const inForce = await priya.ask(operations.exportDemandSchedule, { params: { id: site.connectionId } })
    expect(inForce.body).toContain('weekday,16:00,100000')
  })

  test.each([
    [
      'a period missing',
      (rows: string[]) => rows.filter((r) => r !== ',weekday,16:30,100000'),
      'line 2, from',
      '47 of its 48 half-hours: 16:30 missing',
    ],
    [
      'a 49th period',
      (rows: string[]) => [...rows, ',weekday,16:30,100000'],
      'line 98, from',
      '16:30 appears twice for weekday',
    ],
    [
      'a time that is no half-hour',
      (rows: string[]) => rows.map((r) => r.replace('16:30', '16:45')),
      'line 35, from',
      'is not the start of a half-hour',
    ],
    [
      'a limit that is text',
      (rows: string[]) => rows.map((r) => r.replace('16:30,100000', '16:30,a lot')),
      'line 35, limitW',
      'is not a number',
    ],
    [
      'a limit that is missing, not 0',
      (rows: string[]) => rows.map((r) => r.replace('16:30,100000', '16:30,')),
      'line 35, limitW',
      'is missing; nothing is not 0',
    ],
    [
      'a formula',
      (rows: string[]) => rows.map((r) => r.replace('16:30,100000', '16:30,=A1')),
      'line 35, limitW',
      'is a formula',
    ],
    [
      'a day type missing',
      (rows: string[]) => rows.filter((r) => !r.startsWith(',weekend')),
      'line 1, dayType',
      'no weekend',
    ],
    ['a file cut off', (rows: string[]) => [...rows.slice(0, -1), ',week'], 'line 97', 'is the file cut off?'],
  ])('NM05 %s is named with its row, and nothing is stored', async (_, damage, field, message) => {
    const file = await priya.ask(operations.exportDemandSchedule, { params: { id: site.connectionId } })
    const [heading = '', ...rows] = file.body.trim().split('\r\n')
    const before = (await priya.ask(operations.listProfiles)).body.length
    const refused = await upload([heading, ...damage(rows)].join('\n'))
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toContainEqual({ field, message: expect.stringContaining(message) })
    expect((await priya.ask(operations.listProfiles)).body).toHaveLength(before)
  })
})

test('FM02 a weekly template over the missing and the repeated hour is previewed', async () => {
  const preview = async (day: string) =>
    (await priya.ask(operations.previewProfile, { body: { limits: application().limits, day } })).body
  const [spring, autumn, plain] = [
    await preview('2026-03-29'),
    await preview('2026-10-25'),
    await preview('2026-06-01'),
  ]
  expect([spring, autumn, plain].map((p) => p.periods.length)).toEqual([46, 50, 48])
  expect(spring.remark).toContain('does not exist')
  expect(autumn.remark).toContain('comes twice')
  expect(plain.remark).toBeNull()
  expect(spring.periods.map((p: { localTime: string }) => p.localTime)).not.toContain('01:30')
})

test('a node shows its path, what it feeds, and its headroom on a day of 46 half-hours', async () => {
  const page = (await priya.ask(operations.readNode, { params: { id: 'pri' } })).body
  expect(page).toMatchObject({
    node: { nodeId: 'pri' },
    path: [{ nodeId: 'gsp' }, { nodeId: 'pri' }],
    children: [{ nodeId: 'sec' }],
  })
  const room = (await priya.ask(operations.readHeadroom, { params: { id: 'sec' }, query: { day: '2026-03-29' } })).body
  expect(room.periods).toHaveLength(46)
  const [first] = room.periods
  expect(first.headroomW).toBe(first.capacityW - first.backgroundW - first.agreedW)
  expect(first).toMatchObject({ capacityW: 760_000, measuredW: null, backgroundW: 0 })
  expect(await priya.ask(operations.readHeadroom, { params: { id: 'nowhere' } })).toMatchObject({ status: 404 })
})
