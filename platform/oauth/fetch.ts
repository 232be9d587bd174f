import { fetchBounded, type OutboundFetch } from '../http/index.ts'
import type { TokenSource } from './token-source.ts'

/** Calls an API with a bearer token; on 401 it discards the token and repeats the call once with a fresh one (FM05). */
export async function fetchWithToken(
  source: TokenSource,
  url: string,
  init: RequestInit = {},
  outbound: OutboundFetch = fetchBounded,
): Promise<Response> {
  const call = async (token: string) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    return outbound(url, { ...init, headers })
  }
  const token = await source.get()
  const response = await call(token)
  if (response.status !== 401) return response
  await response.body?.cancel()
  source.discard(token)
  return call(await source.get())
}
