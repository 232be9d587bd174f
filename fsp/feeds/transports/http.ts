import { createOutboundFetch, type OutboundFetch } from '../../../platform/http/index.ts'
import { createTokenSource, fetchWithToken } from '../../../platform/oauth/index.ts'
import type { TransportOf } from '../../../schemas/fsp/feeds/transports.ts'
import type { Arrived, Fetching } from './files.ts'

/** Longest time for one page. */
const deadlineMs = 60_000
/** Pages of one run at most: a supplier whose pages go round in circles is not followed for ever. */
const mostPages = 1_000

type Transport = TransportOf<'http'>

/** The pages of a supplier's API, each as a file. */
export async function* fromHttp(transport: Transport, fetching: Fetching): AsyncGenerator<Arrived> {
  const ask = askerOf(transport, fetching)
  const first = new URL(transport.url)
  if (transport.sinceParameter && fetching.since)
    first.searchParams.set(transport.sinceParameter, fetching.since.toString())
  const seen = new Set<string>()
  let next: string | null = pageOf(first, transport, 1)
  for (let page = 1; next !== null; page++) {
    if (page > mostPages || seen.has(next))
      throw new Error(`the pages of ${first.origin} do not end: ${page - 1} were read`)
    seen.add(next)
    const content = await ask(next)
    yield { name: `page-${page}`, content, bytes: content.length, modifiedAt: null }
    next = nextOf(transport, first, content, page)
  }
}

function pageOf(url: URL, { paging }: Transport, page: number): string {
  if (paging.by === 'page') url.searchParams.set(paging.parameter, String(page))
  return url.toString()
}

/** The address of the page after one; `null`: it was the last. */
function nextOf(transport: Transport, first: URL, content: Uint8Array, page: number): string | null {
  const { paging, recordsIn } = transport
  if (paging.by === 'none') return null
  const answer = jsonIn(content)
  if (paging.by === 'page') {
    const records = recordsIn === undefined ? answer : answer?.[recordsIn]
    return Array.isArray(records) && records.length > 0 ? pageOf(new URL(first), transport, page + 1) : null
  }
  const stated = answer?.[paging.member]
  if (typeof stated !== 'string' || stated === '') return null
  if (paging.by === 'cursor') {
    const url = new URL(first)
    url.searchParams.set(paging.parameter, stated)
    return url.toString()
  }
  const url = new URL(stated, first)
  // Our credentials go with each request: to the agreed host only.
  if (url.origin !== first.origin) throw new Error(`the next page is at ${url.origin}, and not at ${first.origin}`)
  return url.toString()
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of any shape is looked into.
function jsonIn(content: Uint8Array): any {
  try {
    return JSON.parse(new TextDecoder().decode(content))
  } catch {
    // What it is will be said where it is read.
    return null
  }
}

function askerOf(transport: Transport, fetching: Fetching): (url: string) => Promise<Uint8Array> {
  const { authentication } = transport
  const outbound = createOutboundFetch({ isForbidden: null, maxBytes: fetching.maxBytes, deadlineMs })
  const call = callerOf(authentication, fetching, outbound)
  return async (url) => {
    const response = await call(url)
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`${new URL(url).origin} answered ${response.status}`)
    }
    return new Uint8Array(await response.arrayBuffer())
  }
}

function callerOf(
  authentication: Transport['authentication'],
  fetching: Fetching,
  outbound: OutboundFetch,
): (url: string) => Promise<Response> {
  const accept = { accept: 'application/json, text/csv' }
  if (authentication.by === 'none') return (url) => outbound(url, { headers: accept })
  if (authentication.by === 'api-key') {
    const headers = { ...accept, [authentication.header]: fetching.secret() }
    return (url) => outbound(url, { headers })
  }
  const { tokenEndpoint, clientId, scope } = authentication
  const secret = { method: 'client_secret_basic' as const, secret: fetching.secret() }
  const tokens = createTokenSource({ tokenEndpoint, clientId, scope, authentication: secret }, outbound)
  return (url) => fetchWithToken(tokens, url, { headers: accept }, outbound)
}
