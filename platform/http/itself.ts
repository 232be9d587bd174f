import { isIPv6 } from 'node:net'
import type { Certificate, CertificateMaterial } from '../tls/index.ts'
import { createOutboundFetch } from './outbound.ts'
import type { OutboundFetch } from './outbound-fetch.ts'

/** Host of a URL for an address to listen on: IPv6 in brackets. */
export function hostForUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

/** An address at which this machine reaches a port that listens on `host`. */
function nearHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return hostForUrl(host === '::' ? '::1' : host)
}

/**
 * Calls a port of this process by any of its public addresses, but directly: not through the proxy in front of it, nor by a name that this
 * machine may not resolve. Over TLS exactly its own certificate is accepted, whoever issued it.
 */
export function fetchFromItself(host: string, port: number, certificate: Certificate | null): OutboundFetch {
  const base = `${certificate ? 'https' : 'http'}://${nearHost(host)}:${port}`
  let made = outboundTo(certificate?.material ?? null)
  certificate?.onChange((material) => {
    made = outboundTo(material)
  })
  return (url, init) => {
    const { pathname, search } = new URL(url)
    return made(`${base}${pathname}${search}`, init)
  }
}

function outboundTo(material: CertificateMaterial | null): OutboundFetch {
  if (!material) return createOutboundFetch({ isForbidden: null })
  const tls = { ca: material.cert, allowPartialTrustChain: true, checkServerIdentity: () => undefined }
  return createOutboundFetch({ isForbidden: null, tls })
}
