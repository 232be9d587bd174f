import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import type { Client } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import {
  applicationOf,
  award,
  eveningTender,
  giveAuthority,
  registerFsp,
  registerUnit,
  saveTestNetwork,
  saveTestSite,
  type TestFsp,
} from '../../test/support/market.ts'
import { agreed } from '../../test/support/second-person.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { saveNode } from '../grid/index.ts'

const start = Instant.parse('2025-12-01T09:00:00Z')
const nowhere = {
  controlApi: {
    baseUrl: 'http://127.0.0.1:9/control',
    tokenEndpoint: 'http://127.0.0.1:9/token',
    clientId: 'dno',
    clientSecret: 'long enough',
    scope: 'control',
  },
}

let server: TestServer
let clock: SimulatedClock
let engineer: Client
let second: Client
let fsp: TestFsp
let other: TestFsp
let mpan: string
let rows: () => Promise<Record<string, number>>

beforeAll(async () => {
  const { db, url } = await createTestDatabase('server')
  clock = new SimulatedClock(start)
  server = await startTestServer(url, clock)
  engineer = await server.person('erin', 'flexibility-engineer')
  second = await server.person('sam', 'flexibility-engineer')
  await saveTestNetwork(db)
  mpan = (await saveTestSite(db, start)).mpan
  fsp = await registerFsp(server, engineer, 'Depot Charging Ltd', nowhere)
  await giveAuthority(engineer, fsp.client, mpan)
  other = await registerFsp(server, engineer, 'Another Ltd', nowhere)
  const tables = [
    'fsp',
    'der',
    'flexible_unit',
    'service_status',
    'tender',
    'tender_response',
    'contract',
    'audit_entry',
    'profile',
  ]
  rows = async () => {
    const counts: Record<string, number> = {}
    for (const table of tables) {
      const [row] = await db.execute<{ n: number }>(sql.raw(`select count(*)::int as n from ${table}`))
      counts[table] = row?.n ?? -1
    }
    return counts
  }
})

/** Runs a request that has to be refused, and checks that nothing was written. */
async function refused(request: () => Promise<{ status: number; body: unknown }>) {
  const before = await rows()
  const answer = await request()
  expect(await rows()).toEqual(before)
  return answer
}

