import { isLoopbackHost } from './internal-addresses.ts'

/** How a process can be reached. */
export interface Exposure {
  /** What it is, at the start of a sentence: `The server`. */
  readonly what: string
  /** Address that it listens on. */
  readonly host: string
  /** The address by which others reach it, if that is stated. */
  readonly publicUrl?: string | undefined
  /** Whether it has a certificate. */
  readonly hasTls: boolean
  /** Whether proxies are stated that end TLS in front of it. */
  readonly hasProxy: boolean
}

const cure =
  'Give it a certificate with --tls-cert and --tls-key, or put a proxy that ends TLS in front of it and name it with --trusted-proxy.'

/**
 * Why a process may not be reached in this way: passwords, cookies, secrets and tokens would pass in the clear beyond this machine
 * (OWASP ASVS 5.0, 12.2.1; RFC 6749 section 1.6). `null` if it may.
 */
export function transportFault({ what, host, publicUrl, hasTls, hasProxy }: Exposure): string | null {
  const isLocal = isLoopbackHost(host)
  if (publicUrl !== undefined && isPlainBeyondLoopback(publicUrl))
    return `${what} would be reached at ${publicUrl}, where secrets pass in the clear. ${cure} Then state its https address with --public-url.`
  if (!isLocal && !hasTls && !hasProxy)
    return `${what} would listen on ${host} without TLS, where secrets pass in the clear. ${cure}`
  if (publicUrl === undefined && (host === '0.0.0.0' || host === '::'))
    return `${what} listens on every address (${host}), so it cannot know which address others use: state it with --public-url.`
  return null
}

/** Whether an address sends what is given to it in the clear, and not only within this machine. */
export function isPlainBeyondLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol !== 'https:' && protocol !== 'wss:' && !isLoopbackHost(hostname)
}
