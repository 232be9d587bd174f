import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { codeOf, messageOf, StartupError } from '../errors/index.ts'
import type { Certificate } from '../tls/index.ts'
import { answerProblem, headBounds, headFault } from './heads.ts'
import { fetchFromItself, hostForUrl } from './itself.ts'
import type { OutboundFetch } from './outbound-fetch.ts'

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/** A bound HTTP server. It answers 503 until it has its application, because some (an issuer) need to know their address first. */
export interface Listener {
  /** `http://127.0.0.1:7800`, with the port that was actually bound; `https` with a certificate. */
  readonly url: string
  readonly port: number
  readonly server: Server
  /** Calls this port directly, by whichever of its public addresses. */
  readonly callItself: OutboundFetch
  /**
   * The application, Node handlers for path prefixes that are not its own, and headers for every answer of either that does not set its
   * own.
   */
  use(
    fetch: (request: Request) => Response | Promise<Response>,
    mounts?: Record<string, NodeHandler>,
    headers?: Readonly<Record<string, string>>,
  ): void
  /** Stops accepting requests, lets those in progress finish, and cuts the remaining connections after `graceMs`. */
  close(graceMs?: number): Promise<void>
}

/** Options of `listen`; port 0 takes any free one. */
export interface ListenOptions {
  host: string
  port: number
  /** What the port serves, for the message about a port in use. */
  what: string
  /** The flag or variable that chooses another port. */
  portSetting: string
  /** The certificate for TLS; without it plain HTTP. */
  certificate?: Certificate | null
  /** How long a request may take to arrive, ms: a file, and any other. */
  timeouts?: { fileMs: number; requestMs: number }
}

/** Binds a port, or throws a `StartupError` that states what to do. */
export async function listen(options: ListenOptions): Promise<Listener> {
  let handler: NodeHandler = (_request, response) => response.writeHead(503, { 'retry-after': '1' }).end()
  const { fileMs, requestMs } = options.timeouts ?? defaultTimeouts
  const { certificate = null } = options
  const server = serverOf(certificate, fileMs, (request, response) => {
    const fault = headFault(request)
    if (fault) return answerProblem(response, fault)
    if (!request.headers['content-type']?.startsWith('text/csv')) cutWhenSlow(request, response, requestMs)
    handler(request, response)
  })
  await bind(server, options)
  const port = (server.address() as AddressInfo).port
  return {
    url: `${certificate ? 'https' : 'http'}://${hostForUrl(options.host)}:${port}`,
    callItself: fetchFromItself(options.host, port, certificate),
    port,
    server,
    use(fetch, mounts = {}, headers = {}) {
      // Hono's middleware creates requests from others, which only works if the adapter's own Request is the global one.
      const listener = getRequestListener(fetch)
      handler = (request, response) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        const prefix = Object.keys(mounts).find((p) => request.url === p || request.url?.startsWith(`${p}/`))
        const mount = prefix === undefined ? undefined : mounts[prefix]
        if (mount && prefix) mountAt(prefix, mount, request, response)
        else void listener(request, response)
      }
    },
    close: (graceMs = 5_000) => closeServer(server, graceMs),
  }
}

/** A server that bounds heads, times and connections; over TLS 1.2 or newer, it takes a new certificate for new connections (OWASP ASVS 5.0, 12.1.1). */
function serverOf(certificate: Certificate | null, requestTimeout: number, answer: NodeHandler): Server {
  const options = {
    headersTimeout: 10_000,
    requestTimeout,
    keepAliveTimeout: 60_000,
    maxHeaderSize: headBounds.bytes,
    // A request whose body and length disagree can be read in two ways (OWASP ASVS 5.0, 4.2.1).
    insecureHTTPParser: false,
  }
  const server = certificate ? tlsServer(certificate, options, answer) : createServer(options, answer)
  server.maxHeadersCount = headBounds.headers
  server.maxConnections = 10_000
  return server
}

function tlsServer(certificate: Certificate, options: object, answer: NodeHandler): Server {
  const versions = { minVersion: 'TLSv1.2', handshakeTimeout: 10_000 } as const
  const server = createTlsServer({ ...options, ...versions, ...certificate.material }, answer)
  const stop = certificate.onChange((material) => server.setSecureContext({ ...versions, ...material }))
  server.once('close', stop)
  return server
}

/** FM32: a slow client gets 30 s for its request (and 10 s for its header), a file of 100 MB five minutes. */
const defaultTimeouts = { fileMs: 300_000, requestMs: 30_000 }

/** Closes a connection if its request has not arrived completely in time. */
function cutWhenSlow(request: IncomingMessage, response: ServerResponse, requestMs: number): void {
  const timer = setTimeout(() => {
    if (request.complete) return
    if (!response.headersSent) request.socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
    request.destroy()
  }, requestMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}

/** Passes a request on without its prefix, in the manner of connect, which `oidc-provider` relies on. */
function mountAt(prefix: string, mount: NodeHandler, request: IncomingMessage, response: ServerResponse): void {
  Object.assign(request, { originalUrl: request.url, baseUrl: prefix })
  request.url = request.url?.slice(prefix.length) || '/'
  mount(request, response)
}

async function bind(server: Server, { host, port, what, portSetting }: ListenOptions): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => resolve())
    })
  } catch (error) {
    throw new StartupError(portSentence(codeOf(error), error, { host, port, what, portSetting }))
  }
}

function portSentence(code: string, error: unknown, { host, port, what, portSetting }: ListenOptions): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host}, for ${what}, is in use: stop the program that uses it, or choose another port with ${portSetting}.`
  if (code === 'EACCES')
    return `Port ${port}, for ${what}, may not be opened by this user: choose a port above 1023 with ${portSetting}.`
  return `Port ${port} on ${host}, for ${what}, cannot be opened (${messageOf(error)}): choose another with ${portSetting}.`
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(cut)
}