describe('registration', () => {
  test('FA01 E2EPA002 an FSP applies, is accepted, and from then on gets tokens', async () => {
    const { body } = await server.client().ask(operations.applyAsFsp, { body: applicationOf('New Flex', nowhere) })
    await expect(server.tokenClient(body.clientId, body.clientSecret)).rejects.toThrow(/no access token/)
    const params = { id: body.applicationId }
    const accept = { params, body: { decision: 'accept' } }
    await agreed(second, engineer.ask(operations.decideOnApplication, accept))
    expect((await engineer.ask(operations.readApplication, { params })).body).toMatchObject({ status: 'accepted' })
    const client = await server.tokenClient(body.clientId, body.clientSecret)
    expect((await client.ask(operations.listFsps)).body.items).toMatchObject([{ companyName: 'New Flex' }])
  })

  test('E2EPA001 an application is rejected with a reason that the applicant can read, and never gets a token', async () => {
    const { body } = await server.client().ask(operations.applyAsFsp, { body: applicationOf('Unready', nowhere) })
    const params = { id: body.applicationId }
    const decide = (decision: object) => engineer.ask(operations.decideOnApplication, { params, body: decision })
    await decide({ decision: 'reject', reason: 'no control API yet' })
    expect((await server.client().ask(operations.readApplication, { params })).body).toMatchObject({
      status: 'rejected',
      reason: 'no control API yet',
    })
    await expect(server.tokenClient(body.clientId, body.clientSecret)).rejects.toThrow(/no access token/)
    expect((await refused(() => decide({ decision: 'accept' }))).status).toBe(409)
  })

  test('FA02 E2EPA003 an FSP registers DERs and FUs, each with a UUID, and the same request again makes no other', async () => {
    const der = { name: 'Chargers', kind: 'ev-charging', mpan, ratedW: 90_000 }
    const first = await fsp.client.ask(operations.registerDer, { body: der }, { 'idempotency-key': 'der-1' })
    const again = await fsp.client.ask(operations.registerDer, { body: der }, { 'idempotency-key': 'der-1' })
    expect(again.body).toEqual(first.body)
    const unit = { name: 'First FU', derIds: [first.body.derId], maxTurnDownW: 90_000 }
    const made = await fsp.client.ask(operations.registerFlexibleUnit, { body: unit }, { 'idempotency-key': 'fu-1' })
    expect(made.body).toMatchObject({ name: 'First FU', nodeId: 'sec', inService: true })
    expect(made.body.fuId).toMatch(/^[0-9a-f-]{36}$/)
    const repeated = await fsp.client.ask(
      operations.registerFlexibleUnit,
      { body: unit },
      { 'idempotency-key': 'fu-1' },
    )
    expect(repeated.body.fuId).toBe(made.body.fuId)
    const further = await registerUnit(fsp.client, 'Further FU', mpan)
    expect(further.fuId).not.toBe(made.body.fuId)
    const reused = await refused(() =>
      fsp.client.ask(
        operations.registerFlexibleUnit,
        { body: { ...unit, name: 'Different' } },
        { 'idempotency-key': 'fu-1' },
      ),
    )
    expect(reused.status).toBe(409)
  })

  test('FM41 an FSP that names an internal address is refused, field by field', async () => {
    const live = await startTestServer((await createTestDatabase('server')).url, clock, { environment: 'live' })
    const answer = await refused(() =>
      live.client().ask(operations.applyAsFsp, { body: applicationOf('Inside', nowhere) }),
    )
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({
      errors: [{ field: 'controlApi.baseUrl' }, { field: 'controlApi.tokenEndpoint' }],
    })
    const metadata = { controlApi: { ...nowhere.controlApi, baseUrl: 'https://169.254.169.254/latest' } }
    const inside = await refused(() =>
      live.client().ask(operations.applyAsFsp, { body: applicationOf('Inside', metadata) }),
    )
    expect(inside.body).toMatchObject({ detail: expect.stringContaining('internal address 169.254.169.254') })
  })
})

