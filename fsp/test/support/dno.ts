import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { type Listener, listen, ProblemError } from '../../../platform/http/index.ts'
import { choiceOperations, type UnitChoice } from '../../../schemas/dispatch/choices.ts'
import { type InstructionStatus, instructionOperations } from '../../../schemas/dispatch/instructions.ts'
import { type LiveReadings, liveReadingOperations } from '../../../schemas/dispatch/live-readings.ts'
import { areaOperations } from '../../../schemas/grid/areas.ts'
import { type Authority, authorityOperations } from '../../../schemas/market/authorities.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import { contractOperations } from '../../../schemas/market/contracts.ts'
import { customerSiteOperations, type SiteSchedule } from '../../../schemas/market/customers.ts'
import { gateOperations } from '../../../schemas/market/gates.ts'
import { type FlexibleUnit, type FspApplication, partyOperations } from '../../../schemas/market/parties.ts'
import { directionOf, type ScheduleSubmission, submissionOperations } from '../../../schemas/market/submissions.ts'
import {
  type NewTenderResponse,
  type OfferRejection,
  type Tender,
  tenderOperations,
} from '../../../schemas/market/tenders.ts'
import { baselineOperations } from '../../../schemas/settlement/baselines.ts'
import { type MeterReadings, meteringOperations } from '../../../schemas/settlement/metering.ts'
import { reliabilityOperations } from '../../../schemas/settlement/reliability.ts'
import { type Statement, statementOperations } from '../../../schemas/settlement/statements.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import type { AnswerOf, BodyOf, Operation, ParamsOf, QueryOf } from '../../../schemas/vocabulary/operation.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { quarterMs } from '../../../schemas/vocabulary/time.ts'

/**
 * A DNO as far as an FSP sees it, on real sockets. It is no double of our server: tests of the FSP need a DNO that revokes tokens, is out
 * of order, or knows a baseline at will, which the real one does not do on demand. That it keeps to the real one's API follows from the
 * operations it is made of; what the two do together is tested in test/acceptance.
 */
export interface TestDno {
  readonly url: string
  application: FspApplication | null
  decision: 'applied' | 'accepted' | 'rejected'
  /** Authorities applied for; each is approved at once, unless `isAuthorityPending`. */
  authorities: Authority[]
  isAuthorityPending: boolean
  tenders: Tender[]
  responses: { tenderId: string; body: NewTenderResponse }[]
  contracts: Contract[]
  /** Items that a page of a list has at most. */
  pageSize: number
  /** Baseline energy of every quarter-hour of a day, Wh; `null`: there is none. */
  baselineWh: number | null
  uploads: MeterReadings[]
  /** Schedules submitted, in order. */
  submissions: { fuId: string; day: string; body: ScheduleSubmission }[]
  /** What runs of the optimiser chose of units, the latest first. */
  choices: UnitChoice[]
  /** Whether the gates of every schedule have closed. */
  areGatesClosed: boolean
  /** When the gates of a day close, for every contract and kind; none where they are not stated. */
  gateCloses: ((day: string) => string) | null
  /** What every unit delivered of what it was instructed; `null` before anything was settled. */
  reliability: number | null
  /** Statements for the FSP. */
  statements: Statement[]
  /** What became of every offer. */
  fate: { outcome: 'pending' | 'selected' | 'rejected'; rejection: OfferRejection | null }
  /** The country of the licence area LPN. */
  country: Country
  /** The profile of the depot's site, if there is a consent. */
  siteSchedule: SiteSchedule | null
  /** Answers with a profile, without those that nothing had changed since. */
  schedulesSent: number
  serviceStatuses: { fuId: string; body: unknown }[]
  /** Reports on instructions that were taken, in order, and the statuses that the next ones get instead. */
  reports: InstructionStatus[]
  refuseReports: number[]
  /** Live readings that were taken, in order. */
  live: LiveReadings[]
  /** How often live readings were sent, and the statuses that the next sendings get instead of being taken. */
  liveCalls: number
  refuseLive: number[]
  /** Statuses that the next uploads get instead of being taken. */
  refuseUploads: number[]
  /** Requests with a token of before are answered 401 from now on. */
  revokeTokens(): void
  tokensIssued: number
  /** Keys that creating requests came with, in order. */
  keys: string[]
  fuIdOf(depotName: string): string
  close(): Promise<void>
}

