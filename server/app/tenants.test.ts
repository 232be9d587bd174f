import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import type { Answer, Client } from '../../test/support/client.ts'
import { rigDay } from '../../test/support/dispatch.ts'
import { documentedOperations } from '../../test/support/operations.ts'
import {
  baselineOf,
  type FspWithAll,
  readingsOf,
  scheduleDay,
  startWithTwoFsps,
  type TwoFsps,
} from '../../test/support/two-fsps.ts'

let scene: TwoFsps
let open: string[] = []

beforeAll(async () => {
  scene = await startWithTwoFsps()
  open = (await documentedOperations(scene.rig.server))
    .filter(({ access }) => access !== 'anyone' && access?.fsp)
    .map(({ method, path }) => `${method} ${path}`)
})

type Call = (client: Client, of: FspWithAll) => Promise<Answer>

const get =
  (path: (of: FspWithAll) => string): Call =>
  (client, of) =>
    client.get(path(of))
const csv = { 'content-type': 'text/csv' }
const offerOf = ({ fuId }: FspWithAll) => ({
  fuId,
  turnDownW: 1_000,
  availabilityGbpPerMwH: '1.00',
  utilisationGbpPerMwh: '1.00',
})

/** What belongs to nobody: every FSP sees the same. */
const common = ['GET /network/nodes', 'GET /tenders', 'GET /tenders/{id}']

/** What makes something new of an FSP’s own, and names nothing that another could have. */
const making = ['POST /ders']

/** Lists: each sees its own and nothing of the other’s. */
const lists: Record<string, string> = {
  'GET /fsps': '/fsps',
  'GET /ders': '/ders',
  'GET /flexible-units': '/flexible-units',
  'GET /contracts': '/contracts',
  'GET /instructions': `/instructions?day=${rigDay}`,
  'GET /limits': '/limits',
  'GET /schedules': `/schedules?day=${scheduleDay}`,
  'GET /schedules/csv': `/schedules/csv?day=${scheduleDay}`,
  'GET /held-uploads': '/held-uploads',
  'GET /meter-completeness': '/meter-completeness?from=2026-01-13&to=2026-01-14',
  'GET /statements': '/statements',
}

/** Calls that name one thing: answered for one’s own, and as if it did not exist for another’s. */
const named: Record<string, Call> = {
  'GET /flexible-units/{id}': get((of) => `/flexible-units/${of.fuId}`),
  'GET /flexible-units/{id}/baseline': get((of) => `/flexible-units/${of.fuId}/baseline?day=${rigDay}&method=zero`),
  'GET /flexible-units/{id}/baselines': get((of) => `/flexible-units/${of.fuId}/baselines?day=${rigDay}`),
  'GET /flexible-units/{id}/baseline-accuracy': get(
    (of) => `/flexible-units/${of.fuId}/baseline-accuracy?from=2026-01-13&to=2026-01-14&method=zero`,
  ),
  'GET /flexible-units/{id}/metered-days/{day}': get((of) => `/flexible-units/${of.fuId}/metered-days/2026-01-14`),
  'GET /flexible-units/{id}/meter-completeness': get(
    (of) => `/flexible-units/${of.fuId}/meter-completeness?from=2026-01-13&to=2026-01-14`,
  ),
  'POST /flexible-units/{id}/service-status': (client, of) =>
    client.ask(operations.declareServiceStatus, {
      params: { id: of.fuId },
      body: {
        inService: true,
        effectiveFrom: `${rigDay}T17:30:00Z`,
        reason: 'repaired',
      },
    }),
  'PUT /flexible-units/{id}/limits': (client, of) =>
    client.ask(operations.stateConstraints, { params: { id: of.fuId }, body: { limits: { minimumRunMinutes: 30 } } }),
  'POST /flexible-units': (client, of) =>
    client.ask(operations.registerFlexibleUnit, { body: { name: 'Another', derIds: [of.derId], maxTurnDownW: 1_000 } }),
  'POST /flexible-units/{id}/meter-readings': (client, of) =>
    client.ask(
      operations.uploadReadingFile,
      {
        params: { id: of.fuId },
        query: { resolution: 'PT15M', meterId: 'm1', stamp: 'period-start', revision: '2' },
        text: 'at,energy_wh\n2026-01-14T10:00:00Z,5000\n',
      },
      csv,
    ),
  'POST /meter-readings': (client, of) =>
    client.ask(operations.uploadReadings, { body: readingsOf(of.fuId, '2026-01-13', 5_000) }),
  'GET /instructions/{id}': get((of) => `/instructions/${of.instructionId}`),
  'GET /limits/{id}': get((of) => `/limits/${of.limitId}`),
  'POST /instruction-reports': (client, of) =>
    client.ask(operations.reportOnInstruction, {
      body: {
        instructionId: of.instructionId,
        status: 'started',
        at: `${rigDay}T17:00:00Z`,
      },
    }),
  'PUT /schedules/{fuId}/{day}/{kind}': (client, of) =>
    client.ask(operations.submitSchedule, {
      params: { fuId: of.fuId, day: scheduleDay, kind: 'baseline' },
      body: baselineOf(scheduleDay),
    }),
  'GET /schedules/{fuId}/{day}/{kind}': get((of) => `/schedules/${of.fuId}/${scheduleDay}/baseline`),
  'GET /statements/{id}': get((of) => `/statements/${of.statementId}`),
  'GET /statements/{id}/csv': get((of) => `/statements/${of.statementId}/csv`),
  'GET /statements/{id}/pdf': get((of) => `/statements/${of.statementId}/pdf`),
  'GET /statements/{id}/delivery': get((of) => `/statements/${of.statementId}/delivery`),
  'GET /statements/{id}/disputes': get((of) => `/statements/${of.statementId}/disputes`),
  'POST /statements/{id}/disputes': (client, of) =>
    client.ask(operations.raiseDispute, {
      params: { id: of.statementId },
      body: { lineNumber: 1, reason: 'Metered otherwise' },
    }),
  'GET /statements/{id}/lines/{lineId}/explanation': get(
    (of) => `/statements/${of.statementId}/lines/${of.lineId}/explanation`,
  ),
  'GET /contracts/{id}/settlement-terms': get((of) => `/contracts/${of.contractId}/settlement-terms`),
}

