import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import type { Answer, Client, TestCall } from '../../test/support/client.ts'
import { rigDay } from '../../test/support/dispatch.ts'
import { type OperationName, statedOperations } from '../../test/support/operations.ts'
import {
  baselineOf,
  type FspWithAll,
  readingsOf,
  scheduleDay,
  startWithTwoFsps,
  type TwoFsps,
} from '../../test/support/two-fsps.ts'

let scene: TwoFsps

beforeAll(async () => {
  scene = await startWithTwoFsps()
})

const offerOf = ({ fuId }: FspWithAll) => ({
  fuId,
  turnDownW: 1_000,
  availabilityGbpPerMwH: '1.00',
  utilisationGbpPerMwh: '1.00',
})
const twoDays = { from: '2026-01-13', to: '2026-01-14' }

/** What belongs to nobody: every FSP sees the same. Timetables of single contracts are shown apart (timetables/narrowed.test.ts). */
const common: OperationName[] = [
  'listTenders',
  'readTender',
  'listProducts',
  'readProduct',
  'listConnectionGroups',
  'listAreas',
  'listTimetables',
]

/** What makes something new of an FSP’s own, and names nothing that another could have. */
const making: OperationName[] = [
  'registerDer',
  'applyForAuthorities',
  'importAuthorities',
  'importDers',
  'addNoticeTarget',
]

/** Lists: each sees its own and nothing of the other’s. */
const lists: [OperationName, TestCall][] = [
  ['listFsps', {}],
  ['listAuthorities', {}],
  ['listSiteConsents', {}],
  ['listDers', {}],
  ['listFlexibleUnits', {}],
  ['listContracts', {}],
  ['listSettlementTerms', {}],
  ['listScheduleGates', { query: { day: rigDay } }],
  ['listInstructions', { query: { day: rigDay } }],
  ['listImportLimits', {}],
  ['listSubmittedSchedules', { query: { day: scheduleDay } }],
  ['downloadSchedules', { query: { day: scheduleDay } }],
  ['listHeldUploads', {}],
  ['listCompleteness', { query: twoDays }],
  ['listStatements', {}],
  ['listServicesToOthers', {}],
  ['listFspNotices', {}],
  ['listNoticeTargets', {}],
]

const ofUnit = ({ fuId }: FspWithAll) => ({ params: { id: fuId } })
const ofStatement = ({ statementId }: FspWithAll) => ({ params: { id: statementId } })

/** Calls that name one thing: answered for one’s own, and as if it did not exist for another’s. */
const named: [OperationName, (of: FspWithAll) => TestCall][] = [
  ['readFlexibleUnit', ofUnit],
  ['listMembers', ofUnit],
  ['moveDer', ({ derId }) => ({ params: { id: derId }, body: { fuId: null, from: '2027-01-01' } })],
  [
    'recordConsent',
    ({ derId }) => ({ params: { id: derId }, body: { reference: 'Agreement 7', from: '2026-01-01', until: null } }),
  ],
  ['readBaseline', (of) => ({ ...ofUnit(of), query: { day: rigDay, method: 'zero' } })],
  ['compareBaselines', (of) => ({ ...ofUnit(of), query: { day: rigDay } })],
  ['readBaselineAccuracy', (of) => ({ ...ofUnit(of), query: { ...twoDays, method: 'zero' } })],
  ['readMeteredDay', ({ fuId }) => ({ params: { id: fuId, day: '2026-01-14' } })],
  ['listUnitMeters', ofUnit],
  ['readUnitReliability', ofUnit],
  ['listUnitChoices', (of) => ({ ...ofUnit(of), query: { day: rigDay } })],
  ['readMeterEvidence', (of) => ({ ...ofUnit(of), query: twoDays })],
  [
    'stateUnitMeter',
    ({ fuId }) => ({ params: { id: fuId, meterId: 'm9' }, body: { derId: null, from: '2027-01-01', until: null } }),
  ],
  ['listUnitCompleteness', (of) => ({ ...ofUnit(of), query: twoDays })],
  [
    'declareServiceStatus',
    (of) => ({ ...ofUnit(of), body: { inService: true, effectiveFrom: `${rigDay}T17:30:00Z`, reason: 'repaired' } }),
  ],
  ['stateConstraints', (of) => ({ ...ofUnit(of), body: { limits: { minimumRunMinutes: 30 } } })],
  ['registerFlexibleUnit', ({ derId }) => ({ body: { name: 'Another', derIds: [derId], maxTurnDownW: 1_000 } })],
  [
    'uploadReadingFile',
    (of) => ({
      ...ofUnit(of),
      query: { resolution: 'PT15M', meterId: 'm1', stamp: 'period-start', revision: '2' },
      text: 'at,energy_wh\n2026-01-14T10:00:00Z,5000\n',
    }),
  ],
  ['sendLiveReadings', ({ fuId }) => ({ body: { fuId, readings: [{ at: `${rigDay}T17:05:00Z`, powerW: 18_000 }] } })],
  ['listLiveReadings', ofUnit],
  ['uploadReadings', ({ fuId }) => ({ body: readingsOf(fuId, '2026-01-13', 5_000) })],
  ['readInstruction', ({ instructionId }) => ({ params: { id: instructionId } })],
  ['readImportLimit', ({ limitId }) => ({ params: { id: limitId } })],
  [
    'reportOnInstruction',
    ({ instructionId }) => ({ body: { instructionId, status: 'started', at: `${rigDay}T17:00:00Z` } }),
  ],
  [
    'submitSchedule',
    ({ fuId }) => ({ params: { fuId, day: scheduleDay, kind: 'baseline' }, body: baselineOf(scheduleDay) }),
  ],
  ['readSubmittedSchedule', ({ fuId }) => ({ params: { fuId, day: scheduleDay, kind: 'baseline' } })],
  ['readSiteSchedule', ({ siteId }) => ({ params: { id: siteId } })],
  ['exportSiteSchedule', ({ siteId }) => ({ params: { id: siteId } })],
  ['readStatement', ofStatement],
  ['readStatementCsv', ofStatement],
  ['readStatementPdf', ofStatement],
  ['listDelivery', ofStatement],
  ['listDisputes', ofStatement],
  ['raiseDispute', (of) => ({ ...ofStatement(of), body: { lineNumber: 1, reason: 'Metered otherwise' } })],
  ['explainLine', ({ statementId, lineId }) => ({ params: { id: statementId, lineId } })],
  [
    'endAuthority',
    ({ authorityId }) => ({ params: { id: authorityId }, body: { until: '2027-01-01', reason: 'The lease ends.' } }),
  ],
  [
    'endServiceToOthers',
    ({ serviceId }) => ({ params: { id: serviceId }, body: { at: '2026-02-01T17:30:00Z', reason: 'Stood down.' } }),
  ],
  [
    'registerServiceToOthers',
    ({ fuId }) => ({
      body: {
        fuId,
        buyer: 'NESO',
        service: 'Reserve',
        reference: 'An instruction',
        times: [{ from: '2026-02-01T17:00:00Z', to: '2026-02-01T18:00:00Z' }],
      },
    }),
  ],
  [
    'changeNoticeTarget',
    ({ targetId, fsp }) => ({
      params: { id: targetId },
      body: { name: 'Night desk', kind: 'email', address: `${fsp.fspId}@fsp.example`, active: true },
    }),
  ],
  ['readSettlementTerms', ({ contractId }) => ({ params: { id: contractId } })],
]