export async function startTestDno(): Promise<TestDno> {
  const listener: Listener = await listen({ host: '127.0.0.1', port: 0, what: 'test DNO', portSetting: '-' })
  const units = new Map<string, FlexibleUnit>()
  const token = { good: '' }
  const dno: TestDno = {
    url: listener.url,
    application: null,
    decision: 'applied',
    authorities: [],
    isAuthorityPending: false,
    tenders: [],
    responses: [],
    contracts: [],
    pageSize: 500,
    baselineWh: null,
    uploads: [],
    live: [],
    liveCalls: 0,
    refuseLive: [],
    submissions: [],
    choices: [],
    areGatesClosed: false,
    gateCloses: null,
    reliability: null,
    statements: [],
    fate: { outcome: 'pending', rejection: null },
    country: 'ENG',
    siteSchedule: null,
    schedulesSent: 0,
    serviceStatuses: [],
    reports: [],
    refuseReports: [],
    refuseUploads: [],
    tokensIssued: 0,
    keys: [],
    revokeTokens: () => {
      token.good = 'revoked'
    },
    fuIdOf: (name) => [...units.values()].find((unit) => unit.name.startsWith(name))?.fuId ?? 'none',
    close: () => listener.close(0),
  }
  const app = new Hono()
  app.onError((error) => {
    if (error instanceof ProblemError) return error.toResponse()
    throw error
  })
  app.post('/oidc/token', (c) => {
    token.good = `token-${++dno.tokensIssued}`
    return c.json({ access_token: token.good, token_type: 'Bearer', expires_in: 600 })
  })
  serveApplications(app, dno)
  app.use('/api/*', async (c, next) => {
    if (c.req.header('authorization') === `Bearer ${token.good}`) return next()
    return new ProblemError('invalid-token', 'The access token was revoked.').toResponse()
  })
  serveAuthorities(app, dno)
  serveParties(app, dno, units)
  serveMarket(app, dno)
  serveSchedules(app, dno)
  serveMetering(app, dno)
  serveSites(app, dno)
  listener.use(app.fetch)
  return dno
}

function serveApplications(app: Hono, dno: TestDno): void {
  const applicationId = randomUUID()
  serve(app, partyOperations.applyAsFsp, ({ body }) => {
    dno.application = body
    return {
      applicationId,
      clientId: 'fsp-1',
      clientSecret: null,
      issuer: `${dno.url}/oidc`,
      jwksUri: `${dno.url}/oidc/jwks`,
      tokenEndpoint: `${dno.url}/oidc/token`,
      resource: `${dno.url}/api`,
      scope: 'market meter',
    }
  })
  serve(app, partyOperations.readApplication, () => ({ applicationId, status: dno.decision, reason: null }))
}

function serveAuthorities(app: Hono, dno: TestDno): void {
  serve(app, authorityOperations.listAuthorities, ({ query }) => pageOf(dno.authorities, query, dno.pageSize))
  serve(app, authorityOperations.applyForAuthorities, ({ body }) => {
    const made = body.mpans.map(
      (mpan): Authority => ({
        authorityId: randomUUID(),
        applicationId: randomUUID(),
        fspId: randomUUID(),
        mpan,
        state: dno.isAuthorityPending ? 'applied' : 'approved',
        from: body.from,
        until: body.until ?? null,
        givenBy: body.givenBy,
        reference: body.reference,
        appliedAt: '2026-01-14T00:00:00Z',
        decidedAt: null,
        endedAt: null,
        reason: null,
        atDno: null,
      }),
    )
    dno.authorities.push(...made)
    return { items: made }
  })
}

