import { messageOf } from '../../platform/errors/index.ts'
import { createTokenSource, fetchWithToken, type TokenSource } from '../../platform/oauth/index.ts'
import type { GatewayReport, HubReport } from '../../schemas/grid/gateway.ts'
import { type BatchReceipt, batchReceipt } from '../../schemas/grid/measurements.ts'
import { problem } from '../../schemas/vocabulary/problem.ts'

/** How a call to the server ended. `refused`: it will never take this; `unavailable`: try again later. */
export type ServerAnswer<T> = { ok: true; value: T } | { ok: false; reason: 'refused' | 'unavailable'; detail: string }

/** What the server says of a gateway's hubs. */
export interface AssignmentWord<T> {
  /** `null` when they have not changed since the last call (ETag). */
  readonly assignment: T | null
  /** For how long they are the gateway's own, counted from the request on, ms; `null` for good. */
  readonly leaseMs: number | null
}

/** Longest time that one call may take, real ms. */
const callTimeoutMs = 20_000

/** Answers that say that the request itself is wrong; all other failures may pass. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422])

/** The DNO's server as a gateway calls it: by OAuth 2.0 client credentials, scope `gateway`. */
export class ServerClient {
  readonly #api: string
  readonly #tokens: TokenSource
  #assignmentTag: string | null = null
  #posting: Promise<unknown> = Promise.resolve()

  constructor(serverUrl: string, clientId: string, secret: string) {
    this.#api = `${serverUrl}/api`
    this.#tokens = createTokenSource({
      issuer: `${serverUrl}/oidc`,
      tokenEndpoint: `${serverUrl}/oidc/token`,
      clientId,
      scope: 'gateway',
      authentication: { method: 'client_secret_basic', secret },
    })
  }

  /** The hubs to poll, as `parse` reads them. */
  async assignment<T>(parse: (json: unknown) => T): Promise<ServerAnswer<AssignmentWord<T>>> {
    const headers = this.#assignmentTag === null ? {} : { 'if-none-match': this.#assignmentTag }
    return this.#call('/gateway/assignment', { headers }, async (response) => {
      const seconds = response.headers.get('lease-seconds')
      const leaseMs = seconds === null ? null : Number(seconds) * 1000
      if (response.status === 304) return { assignment: null, leaseMs }
      const assignment = parse(await response.json())
      this.#assignmentTag = response.headers.get('etag')
      return { assignment, leaseMs }
    })
  }

  /** Gives up what is leased, so that other gateways need not wait for the end of the lease. */
  endLease(): Promise<ServerAnswer<null>> {
    return this.#call('/gateway/lease', { method: 'DELETE' }, nothing)
  }

  /** The next answer is to be whole, changed or not. */
  forgetAssignment(): void {
    this.#assignmentTag = null
  }

  /** Sends batches, given as the JSON of each. */
  postBatches(batches: readonly string[]): Promise<ServerAnswer<BatchReceipt>> {
    const body = `{"batches":[${batches.join(',')}]}`
    return this.#inTurn(() =>
      this.#call('/measurements', post(body), async (response) => batchReceipt.parse(await response.json())),
    )
  }

  postReports(hubs: readonly HubReport[], gateway: GatewayReport): Promise<ServerAnswer<null>> {
    return this.#inTurn(() => this.#call('/gateway/hub-reports', post(JSON.stringify({ hubs, gateway })), nothing))
  }

  /** Posts take turns: both kinds write to the same hubs, and of two at a time the server could only let one wait for the other. */
  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const answer = this.#posting.then(call)
    this.#posting = answer
    return answer
  }

  async #call<T>(path: string, init: RequestInit, read: (response: Response) => Promise<T>): Promise<ServerAnswer<T>> {
    try {
      const signal = AbortSignal.timeout(callTimeoutMs)
      const response = await fetchWithToken(this.#tokens, `${this.#api}${path}`, { ...init, signal })
      if (response.ok || response.status === 304) return { ok: true, value: await read(response) }
      const text = await response.text()
      const refused = refusals.has(response.status) || (response.status === 404 && namesFields(text))
      const detail = `${response.status} ${text.slice(0, 500)}`
      return { ok: false, reason: refused ? 'refused' : 'unavailable', detail }
    } catch (error) {
      return { ok: false, reason: 'unavailable', detail: messageOf(error) }
    }
  }
}

/** An answer without a body. */
async function nothing(response: Response): Promise<null> {
  await response.body?.cancel()
  return null
}

/** A 404 that names fields is about hubs that are not this gateway's; any other is about an address that serves nothing yet. */
function namesFields(text: string): boolean {
  try {
    return (problem.parse(JSON.parse(text)).errors ?? []).length > 0
  } catch {
    return false
  }
}

function post(body: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body }
}