describe('the demand schedule of an FU', () => {
  const query = { day: '2026-03-02' }

  test('NM04 is edited by a planner: a new version, which the audit trail holds, and the limit stays until another approves', async () => {
    const planner = await server.person('priya', 'planner')
    const { fuId, connectionId } = await registerUnit(fsp.client, 'Edited FU', mpan)
    const { body: inForce } = await planner.ask(operations.readUnitDemandSchedule, { params: { id: fuId }, query })
    expect(inForce).toMatchObject({ connectionId, version: 1, state: 'approved' })
    const limits = { ...inForce.limits, weekend: [{ from: '00:00', limitW: 150_000 }] }
    const change = { validFrom: '2026-06-01', validTo: '2026-12-31', fallbackLimitW: null, limits }
    const key = { 'idempotency-key': 'edit-1' }
    const made = await planner.ask(operations.applyForUnitProfile, { params: { id: fuId }, body: change }, key)
    expect(made.body).toMatchObject({ connectionId, state: 'applied', version: 2, appliedBy: 'priya', limits })
    expect(
      (await planner.ask(operations.applyForUnitProfile, { params: { id: fuId }, body: change }, key)).body,
    ).toEqual(made.body)
    // The FU’s schedule is its connection’s: the application is the newest of the connection.
    const { body: versions } = await planner.ask(operations.listProfiles, { query: { connectionId } })
    expect(versions[0]).toEqual(made.body)
    expect(
      (await planner.ask(operations.readUnitDemandSchedule, { params: { id: fuId }, query: { day: '2026-07-01' } }))
        .body.version,
    ).toBe(1)
    const audited = await server.context.db.execute(
      sql`select action, actor from audit_entry where subject_id = ${made.body.profileId}`,
    )
    expect(audited).toMatchObject([{ action: 'profile.applied', actor: expect.stringContaining('priya') }])
    expect((await engineer.ask(operations.applyForUnitProfile, { params: { id: fuId }, body: change })).status).toBe(
      403,
    )
  })

  test('NM05 is downloaded and uploaded as CSV; a wrong row is named, an unknown FU is not found', async () => {
    const planner = await server.person('paul', 'planner')
    const { fuId } = await registerUnit(fsp.client, 'Uploaded FU', mpan)
    const { body: file } = await planner.ask(operations.exportUnitDemandSchedule, { params: { id: fuId }, query })
    expect(file).toContain('weekday,16:00,100000')
    const upload = (text: string, unit = fuId) =>
      planner.ask(operations.uploadUnitDemandSchedule, {
        params: { id: unit },
        query: { validFrom: '2026-08-01', validTo: '2026-08-31' },
        text,
      })
    const made = await upload(file.replaceAll('200000', '190000'))
    expect(made.body).toMatchObject({ state: 'applied', source: 'csv', limits: { weekend: [{ limitW: 190_000 }] } })
    const wrong = await refused(() => upload(file.replace('weekday,16:00,100000', 'weekday,16:00,much')))
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'line 2, from' }, { field: 'line 34, limitW' }] },
    })
    expect((await refused(() => upload(file, crypto.randomUUID()))).status).toBe(404)
    expect((await fsp.client.ask(operations.exportUnitDemandSchedule, { params: { id: fuId }, query })).status).toBe(
      403,
    )
  })
})