function serveParties(app: Hono, dno: TestDno, units: Map<string, FlexibleUnit>): void {
  serve(app, partyOperations.registerDer, ({ body, key }) => {
    dno.keys.push(key)
    return { ...body, consent: body.consent ?? null, derId: randomUUID(), fspId: randomUUID() }
  })
  serve(app, partyOperations.registerFlexibleUnit, ({ body, key }) => {
    dno.keys.push(key)
    const { name, derIds, maxTurnDownW, maxTurnUpW } = body
    const unit = units.get(key) ?? {
      fuId: randomUUID(),
      fspId: randomUUID(),
      name,
      derIds,
      maxTurnDownW,
      connectionId: randomUUID(),
      groupId: null,
      registeredTurnDownW: maxTurnDownW,
      maxTurnUpW,
      registeredTurnUpW: maxTurnUpW,
      directions: ['turn-down'],
      canExport: false,
      nodeId: 'lv',
      limits: null,
      isWholeSite: false,
      inService: true,
    }
    units.set(key, unit)
    return unit
  })
  serve(app, partyOperations.declareServiceStatus, ({ params, body }) => {
    const unit = [...units.values()].find(({ fuId }) => fuId === params.id)
    if (!unit) throw new ProblemError('not-found', `You have no FU ${params.id}.`)
    dno.serviceStatuses.push({ fuId: params.id, body })
    return { ...unit, inService: body.inService }
  })
}

function serveMarket(app: Hono, dno: TestDno): void {
  serve(app, instructionOperations.reportOnInstruction, ({ body }) => {
    const refused = dno.refuseReports.shift()
    if (refused !== undefined) return new Response(null, { status: refused })
    dno.reports.push(body)
    return new Response(null, { status: 204 })
  })
  serve(app, tenderOperations.listTenders, ({ query }) => pageOf(dno.tenders, query, dno.pageSize))
  serve(app, contractOperations.listContracts, ({ query }) => pageOf(dno.contracts, query, dno.pageSize))
  serve(app, tenderOperations.respondToTender, ({ params, body }) => {
    const made = { tenderId: params.id, body }
    dno.responses.push(made)
    return responseOf(dno, made)
  })
  serve(app, tenderOperations.listTenderResponses, ({ params, query }) => {
    const own = dno.responses.filter(({ tenderId }) => tenderId === params.id).map((each) => responseOf(dno, each))
    return pageOf(own, query, dno.pageSize)
  })
  serve(app, statementOperations.listStatements, ({ query }) => pageOf(dno.statements, query, dno.pageSize))
  serve(app, statementOperations.readStatement, ({ params }) => {
    const found = dno.statements.find(({ statementId }) => statementId === params.id)
    if (!found) throw new ProblemError('not-found', 'There is no such statement.')
    return found
  })
  serve(app, reliabilityOperations.readUnitReliability, ({ params }) => {
    return { fuId: params.id, ratio: dno.reliability, instructedWh: 0, deliveredWh: 0, periods: [] }
  })
}

/** The answer to a response that was sent before. */
function responseOf({ fate }: TestDno, { tenderId, body }: TestDno['responses'][number]) {
  const offers = body.bid === 'offered' ? body.offers : []
  return {
    responseId: randomUUID(),
    tenderId,
    fspId: randomUUID(),
    fspName: 'F',
    bid: body.bid,
    reason: null,
    submittedAt: '2026-01-14T00:00:00Z',
    offers: offers.map((offer) => ({
      ...offer,
      ...fate,
      offerId: randomUUID(),
      fuName: 'U',
      selectedWindows: [],
      costGbpPerHour: '0.00',
      expectedCostGbpPerHour: '0.00',
    })),
  }
}

function serveSchedules(app: Hono, dno: TestDno): void {
  serve(app, gateOperations.listScheduleGates, ({ query }) => {
    const { gateCloses } = dno
    if (!gateCloses) return pageOf([], query, dno.pageSize)
    const { day } = query
    const settings = { daysBefore: 1, at: '18:00' }
    const closings = [{ closesAt: gateCloses(day), from: `${day}T00:00:00Z`, to: `${day}T23:59:00Z` }]
    const kinds = ['baseline', 'cost', 'deviation'] as const
    const gates = dno.contracts.map(({ contractId, fuId, fuName, product }) => ({
      contractId,
      fuId,
      fuName,
      product,
      tradingDay: day,
      gates: kinds.map((kind) => ({ kind, settings, closings })),
    }))
    return pageOf(gates, query, dno.pageSize)
  })
  serve(app, choiceOperations.listUnitChoices, ({ params, query }) => {
    const own = dno.choices.filter((each) => each.fuId === params.id && each.tradingDay === query.day)
    return pageOf(own, query, dno.pageSize)
  })
  serve(app, submissionOperations.submitSchedule, ({ params: { fuId, day }, body }) => {
    if (dno.areGatesClosed) throw new ProblemError('conflict', 'The gate has closed.')
    dno.submissions.push({ fuId, day, body })
    return {
      fuId,
      tradingDay: day,
      ...body,
      direction: directionOf(body),
      submittedAt: '2026-01-14T00:00:00Z',
      submittedBy: 'F',
    }
  })
}

