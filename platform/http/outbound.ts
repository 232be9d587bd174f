import { lookup } from 'node:dns'
import { type AgentOptions, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, type AgentOptions as TlsAgentOptions, request as tlsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { Readable } from 'node:stream'
import { codeOf } from '../errors/index.ts'
import { type AnswerBounds, boundedAnswer, boundsWith, deadlineOf } from './answer-bounds.ts'
import { isInternalAddress } from './internal-addresses.ts'
import type { OutboundFetch } from './outbound-fetch.ts'
import { traceCalls } from './traced-calls.ts'

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
  if (/(^|\.)(localhost|local|internal|home\.arpa)$/i.test(host)) return `must not lead to the internal host ${host}`
  return isIP(host) !== 0 && isInternalAddress(host) ? `must not lead to the internal address ${host}` : null
}

/** Thrown for an address that is not called because it leads into the DNO's own network (FM41). */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress'

  constructor(host: string, address: string) {
    super(host === address ? `${host} is an internal address` : `${host} leads to the internal address ${address}`)
  }
}

/** How calls to others are made. */
export interface OutboundOptions extends Partial<AnswerBounds> {
  /** Addresses that are not called; by default those that are not of the public internet, or are this machine's own; `null`: any may be, as on one machine. */
  isForbidden?: ((address: string) => boolean) | null
  /** For calls over TLS: the authorities that are trusted, by default those of Node. */
  tls?: Pick<TlsAgentOptions, 'ca' | 'allowPartialTrustChain' | 'checkServerIdentity'>
}

/**
 * Calls addresses that others have stated. The check is made at the connection, on the very addresses that the name was resolved
 * to, so that a name that resolves differently a moment later (DNS rebinding) gains nothing. Rejects with `ForbiddenAddress`, and with
 * `AnswerTooLong`, as does reading the body.
 */
export function createOutboundFetch(options: OutboundOptions = {}): OutboundFetch {
  const { isForbidden = isNotPublic } = options
  const bounds = boundsWith(options)
  const agents = agentsOf(isForbidden, options.tls)
  return traceCalls(async (url, init) => {
    const signal = deadlineOf(init?.signal ?? null, bounds)
    const request = new Request(url, { ...init, signal } as RequestInit)
    const host = hostOf(new URL(url))
    // A literal address is never looked up, so check it here.
    if (isForbidden && isIP(host) !== 0 && isForbidden(host)) throw new ForbiddenAddress(host, host)
    const body = Buffer.from(await request.arrayBuffer())
    return boundedAnswer(await send(request, body, agents, signal), bounds)
  })
}

/** Calls addresses of one's own configuration: any address, with an answer that is as bounded as others'. */
export const fetchBounded: OutboundFetch = createOutboundFetch({ isForbidden: null })

/** Host of a URL without brackets, and without the dot that makes a name absolute and means the same. */
const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

/** This machine has public addresses too: services that listen on them for its own network are not for outsiders to reach through us. */
function isNotPublic(address: string): boolean {
  return isInternalAddress(address) || ownAddresses().has(address)
}

function ownAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces())
      .flat()
      .map((one) => one?.address ?? ''),
  )
}

interface Agents {
  plain: PlainAgent
  tls: TlsAgent
}

function agentsOf(isForbidden: ((address: string) => boolean) | null, tls: OutboundOptions['tls'] = {}): Agents {
  const options: AgentOptions = { keepAlive: true, ...(isForbidden ? { lookup: checkedLookup(isForbidden) } : {}) }
  return { plain: new PlainAgent(options), tls: new TlsAgent({ ...options, ...tls, minVersion: 'TLSv1.2' }) }
}

function checkedLookup(isForbidden: (address: string) => boolean): LookupFunction {
  return (host, options, callback) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      const forbidden = error ? undefined : found.find(({ address }) => isForbidden(address))
      if (error || forbidden) callback(error ?? new ForbiddenAddress(host, forbidden?.address ?? ''), [])
      else if (options.all) callback(null, found)
      else callback(null, found[0]?.address ?? '', found[0]?.family)
    })
}

async function send(request: Request, body: Buffer, agents: Agents, signal: AbortSignal): Promise<Response> {
  const isTls = request.url.startsWith('https:')
  const headers = { ...Object.fromEntries(request.headers), 'content-length': String(body.length) }
  const options = { method: request.method, headers, signal, maxHeaderSize: 16 * 1024 }
  // A change that was reset may have been made: whether to send it again is for its caller to decide.
  const isRepeatable = request.method === 'GET' || request.method === 'HEAD'
  const { answer, wasReset } = await new Promise<{ answer?: IncomingMessage; wasReset?: true }>((resolve, reject) => {
    const call = isTls
      ? tlsRequest(request.url, { ...options, agent: agents.tls })
      : plainRequest(request.url, { ...options, agent: agents.plain })
    call.on('response', (answer) => resolve({ answer }))
    call.on('error', (error) => {
      if (signal.aborted) reject(signal.reason)
      else if (isRepeatable && call.reusedSocket && codeOf(error) === 'ECONNRESET') resolve({ wasReset: true })
      else reject(error)
    })
    call.end(body)
  })
  // The peer closed a kept-alive connection just as it was reused: a read is sent again.
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
