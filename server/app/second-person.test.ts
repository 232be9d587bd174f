import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { acts } from '../../schemas/acts.ts'
import { operations } from '../../schemas/operations.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { Answer, Client, TestCall } from '../../test/support/client.ts'
import { applicationOf, registerUnit, silentControl } from '../../test/support/market.ts'
import { listedTimetable } from '../../test/support/timetables.ts'
import { startWithTwoFsps, type TwoFsps } from '../../test/support/two-fsps.ts'
import { saveTestSite } from '../grid/test/support/site.ts'
import { auditEntry } from '../kit/tables.ts'

let scene: TwoFsps
let people: Record<'administrator' | 'planner' | 'operator' | 'engineer' | 'clerk', { first: Client; second: Client }>

beforeAll(async () => {
  scene = await startWithTwoFsps()
  const { server } = scene.rig
  // Sessions have not ended: the rig has let less than a working day pass.
  people = {
    administrator: {
      first: await server.person('ada', 'administrator'),
      second: await server.person('abe', 'administrator'),
    },
    planner: { first: await server.person('priya', 'planner'), second: await server.person('paul', 'planner') },
    operator: { first: await server.person('olivia', 'operator'), second: await server.person('oscar', 'operator') },
    engineer: {
      first: await server.person('erin', 'flexibility-engineer'),
      second: await server.person('sam', 'flexibility-engineer'),
    },
    clerk: { first: await server.person('clara', 'settlement'), second: await server.person('sven', 'settlement') },
  }
}, 240_000)

/** One of the acts that wait: the call, and what shows whether it is in force. */
interface Case {
  by: keyof typeof people
  stated: Operation
  call(): Promise<TestCall>
  inForce(call: TestCall): Promise<unknown>
}

const read = async (who: Client, stated: Operation, call: TestCall): Promise<Answer> => who.ask(stated, call)
const points = (scale: number) => [{ group: 30, index: 0, feeder: 1, phase: 'L1', quantity: 'voltage', scale }]

async function hubCall(): Promise<TestCall> {
  const { context } = scene.rig.server
  const { hubId } = await saveTestSite(context.db, context.clock.now())
  const params = { id: hubId }
  const { etag, hubId: _, ...form } = (await people.operator.first.ask(operations.readRegistration, { params })).body
  return { params, body: { ...form, pointOverrides: points(10) }, version: etag }
}