/** An FSP's own keys and secrets: tested in access/client-rotation.test.ts. */
const credentials: OperationName[] = ['listClients', 'addClientKey', 'addClientSecret', 'endClientCredential']

/** Calls with an end of their own, tested below, in network-of-fsps.test.ts, for windows in market/timetables/narrowed.test.ts, and for choices in runs/choices.test.ts. */
const special: OperationName[] = [
  ...([
    'respondToTender',
    'listTenderResponses',
    'uploadSchedules',
    'listNodes',
    'removeNoticeTarget',
    'listUnissued',
    'listLatestChoices',
  ] as const),
]

test('every operation that lets FSPs in says here what keeps them apart', () => {
  const open = statedOperations.filter(([, { access }]) => access !== 'anyone' && access.fsp).map(([name]) => name)
  const told = [...lists, ...named].map(([name]) => name)
  expect(open.toSorted()).toEqual([...common, ...making, ...told, ...credentials, ...special].toSorted())
})

const mentions = (text: string, { fuId, contractId, fsp }: FspWithAll) =>
  [fuId, contractId, fsp.fspId].some((id) => text.includes(id))
const textOf = ({ body }: Answer) => (typeof body === 'string' ? body : JSON.stringify(body))

test.each(lists)('FM40 %s: an FSP sees its own and nothing of another’s', async (name, call) => {
  for (const [side, stranger] of [
    [scene.one, scene.other],
    [scene.other, scene.one],
  ] as const)
    for (const client of [side.fsp.client, side.user]) {
      const answer = await client.ask(operations[name], call)
      expect(answer.status).toBe(200)
      expect(mentions(textOf(answer), side)).toBe(true)
      expect(mentions(textOf(answer), stranger)).toBe(false)
    }
})

test.each(named)('FM40 %s: what is another’s does not exist', async (name, callOf) => {
  const { one, other } = scene
  for (const client of [one.fsp.client, one.user]) {
    expect((await client.ask(operations[name], callOf(other))).status).toBe(404)
    // 204 has nothing to say; 409 knows the thing, and says why not now.
    expect([200, 204, 409]).toContain((await client.ask(operations[name], callOf(one))).status)
  }
})

test('FM40 responses to a tender: one’s own unit only, and one’s own response only', async () => {
  const { one, other } = scene
  const responses = (client: Client) => client.ask(operations.listTenderResponses, { params: { id: one.tenderId } })
  for (const client of [other.fsp.client, other.user]) {
    const answer = await responses(client)
    expect([answer.status, mentions(textOf(answer), one)]).toEqual([200, false])
  }
  expect(mentions(textOf(await responses(one.user)), one)).toBe(true)
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
  const refused = await one.user.ask(operations.uploadSchedules, { text: file })
  expect(refused.status).toBe(422)
  expect(refused.body.errors[0].message).toContain('is not an FU of yours')
  expect((await other.user.ask(operations.uploadSchedules, { text: file })).status).toBe(200)
})

test('FM40 a target of notices is removed by its own FSP, and does not exist to another', async () => {
  const { one, other } = scene
  const remove = (client: Client) => client.ask(operations.removeNoticeTarget, { params: { id: one.targetId } })
  for (const client of [other.fsp.client, other.user]) expect((await remove(client)).status).toBe(404)
  expect((await remove(one.user)).status).toBe(204)
  expect((await remove(one.user)).status).toBe(404)
})
