import { fetchBounded, type OutboundFetch, type OutboundInit } from '../http/index.ts'
import type { TokenSource } from './token-source.ts'

/**
 * Calls an API with an access token, and with a proof of the key that the token is bound to if it is bound. On 401 it discards the token
 * and repeats the call once with a fresh one (FM05).
 */
export async function fetchWithToken(
  source: TokenSource,
  url: string,
  init: OutboundInit = {},
  outbound: OutboundFetch = fetchBounded,
): Promise<Response> {
  const call = async (token: string) => {
    const headers = new Headers(init.headers)
    const proof = await source.headersFor(token, init.method ?? 'GET', url)
    for (const [name, value] of Object.entries(proof)) headers.set(name, value)
    return outbound(url, { ...init, headers })
  }
  const token = await source.get()
  const response = await call(token)
  if (response.status !== 401) return response
  await response.body?.cancel()
  source.discard(token)
  return call(await source.get())
}
