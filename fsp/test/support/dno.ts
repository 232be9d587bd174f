import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { type Listener, listen } from '../../../platform/http/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import { type FspApplication, fspApplication } from '../../../schemas/market/parties.ts'
import type { Tender } from '../../../schemas/market/tenders.ts'
import { type MeterReadings, meterReadings } from '../../../schemas/settlement/metering.ts'

/** A DNO as far as an FSP sees it: small, on real sockets, and as moody as a test wants it. */
export interface TestDno {
  readonly url: string
  application: FspApplication | null
  decision: 'applied' | 'accepted' | 'rejected'
  tenders: Tender[]
  responses: { tenderId: string; body: unknown }[]
  contracts: Contract[]
  /** Baseline energy of every quarter-hour of a day, Wh; `null`: there is none. */
  baselineWh: number | null
  uploads: MeterReadings[]
  serviceStatuses: { fuId: string; body: unknown }[]
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
  const units = new Map<string, { fuId: string; name: string }>()
  let goodToken = ''
  const dno: TestDno = {
    url: listener.url,
    application: null,
    decision: 'applied',
    tenders: [],
    responses: [],
    contracts: [],
    baselineWh: null,
    uploads: [],
    serviceStatuses: [],
    refuseUploads: [],
    tokensIssued: 0,
    keys: [],
    revokeTokens: () => {
      goodToken = 'revoked'
    },
    fuIdOf: (name) => [...units.values()].find((unit) => unit.name.startsWith(name))?.fuId ?? 'none',
    close: () => listener.close(0),
  }
  const app = new Hono()
  const applicationId = randomUUID()
  app.post('/oidc/token', (c) => {
    goodToken = `token-${++dno.tokensIssued}`
    return c.json({ access_token: goodToken, token_type: 'Bearer', expires_in: 600 })
  })
  app.post('/api/fsp-applications', async (c) => {
    dno.application = fspApplication.parse(await c.req.json())
    return c.json({
      applicationId,
      clientId: 'fsp-1',
      clientSecret: null,
      issuer: `${listener.url}/oidc`,
      jwksUri: `${listener.url}/oidc/jwks`,
      tokenEndpoint: `${listener.url}/oidc/token`,
      resource: `${listener.url}/api`,
      scope: 'market meter',
    })
  })
  app.get('/api/fsp-applications/:id', (c) => c.json({ applicationId, status: dno.decision, reason: null }))
  app.use('/api/*', async (c, next) => {
    if (c.req.header('authorization') !== `Bearer ${goodToken}`) return c.json({ detail: 'token' }, 401)
    return next()
  })
  app.post('/api/ders', async (c) => {
    dno.keys.push(c.req.header('idempotency-key') ?? '')
    return c.json({ ...(await c.req.json()), derId: randomUUID(), fspId: randomUUID() })
  })
  app.post('/api/flexible-units', async (c) => {
    const key = c.req.header('idempotency-key') ?? ''
    dno.keys.push(key)
    const body = await c.req.json()
    const unit = units.get(key) ?? { fuId: randomUUID(), name: body.name }
    units.set(key, unit)
    return c.json(viewOf(unit, body))
  })
  app.get('/api/tenders', (c) => c.json({ items: dno.tenders, nextCursor: null }))
  app.post('/api/tenders/:id/responses', async (c) => {
    const [tenderId, body] = [c.req.param('id'), await c.req.json()]
    dno.responses.push({ tenderId, body })
    return c.json({
      responseId: randomUUID(),
      tenderId,
      fspId: randomUUID(),
      fspName: 'F',
      bid: body.bid,
      reason: null,
      submittedAt: '2026-01-14T00:00:00Z',
      offers: [],
    })
  })
  app.get('/api/contracts', (c) => c.json({ items: dno.contracts, nextCursor: null }))
  app.get('/api/flexible-units/:id/baseline', (c) => {
    const startMs = Date.parse(`${c.req.query('day')}T00:00:00Z`)
    const iso = (i: number) => new Date(startMs + i * 900_000).toISOString()
    const periods = Array.from({ length: 96 }, (_, i) => ({ from: iso(i), to: iso(i + 1), energyWh: dno.baselineWh }))
    return c.json({
      fuId: c.req.param('id'),
      tradingDay: c.req.query('day'),
      method: 'recent-history',
      days: [],
      periods,
    })
  })
  app.post('/api/flexible-units/:id/service-status', async (c) => {
    const fuId = c.req.param('id')
    dno.serviceStatuses.push({ fuId, body: await c.req.json() })
    return c.json(viewOf({ fuId, name: 'unit' }, {}))
  })
  app.post('/api/meter-readings', async (c) => {
    const refusal = dno.refuseUploads.shift()
    if (refusal) return new Response('not now', { status: refusal })
    const upload = meterReadings.parse(await c.req.json())
    dno.uploads.push(upload)
    return c.json({ fuId: upload.fuId, stored: upload.readings.length, unchanged: 0, superseded: 0 })
  })
  listener.use(app.fetch)
  return dno
}

function viewOf(unit: { fuId: string; name: string }, body: { derIds?: string[]; maxTurnDownW?: number }) {
  return {
    ...unit,
    fspId: randomUUID(),
    derIds: body.derIds ?? [],
    connectionId: randomUUID(),
    nodeId: 'lv',
    maxTurnDownW: body.maxTurnDownW ?? 1,
    limits: null,
    isWholeSite: false,
    inService: true,
  }
}