const cases: Partial<Record<keyof typeof acts, Case>> = {
  decideOnApplication: {
    by: 'engineer',
    stated: operations.decideOnApplication,
    async call() {
      const application = applicationOf(`Applicant ${randomUUID()}`, silentControl)
      const { body } = await scene.rig.server.client().ask(operations.applyAsFsp, { body: application })
      return { params: { id: body.applicationId }, body: { decision: 'accept' } }
    },
    inForce: async ({ params = {} }) =>
      (await read(people.engineer.first, operations.readApplication, { params })).body.status,
  },
  setDispatchRoute: {
    by: 'engineer',
    stated: operations.setDispatchRoute,
    call: async () => ({
      params: { id: scene.other.fsp.fspId },
      body: { route: 'email', email: `${randomUUID()}@elsewhere.example` },
    }),
    async inForce() {
      const { items } = (await people.engineer.first.ask(operations.listFsps)).body
      return items.find((one: { fspId: string }) => one.fspId === scene.other.fsp.fspId).dispatchEmail
    },
  },
  setSettlementTerms: {
    by: 'clerk',
    stated: operations.setSettlementTerms,
    async call() {
      const params = { id: scene.one.contractId }
      const { body } = await people.clerk.first.ask(operations.readSettlementTerms, { params })
      return { params, body: { ...body, scheduleAccuracy: !body.scheduleAccuracy } }
    },
    inForce: async ({ params = {} }) =>
      (await read(people.clerk.first, operations.readSettlementTerms, { params })).body.scheduleAccuracy,
  },
  decideOnHeldUpload: {
    by: 'clerk',
    stated: operations.decideOnHeldUpload,
    call: async () => ({ params: { id: scene.one.holdId }, body: { decision: 'release', reason: 'It is so' } }),
    async inForce({ params }) {
      const { items } = (await people.clerk.first.ask(operations.listHeldUploads)).body
      return items.find((one: { holdId: string }) => one.holdId === params?.['id']).state
    },
  },
  savePointMap: {
    by: 'operator',
    stated: operations.savePointMap,
    call: async () => ({ params: { name: `map-${randomUUID()}` }, body: { points: points(0.1) }, version: null }),
    inForce: async ({ params = {} }) => (await read(people.operator.first, operations.readPointMap, { params })).status,
  },
  registerHub: {
    by: 'operator',
    stated: operations.registerHub,
    call: hubCall,
    inForce: async ({ params = {} }) =>
      (await read(people.operator.first, operations.readRegistration, { params })).body.pointOverrides.length,
  },
  changeCapacities: {
    by: 'planner',
    stated: operations.changeCapacities,
    async call() {
      const { context } = scene.rig.server
      const { mpans } = await saveTestSite(context.db, context.clock.now())
      return { body: { reason: 'Agreed anew.', changes: [{ mpan: mpans[0], exportKva: 4 }] } }
    },
    async inForce({ body }) {
      const { changes } = body as { changes: { mpan: string }[] }
      const asked = { query: { search: changes[0]?.mpan } }
      const { items } = (await read(people.planner.first, operations.listConnections, asked)).body
      const params = { id: items[0].connectionId }
      return (await read(people.planner.first, operations.readMasterData, { params })).body.exportKva
    },
  },
  changeMasterData: {
    by: 'planner',
    stated: operations.changeMasterData,
    async call() {
      const { context } = scene.rig.server
      const site = await saveTestSite(context.db, context.clock.now())
      const params = { id: site.connectionId }
      const {
        etag,
        connectionId: _,
        ...form
      } = (await people.planner.first.ask(operations.readMasterData, { params })).body
      return { params, body: { ...form, ascKva: form.ascKva + 100 }, version: etag }
    },
    inForce: async ({ params = {} }) =>
      (await read(people.planner.first, operations.readMasterData, { params })).body.ascKva,
  },
  saveDynamicTerms: {
    by: 'planner',
    stated: operations.saveDynamicTerms,
    async call() {
      const { context } = scene.rig.server
      const { connectionId } = await saveTestSite(context.db, context.clock.now())
      const body = { isOn: true, floorW: 20_000, topNodeId: 'sec' }
      return { params: { id: connectionId }, body, version: 0 }
    },
    inForce: async ({ params = {} }) =>
      (await read(people.planner.first, operations.readDynamicTerms, { params })).body.isOn,
  },
  saveCustomerSites: {
    by: 'planner',
    stated: operations.saveCustomerSites,
    async call() {
      const params = { customerId: randomUUID() }
      const body = { name: `Customer ${params.customerId}` }
      await people.planner.first.ask(operations.saveCustomer, { params, body, version: null })
      const { etag } = (await people.planner.first.ask(operations.readCustomerSites, { params })).body
      return { params, body: { connectionIds: [scene.one.siteId] }, version: etag }
    },
    inForce: async ({ params = {} }) =>
      (await read(people.planner.first, operations.readCustomerSites, { params })).body.connectionIds.length,
  },
  enterStandingContract: {
    by: 'engineer',
    stated: operations.enterStandingContract,
    async call() {
      const { mpanOf, fsp, clock } = scene.rig
      const { fuId } = await registerUnit(fsp.client, `Standing ${randomUUID()}`, await mpanOf(fsp))
      const example = operations.enterStandingContract.body.meta()?.['example'] as object
      const validFrom = tradingDayOf(clock.now()).toString()
      return { body: { ...example, fuId, validFrom, validTo: validFrom } }
    },
    async inForce({ body }) {
      const { items } = (await people.engineer.first.ask(operations.listContracts)).body
      return items.filter((one: { fuId: string }) => one.fuId === (body as { fuId: string }).fuId).length
    },
  },
  changeProduct: {
    by: 'administrator',
    stated: operations.changeProduct,
    async call() {
      const params = { product: 'C' }
      const { settings, version } = (await people.administrator.first.ask(operations.readProduct, { params })).body
      return { params, body: { ...settings, noticeMinutes: settings.noticeMinutes + 1 }, version }
    },
    inForce: async ({ params = {} }) =>
      (await read(people.administrator.first, operations.readProduct, { params })).body.settings.noticeMinutes,
  },
  changeTimetable: {
    by: 'engineer',
    stated: operations.changeTimetable,
    async call() {
      const { settings, version } = (await listedTimetable(people.engineer.first, 'C')) ?? {}
      const graceSeconds = (settings?.graceSeconds ?? 0) + 60
      return { params: { product: 'C' }, body: { settings: { ...settings, graceSeconds } }, version: version ?? 0 }
    },
    inForce: async () => (await listedTimetable(people.engineer.first, 'C'))?.settings?.graceSeconds,
  },
  stateUnitMeter: {
    by: 'clerk',
    stated: operations.stateUnitMeter,
    call: async () => ({
      params: { id: scene.one.fuId, meterId: `meter-${randomUUID()}` },
      body: { derId: null, from: '2025-12-01', until: null },
    }),
    async inForce({ params = {} }) {
      const { items } = (
        await people.clerk.first.ask(operations.listUnitMeters, { params: { id: String(params['id']) } })
      ).body
      return items.filter((one: { meterId: string }) => one.meterId === params['meterId']).length
    },
  },
  changeSetting: {
    by: 'planner',
    stated: operations.changeSetting,
    async call() {
      const params = { settingId: 'network.capacity' }
      const { powerFactor } = (await people.planner.first.ask(operations.readSetting, { params })).body.values
      return { params, body: { powerFactor: powerFactor - 0.01 } }
    },
    inForce: async ({ params = {} }) =>
      (await read(people.planner.first, operations.readSetting, { params })).body.values.powerFactor,
  },
}

