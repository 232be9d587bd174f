import { lookup } from 'node:dns'
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { codeOf } from '../errors/index.ts'

/** Addresses of internal networks (RFC 6890, RFC 4193, RFC 4291), including through a translator (RFC 6052, RFC 3056). */
const internal = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  internal.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  internal.addSubnet(net, prefix, 'ipv6')

/** Whether an IP address is internal. An IPv4-mapped IPv6 address is checked as IPv4. */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return true
  return internal.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Why a URL from an outsider or a form is refused; `null` if it is allowed. The host name is not resolved here, but at each
 * connection (`createOutboundFetch`).
 */
export function outboundUrlFault(url: string, arePrivateAllowed: boolean): string | null {
  if (!URL.canParse(url)) return 'must be an https address'
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return 'must be an https address'
  if (parsed.username || parsed.password) return 'must not hold a user name or password'
  if (arePrivateAllowed) return null
  if (parsed.protocol !== 'https:') return 'must be an https address'
  const host = hostOf(parsed)
  if (/(^|\.)(localhost|local|internal)\.?$/i.test(host)) return `must not lead to the internal host ${host}`
  return isIP(host) !== 0 && isInternalAddress(host) ? `must not lead to the internal address ${host}` : null
}

/** Thrown for an address that is not called because it leads into the DNO's own network (FM41). */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress'

  constructor(host: string, address: string) {
    super(host === address ? `${host} is an internal address` : `${host} leads to the internal address ${address}`)
  }
}

/** `fetch` for calls to others: redirects are not followed, because their targets have not been checked. */
export type OutboundFetch = (url: string, init?: RequestInit) => Promise<Response>

/**
 * Calls addresses that others have stated. The check is made at the connection, on the very addresses that the name was resolved
 * to, so that a name that resolves differently a moment later (DNS rebinding) gains nothing. Rejects with `ForbiddenAddress`.
 * @param isForbidden by default internal addresses; `null` if everything may be called, as on one machine.
 */
export function createOutboundFetch(
  isForbidden: ((address: string) => boolean) | null = isInternalAddress,
): OutboundFetch {
  if (!isForbidden) return (url, init) => fetch(url, { ...init, redirect: 'error' })
  const options = { keepAlive: true, lookup: checkedLookup(isForbidden) }
  const agents = { plain: new PlainAgent(options), tls: new TlsAgent(options) }
  return async (url, init) => {
    const request = new Request(url, init)
    const host = hostOf(new URL(url))
    // A literal address is never looked up, so check it here.
    if (isIP(host) !== 0 && isForbidden(host)) throw new ForbiddenAddress(host, host)
    const body = Buffer.from(await request.arrayBuffer())
    return send(request, body, agents, init?.signal ?? null)
  }
}

const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')

function checkedLookup(isForbidden: (address: string) => boolean): LookupFunction {
  return (host, options, callback) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      const forbidden = error ? undefined : found.find(({ address }) => isForbidden(address))
      if (error || forbidden) callback(error ?? new ForbiddenAddress(host, forbidden?.address ?? ''), [])
      else if (options.all) callback(null, found)
      else callback(null, found[0]?.address ?? '', found[0]?.family)
    })
}

async function send(
  request: Request,
  body: Buffer,
  agents: { plain: PlainAgent; tls: TlsAgent },
  signal: AbortSignal | null,
): Promise<Response> {
  const isTls = request.url.startsWith('https:')
  const headers = { ...Object.fromEntries(request.headers), 'content-length': String(body.length) }
  const options = { method: request.method, headers, ...(signal ? { signal } : {}) }
  const { answer, wasReset } = await new Promise<{ answer?: IncomingMessage; wasReset?: true }>((resolve, reject) => {
    const call = isTls
      ? tlsRequest(request.url, { ...options, agent: agents.tls })
      : plainRequest(request.url, { ...options, agent: agents.plain })
    call.on('response', (answer) => resolve({ answer }))
    call.on('error', (error) => {
      if (signal?.aborted) reject(signal.reason)
      else if (call.reusedSocket && codeOf(error) === 'ECONNRESET') resolve({ wasReset: true })
      else reject(error)
    })
    call.end(body)
  })
  // The peer closed a kept-alive connection just as it was reused: nothing was read, so the request is sent again.
  if (wasReset || !answer) return send(request, body, agents, signal)
  return responseOf(answer)
}

function responseOf(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 0
  if (status >= 300 && status < 400 && answer.headers.location !== undefined) {
    answer.destroy()
    throw new TypeError(`answered with a redirection (HTTP ${status}), which is not followed`)
  }
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  const isEmpty = status === 204 || status === 205 || status === 304
  if (isEmpty) answer.resume()
  return new Response(isEmpty ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers })
}
