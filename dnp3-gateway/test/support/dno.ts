import { createHash, randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { type Listener, listen } from '../../../platform/http/index.ts'
import type { GatewayAssignment, GatewayReport, HubAssignment, HubReport } from '../../../schemas/grid/gateway.ts'
import { gatewayOperations } from '../../../schemas/grid/gateway.ts'
import { type MeasurementBatch, measurementOperations, type Reading } from '../../../schemas/grid/measurements.ts'
import type { Operation } from '../../../schemas/vocabulary/operation.ts'

/** How the DNO's end answers a post of measurements: as it should, not at all, or storing without the answer arriving. */
export type Mood = 'well' | 'unavailable' | 'stores-then-fails'

/**
 * The DNO's end of the wire: token endpoint, assignment, measurements and hub reports by the contracts of `schemas/`, kept in memory.
 * It refuses what breaks a contract, and counts what arrives twice.
 */
export class Dno {
  readonly clientId = 'gateway-1'
  readonly clientSecret = randomUUID()
  hubs: HubAssignment[] = []
  mood: Mood = 'well'
  readonly batches: MeasurementBatch[] = []
  /** Batches that had been stored before. */
  repeated = 0
  posts = 0
  reports: HubReport[][] = []
  gatewayReport: GatewayReport | undefined
  /** Length of the leases that it gives; `null` for hubs that are the gateway's for good. */
  leaseS: number | null = null
  /** Leases that were given back. */
  leasesEnded = 0
  /** What stands in the assignment beside the hubs. */
  terms: Partial<GatewayAssignment> = {}
  /** Assignments given, and requests answered with "unchanged". */
  assignments = 0
  unchanged = 0
  /** Readings with this value are taken for spoilt, and the whole post is refused. */
  spoiltValue: number | null = null
  readonly #stored = new Map<string, number>()
  readonly #token = randomUUID()
  #listener: Listener | null = null

  static async start(): Promise<Dno> {
    const dno = new Dno()
    await dno.open()
    return dno
  }

  get url(): string {
    if (!this.#listener) throw new Error('the DNO is away')
    return this.#listener.url
  }

  /** Listens, on the port that it had before if there was one. */
  async open(port = 0): Promise<void> {
    this.#listener = await listen({ host: '127.0.0.1', port, what: 'the test DNO', portSetting: 'nothing' })
    this.#listener.use((request) => this.#app().fetch(request))
  }

  /** Goes away; returns its port, to come back on. */
  async close(): Promise<number> {
    const port = this.#listener?.port ?? 0
    await this.#listener?.close(100)
    this.#listener = null
    return port
  }

  readings(hubId?: string): Reading[] {
    return this.batches.filter((batch) => hubId === undefined || batch.hubId === hubId).flatMap((b) => b.readings)
  }

  sequences(hubId: string): number[] {
    return this.batches.filter((batch) => batch.hubId === hubId).map(({ sequence }) => sequence)
  }

  report(hubId: string): HubReport | undefined {
    return this.reports.at(-1)?.find((report) => report.hubId === hubId)
  }

  #app(): Hono {
    const app = new Hono()
    app.post('/oidc/token', async (c) => {
      const given = Buffer.from((c.req.header('authorization') ?? '').slice('Basic '.length), 'base64').toString()
      const form = await c.req.parseBody()
      // RFC 6749 section 2.3.1: both parts are form-encoded.
      if (
        decodeURIComponent(given) !== `${this.clientId}:${this.clientSecret}` ||
        form['grant_type'] !== 'client_credentials'
      )
        return c.json({ error: 'invalid_client' }, 401)
      return c.json({ access_token: this.#token, token_type: 'Bearer', expires_in: 600, scope: form['scope'] })
    })
    app.use('/api/*', async (c, next) =>
      c.req.header('authorization') === `Bearer ${this.#token}` ? next() : c.body(null, 401),
    )
    serve(app, gatewayOperations.readAssignment, (c) => this.#assignment(c))
    serve(app, gatewayOperations.endLease, (c) => {
      this.leasesEnded++
      return c.body(null, 204)
    })
    serve(app, measurementOperations.storeMeasurements, async (c) => this.#measurements(await c.req.json()))
    serve(app, gatewayOperations.reportHubs, async (c) => {
      const { hubs, gateway } = gatewayOperations.reportHubs.body.parse(await c.req.json())
      this.reports.push(hubs)
      this.gatewayReport = gateway
      return c.body(null, 204)
    })
    return app
  }

  #assignment(c: Context): Response {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.hubs, this.terms]))
      .digest('hex')
    const headers = { etag: `"${digest}"`, ...(this.leaseS === null ? {} : { 'lease-seconds': String(this.leaseS) }) }
    if (c.req.header('if-none-match') === headers.etag) {
      this.unchanged++
      return c.body(null, 304, headers)
    }
    this.assignments++
    const hubs = this.hubs.map((hub) => ({
      ...hub,
      storedSequence: this.#stored.get(hub.hubId) ?? hub.storedSequence,
    }))
    const assignment = { gatewayId: this.clientId, issuedAt: new Date().toISOString(), hubs, ...this.terms }
    return c.json(assignment, 200, headers)
  }

  #measurements(body: unknown): Response {
    this.posts++
    if (this.mood === 'unavailable') return new Response(null, { status: 503 })
    const { batches } = measurementOperations.storeMeasurements.body.parse(body)
    if (batches.some((b) => b.readings.some((r) => r.value === this.spoiltValue)))
      return new Response(null, { status: 422 })
    const hubs = new Map<string, { hubId: string; storedSequence: number; storedReadings: number }>()
    for (const batch of batches) {
      const known = this.#stored.get(batch.hubId) ?? 0
      const isNew = batch.sequence > known
      if (isNew) this.batches.push(batch)
      else this.repeated++
      this.#stored.set(batch.hubId, Math.max(known, batch.sequence))
      const storedReadings = (hubs.get(batch.hubId)?.storedReadings ?? 0) + (isNew ? batch.readings.length : 0)
      hubs.set(batch.hubId, { hubId: batch.hubId, storedSequence: Math.max(known, batch.sequence), storedReadings })
    }
    if (this.mood === 'stores-then-fails') return new Response(null, { status: 502 })
    return Response.json({ hubs: [...hubs.values()] })
  }
}

/** Serves an operation; none of the gateway's has parameters in its path. */
function serve(app: Hono, { method, path }: Operation, answer: (c: Context) => Response | Promise<Response>): void {
  app.on(method.toUpperCase(), `/api${path}`, answer)
}