describe('refusals', () => {
  test.each([
    [
      'an MPAN that is not there',
      () => fsp.client.ask(operations.registerDer, { body: { name: 'x', kind: 'load', mpan: '1', ratedW: 1 } }),
      'mpan',
    ],
    [
      'a negative rating',
      () => fsp.client.ask(operations.registerDer, { body: { name: 'x', kind: 'load', mpan, ratedW: -1 } }),
      'ratedW',
    ],
    [
      'a turn-down above the rating',
      async () => {
        const der = await fsp.client.ask(
          operations.registerDer,
          { body: { name: 'x', kind: 'load', mpan, ratedW: 1_000 } },
          { 'idempotency-key': 'low' },
        )
        return fsp.client.ask(operations.registerFlexibleUnit, {
          body: { name: 'x', derIds: [der.body.derId], maxTurnDownW: 1_000_000 },
        })
      },
      'maxTurnDownW',
    ],
    [
      'a tender in no zone',
      () => engineer.ask(operations.draftTender, { body: eveningTender({ zoneNodeId: 'nowhere' }) }),
      'zoneNodeId',
    ],
    [
      'a window that ends before it begins',
      () =>
        engineer.ask(operations.draftTender, {
          body: { ...eveningTender(), windows: [{ ...eveningTender().windows[0], to: '16:00' }] },
        }),
      'windows[0].to',
    ],
    [
      'a price in binary',
      () => engineer.ask(operations.draftTender, { body: { ...eveningTender(), ceilingUtilisationGbpPerMwh: 95.5 } }),
      'ceilingUtilisationGbpPerMwh',
    ],
  ])('FM13 %s gets a 422 that names the field', async (_what, request, field) => {
    await fsp.client.ask(
      operations.registerDer,
      { body: { name: 'x', kind: 'load', mpan, ratedW: 1_000 } },
      { 'idempotency-key': 'low' },
    )
    const answer = await refused(request)
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } })
  })

  test('a body that is no JSON at all gets a 400', async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = await refused(() => fsp.client.ask(operations.registerDer, { text: '{"name":' }, headers))
    expect(answer.status).toBe(400)
  })

  test('FB07 without a token, with a broken one, with an expired one: 401, each says why', async () => {
    const body = { name: 'x', kind: 'load', mpan, ratedW: 1 }
    expect((await refused(() => server.client().ask(operations.registerDer, { body }))).status).toBe(401)
    const broken = server.client({ authorization: 'Bearer not.a.token' })
    expect(await refused(() => broken.ask(operations.registerDer, { body }))).toMatchObject({
      status: 401,
      body: { type: 'urn:ringmain:problem:invalid-token' },
    })
    const expired = await server.expiredTokenClient(fsp.clientId)
    const answer = await refused(() => expired.ask(operations.registerDer, { body }))
    expect(answer).toMatchObject({ status: 401, body: { detail: expect.stringContaining('fetch a new one') } })
  })

  test('FM40 another FSP’s FU does not exist, to read, to change or to offer', async () => {
    const unit = await registerUnit(fsp.client, 'Private FU', mpan)
    const { body: tender } = await engineer.ask(operations.draftTender, { body: eveningTender() })
    await engineer.ask(operations.publishTender, { params: { id: tender.tenderId } })
    const status = { inService: false, effectiveFrom: start.toString(), reason: 'mischief' }
    const prices = { availabilityGbpPerMwH: '1', utilisationGbpPerMwh: '1' }
    const bid = { bid: 'offered', offers: [{ fuId: unit.fuId, turnDownW: 1_000, ...prices }] }
    const answers = await Promise.all([
      refused(() => other.client.ask(operations.readFlexibleUnit, { params: { id: unit.fuId } })),
      refused(() => other.client.ask(operations.declareServiceStatus, { params: { id: unit.fuId }, body: status })),
      refused(() => other.client.ask(operations.respondToTender, { params: { id: tender.tenderId }, body: bid })),
    ])
    expect(answers.map((a) => a.status)).toEqual([404, 404, 404])
    expect((await other.client.ask(operations.listFlexibleUnits)).body.items).toEqual([])
    await engineer.ask(operations.withdrawTender, { params: { id: tender.tenderId } })
  })

  test('a declaration of service that names no instant counts from its receipt, and a second one at once replaces it', async () => {
    const unit = await registerUnit(fsp.client, 'Serviced FU', mpan)
    const declare = (inService: boolean) =>
      fsp.client.ask(operations.declareServiceStatus, {
        params: { id: unit.fuId },
        body: { inService, reason: 'Works' },
      })
    expect((await declare(false)).body.inService).toBe(false)
    expect((await declare(true)).body.inService).toBe(true)
    expect((await declare(false)).body.inService).toBe(false)
    expect((await fsp.client.ask(operations.readFlexibleUnit, { params: { id: unit.fuId } })).body.inService).toBe(
      false,
    )
  })

  test('an FSP may not decide, and a person may not register: 403', async () => {
    expect((await refused(() => fsp.client.ask(operations.draftTender, { body: eveningTender() }))).status).toBe(403)
    expect(
      (
        await refused(() =>
          engineer.ask(operations.registerDer, { body: { name: 'x', kind: 'load', mpan, ratedW: 1 } }),
        )
      ).status,
    ).toBe(403)
    const planner = await server.person('pat', 'planner')
    expect((await refused(() => planner.ask(operations.draftTender, { body: eveningTender() }))).status).toBe(403)
  })
})