function serveSites(app: Hono, dno: TestDno): void {
  serve(app, areaOperations.listAreas, () => {
    const area = { code: 'LPN', name: 'London', groupCode: 'UKPN', country: dno.country, etag: '1' }
    return [{ code: 'UKPN', name: 'UK Power Networks', etag: '1', areas: [area] }]
  })
  serve(app, customerSiteOperations.readSiteSchedule, ({ known }) => {
    if (!dno.siteSchedule) throw new ProblemError('not-found', 'There is no such site.')
    if (known === dno.siteSchedule.etag) return new Response(null, { status: 304 })
    dno.schedulesSent++
    return dno.siteSchedule
  })
}

function serveMetering(app: Hono, dno: TestDno): void {
  serve(app, baselineOperations.readBaseline, ({ params, query }) => {
    const startMs = Date.parse(`${query.day}T00:00:00Z`)
    const iso = (i: number) => new Date(startMs + i * quarterMs).toISOString()
    const periods = Array.from({ length: 96 }, (_, i) => ({ from: iso(i), to: iso(i + 1), energyWh: dno.baselineWh }))
    return { fuId: params.id, tradingDay: query.day, method: query.method, days: [], periods }
  })
  serve(app, liveReadingOperations.sendLiveReadings, ({ body }) => {
    dno.liveCalls++
    const refusal = dno.refuseLive.shift()
    if (refusal) return new Response('not now', { status: refusal })
    dno.live.push(body)
    return { fuId: body.fuId, stored: body.readings.length, unchanged: 0, passedOver: [] }
  })
  serve(app, meteringOperations.uploadReadings, ({ body }) => {
    const refusal = dno.refuseUploads.shift()
    if (refusal) return new Response('not now', { status: refusal })
    dno.uploads.push(body)
    return { fuId: body.fuId, stored: body.readings.length, unchanged: 0, superseded: 0, dropouts: 0, holdId: null }
  })
}

/** What an answer is made of. `key` is the Idempotency-Key, or empty. */
interface Given<O extends Operation> {
  params: ParamsOf<O>
  query: QueryOf<O>
  body: BodyOf<O>
  key: string
  known: string | null
}

/** Serves an operation: what comes in and what goes out has to fit its contract, but for a `Response`, which goes out as it is. */
function serve<O extends Operation>(app: Hono, stated: O, answer: (given: Given<O>) => AnswerOf<O> | Response): void {
  const path = `/api${stated.path.replace(/\{(\w+)\}/g, ':$1')}`
  app.on(stated.method.toUpperCase(), path, async (c: Context) => {
    const body = stated.body ? await c.req.json() : undefined
    const given = {
      params: stated.params?.parse(c.req.param()),
      query: stated.query?.parse(c.req.query()),
      body: isSchema(stated.body) ? stated.body.parse(body) : body,
      key: c.req.header('idempotency-key') ?? '',
      known: c.req.header('if-none-match') ?? null,
    }
    const made = answer(given as Given<O>)
    if (made instanceof Response) return made
    return c.json(isSchema(stated.answer) ? stated.answer.parse(made) : made)
  })
}

function isSchema(shape: object | undefined): shape is { parse(value: unknown): object } {
  return shape !== undefined && 'parse' in shape
}

function pageOf<T>(all: readonly T[], query: { cursor?: string | undefined }, size: number): Page<T> {
  const [from, to] = [Number(query.cursor ?? 0), Number(query.cursor ?? 0) + size]
  return { items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null }
}