const waiting = Object.entries(acts).filter(([, act]) => act.needs === 'proposal')
const approve = (who: Client, { proposalId, version }: Answer['body'], seen = version) =>
  who.ask(operations.approveProposal, { params: { id: proposalId }, version: seen, body: {} })

describe('an act that needs two', () => {
  test.each(waiting)('SEC13 %s waits until a second person approves it', async (name) => {
    const given = cases[name as keyof typeof acts]
    if (!given) throw new Error(`${name} needs an entry in \`cases\``)
    const { first, second } = people[given.by]
    const call = await given.call()
    const before = await given.inForce(call)
    const { status, body } = await first.ask(given.stated, call)
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'waiting', operation: name } })
    expect(await given.inForce(call)).toEqual(before)
    expect(body.changes.length).toBeGreaterThan(0)

    expect(await approve(first, body)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('You proposed') },
    })
    const refused = await scene.rig.server.context.db
      .select()
      .from(auditEntry)
      .where(eq(auditEntry.action, 'proposal.approval-refused'))
    expect(refused.some(({ detail }) => (detail as { proposalId: string }).proposalId === body.proposalId)).toBe(true)
    const stranger = await scene.rig.server.person(
      `stranger-${randomUUID()}`,
      given.by === 'operator' ? 'settlement' : 'operator',
    )
    expect((await approve(stranger, body)).status).toBe(403)
    expect((await approve(scene.one.fsp.client, body)).status).toBe(403)
    expect((await approve(second, body, body.version + 1)).status).toBe(412)
    expect(await given.inForce(call)).toEqual(before)

    const { body: seen } = await second.ask(operations.readProposal, { params: { id: body.proposalId } })
    expect([body.mayApprove, seen.mayApprove]).toEqual([false, true])
    expect(await approve(second, seen)).toMatchObject({ status: 200, body: { state: 'approved' } })
    expect(await given.inForce(call)).not.toEqual(before)
    expect((await approve(second, seen)).status).toBe(409)
  })
})

