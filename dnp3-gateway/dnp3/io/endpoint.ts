/** Connections and ports, with or without TLS: what masters and outstations have in common. */
import { connect as connectTcp, createServer, type OnReadOpts, type Server, type Socket } from 'node:net'
import {
  connect as connectTls,
  createServer as createTlsServer,
  type SecureContextOptions,
  type TLSSocket,
  type Server as TlsServer,
} from 'node:tls'
import type { Dial, WireTap } from '../app/runtime.ts'
import { SocketWire } from './socket-wire.ts'
import { refusePeer, type TlsOptions, versionsOf } from './tls.ts'

export interface DialOptions {
  readonly host: string
  readonly port: number
  /** Longest connection attempt, TLS included, in real ms; default 10,000. */
  readonly connectTimeoutMs?: number
  readonly tls?: TlsOptions
  /** Sees all octets, for captures. */
  readonly tap?: WireTap
}

/** Connects over TCP, or TLS if given. */
export function dialSocket(options: DialOptions): Dial {
  const { connectTimeoutMs = 10_000, tls, tap } = options
  return (handlers) => {
    let wire: SocketWire | null = null
    const read = (octets: number, buffer: Uint8Array) => {
      wire?.take(buffer.subarray(0, octets))
      return true
    }
    const socket = tls === undefined ? plain(options, read) : secure(options, tls)
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    )
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer)
      const refusal = tls === undefined ? undefined : refusePeer(socket as TLSSocket, tls)
      if (refusal === undefined) handlers.opened()
      else socket.destroy(refusal)
    })
    socket.once('close', () => clearTimeout(timer))
    wire = new SocketWire(socket, handlers, tap)
    return wire
  }
}

const READ_OCTETS = 65_536

/**
 * One buffer for the reads of all connections: its contents are used up before the next read. On Windows, where the system
 * fills buffers in the background, each connection needs its own.
 */
const shared = process.platform === 'win32' ? null : Buffer.allocUnsafe(READ_OCTETS)

function plain({ host, port }: DialOptions, callback: OnReadOpts['callback']): Socket {
  const onread = { buffer: shared ?? Buffer.allocUnsafe(READ_OCTETS / 8), callback }
  return connectTcp({ host, port, noDelay: true, keepAlive: true, onread })
}

function secure({ host, port }: DialOptions, tls: TlsOptions): TLSSocket {
  return connectTls({
    host,
    port,
    secureContext: tls.identity.secureContext(versionsOf(tls)),
    // refusePeer compares the names: outstations are called by address.
    checkServerIdentity: () => undefined,
  })
}

export interface ListenOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** 0 takes a free port. */
  readonly port: number
  readonly tls?: TlsOptions
  /** Called with each connection that TLS refuses. */
  readonly onRefused?: (error: Error) => void
}

export interface Listening {
  readonly host: string
  readonly port: number
  /** Closes the port; its connections belong to their owners. Resolves when all have ended. */
  close(): Promise<void>
}

/** Longest handshake, in ms. */
const HANDSHAKE_MS = 10_000

/** Opens a port. Rejects if it is unavailable. */
export async function listenSockets(options: ListenOptions, onSocket: (socket: Socket) => void): Promise<Listening> {
  const { host = '127.0.0.1', port, tls } = options
  const server = tls === undefined ? createServer({ noDelay: true }, onSocket) : secureServer(options, tls, onSocket)
  const forget = tls?.identity.onReload(() => {
    const versions: SecureContextOptions = versionsOf(tls)
    ;(server as TlsServer).setSecureContext({ ...tls.identity.current, ...versions })
  })
  await listening(server, port, host)
  const address = server.address()
  return {
    host,
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => {
      forget?.()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function secureServer({ onRefused }: ListenOptions, tls: TlsOptions, onSocket: (socket: Socket) => void): TlsServer {
  const server = createTlsServer({
    ...tls.identity.current,
    ...versionsOf(tls),
    requestCert: true,
    rejectUnauthorized: true,
    noDelay: true,
    handshakeTimeout: HANDSHAKE_MS,
  })
  server.on('secureConnection', (socket) => {
    const refusal = refusePeer(socket, tls)
    if (refusal === undefined) {
      onSocket(socket)
      return
    }
    socket.on('error', () => {})
    socket.destroy()
    onRefused?.(refusal)
  })
  server.on('tlsClientError', (error, socket) => {
    socket.destroy()
    onRefused?.(error)
  })
  return server
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
