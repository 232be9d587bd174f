import { type CryptoKey, importJWK } from 'jose'
import type { z } from 'zod'
import { codeOf, messageOf } from '../../platform/errors/index.ts'
import { createTokenSource, fetchWithToken, type TokenSource } from '../../platform/oauth/index.ts'
import type { FspContext } from '../app/context.ts'
import type { Registration } from './tables.ts'

/** What the DNO answered. `status` is `null` when it could not be reached, or no token was to be had. */
export type DnoOutcome<T> = { ok: true; value: T } | { ok: false; status: number | null; detail: string }

/** Longest time that the DNO may take to answer. */
const answerTimeoutMs = 20_000

/** The DNO's API, with our access token once we are registered. Failures are values: the next round tries again. */
export class DnoApi {
  readonly #base: string
  #tokens: TokenSource | null = null

  constructor(context: Pick<FspContext, 'dnoUrl'>) {
    this.#base = `${context.dnoUrl.replace(/\/+$/, '')}/api`
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
      authentication: { method: 'private_key_jwt', key, kid: String(jwk['kid']) },
    })
  }

  get<T extends z.ZodType>(path: string, schema: T): Promise<DnoOutcome<z.infer<T>>> {
    return this.#call(path, schema, {})
  }

  post<T extends z.ZodType>(
    path: string,
    schema: T,
    body: unknown,
    idempotencyKey?: string,
  ): Promise<DnoOutcome<z.infer<T>>> {
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
    }
    return this.#call(path, schema, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  async #call<T extends z.ZodType>(path: string, schema: T, init: RequestInit): Promise<DnoOutcome<z.infer<T>>> {
    const url = `${this.#base}${path}`
    const request = { ...init, signal: AbortSignal.timeout(answerTimeoutMs) }
    try {
      const response = this.#tokens ? await fetchWithToken(this.#tokens, url, request) : await fetch(url, request)
      if (!response.ok)
        return {
          ok: false,
          status: response.status,
          detail: `HTTP ${response.status} ${(await response.text()).slice(0, 300)}`,
        }
      const parsed = schema.safeParse(await response.json())
      if (parsed.success) return { ok: true, value: parsed.data }
      return { ok: false, status: response.status, detail: `the DNO’s answer to ${path} does not fit its contract` }
    } catch (error) {
      return { ok: false, status: null, detail: `${codeOf(error)} ${messageOf(error)}`.trim() }
    }
  }
}