describe('a proposal', () => {
  const route = async (email: string, who = people.engineer.first) =>
    who.ask(operations.setDispatchRoute, { params: { id: scene.one.fsp.fspId }, body: { route: 'email', email } })
  const routeNow = async () => {
    const { items } = (await people.engineer.first.ask(operations.listFsps)).body
    return items.find((one: { fspId: string }) => one.fspId === scene.one.fsp.fspId).dispatchEmail
  }

  test('SEC13 is rejected with a reason by a second person, or withdrawn by its own: everything stays as it was', async () => {
    const { first, second } = people.engineer
    const before = await routeNow()
    const { body } = await route('first@elsewhere.example')
    expect(await route('second@elsewhere.example', second)).toMatchObject({ status: 409 })
    const of = { params: { id: body.proposalId }, version: body.version }
    const reason = 'Not on file for this FSP'
    expect((await first.ask(operations.rejectProposal, { ...of, body: { reason } })).status).toBe(403)
    expect((await second.ask(operations.withdrawProposal, of)).status).toBe(409)
    const rejected = await second.ask(operations.rejectProposal, { ...of, body: { reason } })
    expect(rejected).toMatchObject({ status: 200, body: { state: 'rejected', reason } })
    const { body: again } = await route('second@elsewhere.example', second)
    const own = { params: { id: again.proposalId }, version: again.version }
    expect(await second.ask(operations.withdrawProposal, own)).toMatchObject({ body: { state: 'withdrawn' } })
    expect(await routeNow()).toBe(before)
    const listed = await first.ask(operations.listProposals, { query: { subjectId: scene.one.fsp.fspId } })
    const states = listed.body.items.map((one: { state: string }) => one.state)
    expect(states).toEqual(expect.arrayContaining(['withdrawn', 'rejected']))
  })

  test('SEC13 is not approved when what it would change has changed since: 412', async () => {
    const { body } = await route('third@elsewhere.example')
    await scene.rig.server.context.db.execute(
      sql`update fsp set dispatch_email = 'by@another.way', dispatch_route = 'email' where fsp_id = ${scene.one.fsp.fspId}`,
    )
    expect(await approve(people.engineer.second, body)).toMatchObject({ status: 412 })
    expect(await routeNow()).toBe('by@another.way')
    const of = { params: { id: body.proposalId }, version: body.version }
    await people.engineer.first.ask(operations.withdrawProposal, of)
  })

  test('SEC13 stays its proposer’s under another name, also for accounts of an external issuer with the same name', async () => {
    const { db } = scene.rig.server.context
    const { body } = await route('fourth@elsewhere.example')
    await db.execute(sql`update account set username = 'erin@issuer.example', external_subject = 'https://issuer.example 1'
      where username = 'erin'`)
    expect((await approve(people.engineer.first, body)).status).toBe(403)
    const namesake = await scene.rig.server.person('erin', 'flexibility-engineer')
    expect((await approve(namesake, body)).status).toBe(200)
    expect(await routeNow()).toBe('fourth@elsewhere.example')
  })

  test('SEC13 of two approvals at once one carries it out', async () => {
    const third = await scene.rig.server.person('theo', 'flexibility-engineer')
    const { body } = await route('fifth@elsewhere.example', third)
    const answers = await Promise.all([approve(people.engineer.second, body), approve(people.engineer.first, body)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })
})

describe('an act that needs one', () => {
  test('SEC13 an emergency stop never waits', async () => {
    const stop = { fspId: null, reason: 'Crew at work on the primary' }
    const { status, body } = await people.operator.first.ask(operations.stopDispatch, { body: stop })
    expect({ status, body }).toMatchObject({ status: 200, body: { liftedAt: null } })
  })

  test('SEC13 a hub’s address changes at once, so that it is polled again', async () => {
    const { params, body, version } = await hubCall()
    const moved = { ...(body as object), pointOverrides: [], port: 20_999 }
    const answer = await people.operator.first.ask(operations.registerHub, {
      params: params ?? {},
      body: moved,
      version: version ?? null,
    })
    expect(answer).toMatchObject({ status: 200, body: { port: 20_999 } })
  })
})
