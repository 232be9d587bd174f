import { createServer as createPlainServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { codeOf, messageOf, StartupError } from '../../platform/errors/index.ts'
import { isLoopbackHost } from '../../platform/http/index.ts'
import { Certificate, type CertificateFiles } from '../../platform/tls/index.ts'
import type { FspContext } from '../app/context.ts'
import type { SecurityProfile } from './admission.ts'

/** Where charge points connect, and how they prove themselves there. */
export interface OcppPort {
  host: string
  /** 0 takes any free one. */
  port: number
  /** Our certificate: security profile 2, or with `caFile` 3, for which charge points need a certificate from one of its authorities. */
  tls?: CertificateFiles
  /** Whether passwords may pass in the clear beyond this machine, as through a VPN. */
  isPlainAllowed?: boolean
}

export interface OcppServer {
  /** `wss://192.0.2.1:7811/ocpp`; charge points append their identity. */
  readonly url: string
  readonly profile: SecurityProfile
  close(): Promise<void>
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

const limits = { maxHeaderSize: 8_192, headersTimeout: 10_000, requestTimeout: 10_000 }
const handshakeTimeoutMs = 10_000
/** Each waiting or connected charge point holds one. */
const maxConnections = 5_000

/** Opens the port for charge points. Throws a `StartupError` if passwords would pass in the clear beyond this machine. */
export async function openOcppPort(
  { clock, log }: Pick<FspContext, 'clock' | 'log'>,
  options: OcppPort,
  onUpgrade: Upgrade,
): Promise<OcppServer> {
  const { host, tls, isPlainAllowed = false } = options
  if (!tls && !isPlainAllowed && !isLoopbackHost(host))
    throw new StartupError(
      `Charge points would send their passwords in the clear to ${host}: give --ocpp-tls-cert and --ocpp-tls-key, or, if the network between is a VPN or equally closed, --ocpp-plain.`,
    )
  const certificate = tls ? Certificate.open(tls, 'the port for charge points', clock, log) : null
  const profile = !tls ? 1 : tls.caFile === undefined ? 2 : 3
  const server = certificate ? createSecured(certificate, profile) : createPlainServer(limits)
  server.on('request', (_request, response) => response.writeHead(404).end())
  server.on('upgrade', onUpgrade)
  server.on('tlsClientError', (error, socket) =>
    log.debug({ address: socket.remoteAddress, reason: messageOf(error) }, 'TLS handshake for charge points failed'),
  )
  server.maxConnections = maxConnections
  try {
    await bind(server, options)
  } catch (error) {
    certificate?.close()
    throw error
  }
  const { port } = server.address() as AddressInfo
  return {
    url: `${certificate ? 'wss' : 'ws'}://${host}:${port}/ocpp`,
    profile,
    async close() {
      certificate?.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function createSecured(certificate: Certificate, profile: SecurityProfile) {
  const server = createTlsServer({
    ...limits,
    ...contextOf(certificate),
    handshakeTimeout: handshakeTimeoutMs,
    requestCert: profile === 3,
    // A client without a good certificate is refused at the upgrade, so that it is recorded and answered as any other.
    rejectUnauthorized: false,
  })
  certificate.onChange(() => server.setSecureContext(contextOf(certificate)))
  return server
}

function contextOf({ material }: Certificate) {
  return { ...material, minVersion: 'TLSv1.2' } as const
}

async function bind(server: Server, { host, port }: OcppPort): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => resolve())
    })
  } catch (error) {
    const why = codeOf(error) === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${messageOf(error)})`
    throw new StartupError(`Port ${port} on ${host}, for charge points, ${why}: choose another with --ocpp-port.`)
  }
}
