import { type CryptoKey, importJWK } from 'jose'
import { codeOf, messageOf } from '../../platform/errors/index.ts'
import { createOutboundFetch } from '../../platform/http/index.ts'
import { createTokenSource, fetchWithToken, type TokenSource } from '../../platform/oauth/index.ts'
import { type ApiClient, ApiProblem, createClient } from '../../schemas/vocabulary/client.ts'
import type { AnswerOf, CallOf, Operation } from '../../schemas/vocabulary/operation.ts'
import { failure, type Outcome, success } from '../../schemas/vocabulary/outcome.ts'
import type { Page } from '../../schemas/vocabulary/paging.ts'
import type { Problem } from '../../schemas/vocabulary/problem.ts'
import type { MarketContext } from '../app/context.ts'
import type { Registration } from './tables.ts'

/** What a call to the DNO came to. The failure has the status 0 where the DNO could not be reached or gave no token. */
export type DnoOutcome<T> = Outcome<T, Problem>

/** Longest time that the DNO may take to answer. */
const answerTimeoutMs = 20_000

/** A page of 500 contracts or tenders has less than a megabyte. */
const outbound = createOutboundFetch({ isForbidden: null, maxBytes: 8 * 1024 * 1024, deadlineMs: answerTimeoutMs })

/** The DNO's API, with our access token once we are registered. Failures are values: the next round tries again. */
export class DnoApi {
  readonly #client: ApiClient
  readonly #origin: string | null
  #tokens: TokenSource | null = null

  constructor({ dnoUrl }: Pick<MarketContext, 'dnoUrl'>) {
    this.#origin = dnoUrl === null ? null : new URL(dnoUrl).origin
    const base = `${dnoUrl?.replace(/\/+$/, '')}/api`
    this.#client = createClient(({ path, init }) => {
      if (dnoUrl === null) throw new Error('this FSP stands alone, without a DNO')
      const url = `${base}${path}`
      return this.#tokens ? fetchWithToken(this.#tokens, url, init, outbound) : outbound(url, init)
    })
  }

  /** From now on speaks as the registered client: private_key_jwt, so that no secret of ours lies at the DNO. */
  async authenticateAs(given: Registration, jwk: Record<string, unknown>): Promise<void> {
    const { clientId, issuer, tokenEndpoint, resource, scope } = given
    if (!clientId || !issuer || !tokenEndpoint || !resource || !scope) throw new Error('not registered yet')
    const key = (await importJWK(jwk, 'ES256')) as CryptoKey
    this.#tokens = createTokenSource({
      issuer,
      tokenEndpoint,
      clientId,
      scope,
      resource,
      // Proofs name the DNO's public address: over another way to it they would not fit.
      dpop: new URL(tokenEndpoint).origin === this.#origin,
      authentication: { method: 'private_key_jwt', key, kid: String(jwk['kid']) },
    })
  }

  /** Calls an operation. */
  call<O extends Operation>(stated: O, call: CallOf<O>): Promise<DnoOutcome<AnswerOf<O>>> {
    return outcomeOf(() => this.#client.call(stated, call))
  }

  /** All items of a paged list. */
  all<O extends Operation>(
    stated: O,
    call: CallOf<O>,
  ): Promise<DnoOutcome<AnswerOf<O> extends Page<infer T> ? T[] : never>> {
    return outcomeOf(() => this.#client.all(stated, call))
  }
}

/** Why a call failed, for the log. */
export function reasonOf({ status, title, detail }: Problem): string {
  return `${status === 0 ? '' : `HTTP ${status} `}${detail ?? title}`
}

/** The outcome of a call that throws problems. */
export async function outcomeOf<T>(call: () => Promise<T>): Promise<DnoOutcome<T>> {
  try {
    return success(await call())
  } catch (error) {
    return failure(error instanceof ApiProblem ? error.problem : unreachable(error))
  }
}

function unreachable(error: unknown): Problem {
  const detail = `${codeOf(error)} ${messageOf(error)}`.trim()
  return { type: 'about:blank', title: 'The DNO could not be reached', status: 0, detail }
}