describe('tenders', () => {
  /** A published tender; all registered FSPs have to be heard before it is evaluated. */
  async function openTender(change: Parameters<typeof eveningTender>[0] = {}): Promise<string> {
    const { body } = await engineer.ask(operations.draftTender, { body: eveningTender(change) })
    await engineer.ask(operations.publishTender, { params: { id: body.tenderId } })
    return body.tenderId
  }

  const offer = (fuId: string, turnDownW: number, utilisation: string) => ({
    fuId,
    turnDownW,
    availabilityGbpPerMwH: '10.00',
    utilisationGbpPerMwh: utilisation,
  })

  test('FA03 evaluation waits for the gate, and then makes a contract by a second person', async () => {
    const unit = await registerUnit(fsp.client, 'Evening FU', mpan)
    const gateClosesAt = clock.now().plusSeconds(3_600).toString()
    const id = await openTender({ gateClosesAt })
    const bid = { bid: 'offered', offers: [offer(unit.fuId, 40_000, '100.00')] }
    expect((await fsp.client.ask(operations.respondToTender, { params: { id }, body: bid })).status).toBe(200)
    expect(
      (await refused(() => fsp.client.ask(operations.respondToTender, { params: { id }, body: bid }))).status,
    ).toBe(409)
    const early = await refused(() => engineer.ask(operations.evaluateTender, { params: { id } }))
    expect(early).toMatchObject({ status: 409, body: { detail: expect.stringContaining('have not answered') } })

    await clock.advanceTo(Instant.parse(gateClosesAt))
    const late = await refused(() =>
      other.client.ask(operations.respondToTender, { params: { id }, body: { bid: 'declined', reason: '' } }),
    )
    expect(late).toMatchObject({ status: 409, body: { detail: expect.stringContaining('gate') } })
    await engineer.ask(operations.evaluateTender, { params: { id } })
    expect((await engineer.ask(operations.readTender, { params: { id } })).body).toMatchObject({
      state: 'evaluated',
      evaluation: { evaluatedBy: 'erin', shortfallW: [0], isSingleProvider: true, isLeastCost: true },
    })
    // How short the need is and who else bids is not for bidders to know.
    expect((await fsp.client.ask(operations.readTender, { params: { id } })).body).toMatchObject({
      state: 'evaluated',
      evaluation: null,
    })
    const listed = (await fsp.client.ask(operations.listTenders)).body.items as { evaluation: unknown }[]
    expect(listed.every((tender) => tender.evaluation === null)).toBe(true)
    const awarded = await award(second, id)
    expect(awarded.body.items).toMatchObject([
      { fuId: unit.fuId, turnDownW: 40_000, utilisationGbpPerMwh: '100.00', awardedBy: 'sam', product: 'A' },
    ])
    expect((await fsp.client.ask(operations.listContracts)).body.items).toHaveLength(1)
    expect((await other.client.ask(operations.listContracts)).body.items).toEqual([])
  })

  test('FM16 who evaluated cannot award: 403, and the attempt is in the audit trail', async () => {
    const id = await openTender({ gateClosesAt: clock.now().plusSeconds(60).toString() })
    await clock.advanceTo(clock.now().plusSeconds(60))
    await engineer.ask(operations.evaluateTender, { params: { id } })
    const answer = await award(engineer, id)
    expect(answer).toMatchObject({ status: 403, body: { type: 'urn:ringmain:problem:second-person-needed' } })
    const [entry] = await server.context.db.execute<{ actor: string }>(
      sql`select actor from audit_entry where subject_id = ${id} and action = 'tender.award-refused'`,
    )
    expect(entry?.actor).toBe('erin')
    expect((await engineer.ask(operations.readTender, { params: { id } })).body.state).toBe('evaluated')
  })

  test('SEC13 who drafted or once evaluated a tender cannot award it, whoever evaluated it last', async () => {
    const id = await openTender({ gateClosesAt: clock.now().plusSeconds(60).toString() })
    await clock.advanceTo(clock.now().plusSeconds(60))
    const third = await server.person('theo', 'flexibility-engineer')
    await second.ask(operations.evaluateTender, { params: { id } })
    expect(await award(engineer, id)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('drafted') },
    })
    await third.ask(operations.evaluateTender, { params: { id } })
    expect(await award(second, id)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('evaluated') },
    })
    const fourth = await server.person('fay', 'flexibility-engineer')
    const { body: seen } = await fourth.ask(operations.readTender, { params: { id } })
    await second.ask(operations.evaluateTender, { params: { id } })
    const stale = await fourth.ask(operations.awardTender, { params: { id }, version: seen.version })
    expect(stale.status).toBe(412)
    expect(await award(fourth, id)).toMatchObject({ status: 200 })
  })

  test('E2EPA004 E2EPA005 E2EPA006 one FSP declines; an FU outside the zone and a dear one are rejected, each with its reason', async () => {
    await saveNode(server.context.db, {
      nodeId: 'far',
      name: 'Far',
      kind: 'primary',
      parentId: 'gsp',
      licenceArea: 'LPN',
      ratingWinterKva: 1,
      ratingSummerKva: 1,
      easting: 0,
      northing: 0,
    })
    const [dear, cheap] = [
      await registerUnit(fsp.client, 'Dear FU', mpan),
      await registerUnit(fsp.client, 'Cheap FU', mpan),
    ]
    const gateClosesAt = clock.now().plusSeconds(60).toString()
    const dates = { validFrom: '2027-01-01', validTo: '2027-02-28' }
    const [inZone, elsewhere] = [
      await openTender({ gateClosesAt, ...dates }),
      await openTender({ gateClosesAt, ...dates, zoneNodeId: 'far' }),
    ]
    const bid = { bid: 'offered', offers: [offer(dear.fuId, 40_000, '300.01'), offer(cheap.fuId, 40_000, '90')] }
    for (const id of [inZone, elsewhere])
      await fsp.client.ask(operations.respondToTender, { params: { id }, body: bid })
    const declined = await other.client.ask(operations.respondToTender, {
      params: { id: inZone },
      body: { bid: 'declined', reason: 'no vans' },
    })
    expect(declined.body).toMatchObject({ bid: 'declined', reason: 'no vans', offers: [] })
    await clock.advanceTo(Instant.parse(gateClosesAt))
    const outcome = async (id: string) => {
      const { body } = await engineer.ask(operations.evaluateTender, { params: { id } })
      return Object.fromEntries(
        body.items.flatMap((r: { offers: { fuName: string; outcome: string; rejection: string }[] }) =>
          r.offers.map((o) => [o.fuName, o.rejection ?? o.outcome]),
        ),
      )
    }
    expect(await outcome(inZone)).toEqual({ 'Dear FU': 'price-not-attractive', 'Cheap FU': 'selected' })
    expect(await outcome(elsewhere)).toEqual({ 'Dear FU': 'outside-zone', 'Cheap FU': 'outside-zone' })
  })

  test('an FU already under contract for the same evenings is not contracted twice', async () => {
    const unit = await registerUnit(fsp.client, 'Busy FU', mpan)
    const gateClosesAt = clock.now().plusSeconds(60).toString()
    const ids = [await openTender({ gateClosesAt }), await openTender({ gateClosesAt })]
    const bid = { bid: 'offered', offers: [offer(unit.fuId, 40_000, '90')] }
    for (const id of ids) await fsp.client.ask(operations.respondToTender, { params: { id }, body: bid })
    await clock.advanceTo(Instant.parse(gateClosesAt))
    const results: string[] = []
    for (const id of ids) {
      const { body } = await engineer.ask(operations.evaluateTender, { params: { id } })
      results.push(body.items[0].offers[0].rejection)
      await award(second, id)
    }
    expect(results).toEqual([null, 'already-contracted'])
  })

  test('a tender whose gate has passed cannot be published', async () => {
    const { body } = await engineer.ask(operations.draftTender, {
      body: eveningTender({ gateClosesAt: '2025-01-01T00:00:00Z' }),
    })
    expect(
      (await refused(() => engineer.ask(operations.publishTender, { params: { id: body.tenderId } }))).status,
    ).toBe(409)
  })
})
