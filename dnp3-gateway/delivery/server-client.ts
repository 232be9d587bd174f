import { z } from 'zod'
import { messageOf } from '../../platform/errors/index.ts'
import { createOutboundFetch } from '../../platform/http/index.ts'
import { createTokenSource, fetchWithToken } from '../../platform/oauth/index.ts'
import { type GatewayReport, gatewayOperations, type HubReport } from '../../schemas/grid/gateway.ts'
import { type BatchReceipt, measurementOperations } from '../../schemas/grid/measurements.ts'
import { type ApiClient, type CallOptions, type CallOutcome, createClient } from '../../schemas/vocabulary/client.ts'
import { type AnswerOf, type CallOf, JsonText, type Operation } from '../../schemas/vocabulary/operation.ts'
import { failure, type Outcome, success } from '../../schemas/vocabulary/outcome.ts'

/** Why a call came to nothing. `refused`: the server will never take this; `unavailable`: try again later. */
export interface CallFailure {
  readonly reason: 'refused' | 'unavailable'
  readonly detail: string
}

/** What the server answers to a gateway that asks for its hubs. */
export interface AssignmentAnswer<T> {
  /** `null` when they have not changed since the last call (ETag). */
  readonly assignment: T | null
  /** For how long they are the gateway's own, counted from the request on, ms; `null` for good. */
  readonly leaseMs: number | null
}

/** Longest time that one call may take, real ms. */
const callTimeoutMs = 20_000

/** The assignment of 10,000 hubs with their point maps is the longest answer. */
const outbound = createOutboundFetch({ isForbidden: null, maxBytes: 64 * 1024 * 1024, deadlineMs: callTimeoutMs })

/** Answers that say that the request itself is wrong; all other failures may pass. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422])

/** The DNO's server as a gateway calls it: by OAuth 2.0 client credentials, scope `gateway`. */
export class ServerClient {
  readonly #api: ApiClient
  #assignmentTag: string | null = null
  #posting: Promise<unknown> = Promise.resolve()

  /** @param dpop bind tokens to a key of this process; `serverUrl` must then be the server's public address, which proofs name. */
  constructor(serverUrl: string, clientId: string, secret: string, dpop = false) {
    const tokens = createTokenSource({
      issuer: `${serverUrl}/oidc`,
      tokenEndpoint: `${serverUrl}/oidc/token`,
      clientId,
      scope: 'gateway',
      authentication: { method: 'client_secret_basic', secret },
      dpop,
    })
    this.#api = createClient(({ path, init }) => fetchWithToken(tokens, `${serverUrl}/api${path}`, init, outbound))
  }

  /** The hubs to poll, as `parse` reads them. */
  async assignment<T>(parse: (json: unknown) => T): Promise<Outcome<AssignmentAnswer<T>, CallFailure>> {
    const stated = { ...gatewayOperations.readAssignment, answer: z.unknown().transform(parse) }
    return attempt(async (): Promise<Outcome<AssignmentAnswer<T>, CallFailure>> => {
      const asked = await this.#api.ask(stated, { known: this.#assignmentTag }, timeLimit())
      const seconds = asked.headers.get('lease-seconds')
      const leaseMs = seconds === null ? null : Number(seconds) * 1000
      if (asked.status === 304) return success({ assignment: null, leaseMs })
      if (!asked.ok) return failed(asked)
      this.#assignmentTag = asked.headers.get('etag')
      return success({ assignment: asked.value as T, leaseMs })
    })
  }

  /** Gives up what is leased, so that other gateways need not wait for the end of the lease. */
  endLease(): Promise<Outcome<null, CallFailure>> {
    return this.#ask(gatewayOperations.endLease, {})
  }

  /** The next answer is to be whole, changed or not. */
  forgetAssignment(): void {
    this.#assignmentTag = null
  }

  /** Sends batches, given as the JSON of each. */
  postBatches(batches: readonly string[]): Promise<Outcome<BatchReceipt, CallFailure>> {
    const body = new JsonText(`{"batches":[${batches.join(',')}]}`)
    return this.#inTurn(() => this.#ask(measurementOperations.storeMeasurements, { body }))
  }

  postReports(hubs: readonly HubReport[], gateway: GatewayReport): Promise<Outcome<null, CallFailure>> {
    return this.#inTurn(() => this.#ask(gatewayOperations.reportHubs, { body: { hubs: [...hubs], gateway } }))
  }

  /** Posts take turns: both kinds write to the same hubs, and of two at a time the server could only let one wait for the other. */
  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const answer = this.#posting.then(call)
    this.#posting = answer
    return answer
  }

  #ask<O extends Operation>(stated: O, call: CallOf<O>): Promise<Outcome<AnswerOf<O>, CallFailure>> {
    return attempt(async () => {
      const asked = await this.#api.ask(stated, call, timeLimit())
      return asked.ok ? success(asked.value) : failed(asked)
    })
  }
}

function timeLimit(): CallOptions {
  return { signal: AbortSignal.timeout(callTimeoutMs) }
}

/** A call that never throws: without an answer, or with one that fits no contract, the server is not available. */
async function attempt<T>(call: () => Promise<Outcome<T, CallFailure>>): Promise<Outcome<T, CallFailure>> {
  try {
    return await call()
  } catch (error) {
    return failure({ reason: 'unavailable', detail: messageOf(error) })
  }
}

function failed({
  failure: problem,
  status,
}: Extract<CallOutcome<unknown>, { ok: false }>): Outcome<never, CallFailure> {
  // A 404 that names fields is about hubs that are not this gateway's; any other is about an address that serves nothing yet.
  const isRefused = refusals.has(status) || (status === 404 && (problem.errors ?? []).length > 0)
  const detail = `${status} ${problem.detail ?? problem.title}`.slice(0, 500)
  return failure({ reason: isRefused ? 'refused' : 'unavailable', detail })
}
