import { InvalidArgumentError, type Option } from 'commander'
import type { Clock } from '../platform/clock/index.ts'
import { StartupError } from '../platform/errors/index.ts'
import { isPlainBeyondLoopback, transportFault } from '../platform/http/index.ts'
import type { Log } from '../platform/log/index.ts'
import { Certificate } from '../platform/tls/index.ts'
import { option, parseHttpUrl } from './options.ts'

/** Flags of a process that others call. */
export interface TransportFlags {
  host: string
  publicUrl?: string
  tlsCert?: string
  tlsKey?: string
}

/** An address to which secrets are sent: https, or http on this machine. */
export function parseSafeUrl(text: string): string {
  const url = parseHttpUrl(text)
  if (isPlainBeyondLoopback(url))
    throw new InvalidArgumentError('Secrets would pass in the clear: it must begin with https, except on this machine.')
  return url
}

/** `--public-url`, `--tls-cert` and `--tls-key`. */
export function transportOptions(what: string): Option[] {
  return [
    option('--public-url <url>', `address by which others reach ${what} (default: that of its port)`, {
      env: 'RINGMAIN_PUBLIC_URL',
      parse: parseHttpUrl,
    }),
    option('--tls-cert <file>', 'certificate with its chain (PEM) for https at the port; read again when it changes', {
      env: 'RINGMAIN_TLS_CERT',
    }),
    option('--tls-key <file>', 'its key (PEM)', { env: 'RINGMAIN_TLS_KEY' }),
  ]
}

/**
 * The certificate that the flags name, `null` without. Throws a `StartupError` if secrets would pass in the clear beyond this machine.
 * @param what the process in the middle of a sentence: `the server`.
 */
export function safeTransport(
  { host, publicUrl, tlsCert, tlsKey }: TransportFlags,
  what: string,
  { clock, log, hasProxy }: { clock: Clock; log: Log; hasProxy: boolean },
): Certificate | null {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new StartupError('TLS needs both --tls-cert and --tls-key.')
  const fault = transportFault({
    what: what.replace(/^t/, 'T'),
    host,
    publicUrl,
    hasTls: tlsCert !== undefined,
    hasProxy,
  })
  if (fault) throw new StartupError(fault)
  if (tlsCert === undefined || tlsKey === undefined) return null
  return Certificate.open({ certFile: tlsCert, keyFile: tlsKey }, what, clock, log)
}
