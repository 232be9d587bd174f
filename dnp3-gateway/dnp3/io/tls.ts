/** Mutual TLS as IEEE 1815-2012 clause 7.4 and IEC 62351-3 require: both ends show a certificate of a trusted authority. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type PeerCertificate, type SecureContext, type TLSSocket } from 'node:tls'

/** Own certificate and key, and the authorities whose certificates are accepted; all PEM. */
export interface TlsMaterial {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface TlsFiles {
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
}

/**
 * The certificate that one end shows. It can be replaced at run time: existing connections continue, new ones use the new
 * certificate. One identity may serve any number of connections and ports.
 */
export class TlsIdentity {
  private material: TlsMaterial
  /** By version range: a context is bound to one, and thousands of connections share it. */
  private readonly contexts = new Map<string, SecureContext>()
  private readonly files: TlsFiles | null
  private readonly listeners = new Set<() => void>()

  /** Throws if key and certificate do not belong together or cannot be read. */
  constructor(material: TlsMaterial, files: TlsFiles | null = null) {
    this.material = material
    createSecureContext(material)
    this.files = files
  }

  static fromFiles(files: TlsFiles): TlsIdentity {
    return new TlsIdentity(readFiles(files), files)
  }

  /** When our own certificate expires, in ms since 1970 UTC. */
  get expiresMs(): number {
    return Date.parse(new X509Certificate(this.material.cert).validTo)
  }

  get current(): Readonly<TlsMaterial> {
    return this.material
  }

  /** The context for connections within these versions. */
  secureContext({ minVersion, maxVersion }: TlsVersions): SecureContext {
    const key = `${minVersion} ${maxVersion}`
    const context = this.contexts.get(key) ?? createSecureContext({ ...this.material, minVersion, maxVersion })
    this.contexts.set(key, context)
    return context
  }

  /** Uses new material, or reads the files again. If it is unusable this throws, and the old material remains in use. */
  reload(material?: TlsMaterial): void {
    const next = material ?? (this.files === null ? this.material : readFiles(this.files))
    createSecureContext(next)
    this.material = next
    this.contexts.clear()
    for (const listener of this.listeners) listener()
  }

  /** Calls back after each reload; returns a function that stops it. */
  onReload(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

export interface TlsVersions {
  readonly minVersion: TlsVersion
  readonly maxVersion: TlsVersion
}

export interface TlsOptions {
  readonly identity: TlsIdentity
  /** Lowest version; default TLSv1.2. */
  readonly minVersion?: TlsVersion
  /** Default TLSv1.3. */
  readonly maxVersion?: TlsVersion
  /**
   * The peer's certificate must be issued for one of these names: common name, or a DNS, IP or URI alternative. Without them
   * any certificate of the authorities is accepted; as substations have no DNS names, the authority must then be your own.
   */
  readonly peerNames?: readonly string[]
}

export function versionsOf({ minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' }: TlsOptions): TlsVersions {
  return { minVersion, maxVersion }
}

/** All names in a certificate. */
export function certificateNames(certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>): string[] {
  const alternatives = (certificate.subjectaltname ?? '')
    .split(', ')
    .map((name) => name.replace(/^(DNS|IP Address|URI):/, ''))
  return [certificate.subject?.CN, ...alternatives].filter(
    (name) => typeof name === 'string' && name !== '',
  ) as string[]
}

/** Why a peer is refused, or undefined. The handshake has already checked authority and validity. */
export function refusePeer(socket: TLSSocket, { peerNames }: TlsOptions): Error | undefined {
  if (peerNames === undefined) return undefined
  const names = certificateNames(socket.getPeerCertificate())
  if (names.some((name) => peerNames.includes(name))) return undefined
  return new Error(`the peer’s certificate is for ${names.join(', ') || 'no name'}`)
}

function readFiles({ caFile, certFile, keyFile }: TlsFiles): TlsMaterial {
  return { ca: readFileSync(caFile, 'utf8'), cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}