/** Calls with an end of their own, tested below. */
const special = ['POST /tenders/{id}/responses', 'GET /tenders/{id}/responses', 'POST /schedules/csv']

test('every route that lets FSPs in says here what keeps them apart', () => {
  expect(open.toSorted()).toEqual(
    [...common, ...making, ...Object.keys(lists), ...Object.keys(named), ...special].toSorted(),
  )
})

const mentions = (text: string, of: FspWithAll) => text.includes(of.fuId) || text.includes(of.fsp.fspId)
const textOf = ({ body }: Answer) => (typeof body === 'string' ? body : JSON.stringify(body))

test.each(Object.entries(lists))('FM40 %s: an FSP sees its own and nothing of another’s', async (_, path) => {
  for (const [side, stranger] of [
    [scene.one, scene.other],
    [scene.other, scene.one],
  ] as const)
    for (const client of [side.fsp.client, side.user]) {
      const answer = await client.get(path)
      expect(answer.status).toBe(200)
      expect(mentions(textOf(answer), side)).toBe(true)
      expect(mentions(textOf(answer), stranger)).toBe(false)
    }
})

test.each(Object.entries(named))('FM40 %s: what is another’s does not exist', async (_, call) => {
  const { one, other } = scene
  for (const client of [one.fsp.client, one.user]) {
    expect((await call(client, other)).status).toBe(404)
    // 204 has nothing to say; 409 knows the thing, and says why not now.
    expect([200, 204, 409]).toContain((await call(client, one)).status)
  }
})

test('FM40 responses to a tender: one’s own unit only, and one’s own response only', async () => {
  const { one, other } = scene
  const path = `/tenders/${one.tenderId}/responses`
  for (const client of [other.fsp.client, other.user]) {
    const answer = await client.get(path)
    expect([answer.status, mentions(textOf(answer), one)]).toEqual([200, false])
  }
  expect(mentions(textOf(await one.user.get(path)), one)).toBe(true)
  const tender = {
    ...(await one.user.ask(operations.readTender, { params: { id: one.tenderId } })).body,
    gateClosesAt: '2026-02-01T00:00:00Z',
  }
  const { title, product, zoneNodeId, validFrom, validTo, windows, gateClosesAt } = tender
  const ceilings = { ceilingAvailabilityGbpPerMwH: '20.00', ceilingUtilisationGbpPerMwh: '300.00' }
  const engineer = await scene.rig.server.person('erin', 'flexibility-engineer')
  const { body: open } = await engineer.ask(operations.draftTender, {
    body: {
      title,
      product,
      zoneNodeId,
      validFrom,
      validTo,
      windows,
      gateClosesAt,
      ...ceilings,
    },
  })
  await engineer.ask(operations.publishTender, { params: { id: open.tenderId } })
  const respond = (client: Client, of: FspWithAll) =>
    client.ask(operations.respondToTender, {
      params: { id: open.tenderId },
      body: { bid: 'offered', offers: [offerOf(of)] },
    })
  expect((await respond(one.user, other)).status).toBe(404)
  expect((await respond(one.user, one)).status).toBe(200)
})

test('FM40 a file of schedules that names another’s unit is refused as if there were no such unit', async () => {
  const { one, other } = scene
  const file = (await other.user.ask(operations.downloadSchedules, { query: { day: scheduleDay } })).body as string
  const refused = await one.user.ask(operations.uploadSchedules, { text: file }, csv)
  expect(refused.status).toBe(422)
  expect(refused.body.errors[0].message).toContain('is not an FU of yours')
  expect((await other.user.ask(operations.uploadSchedules, { text: file }, csv)).status).toBe(200)
})
