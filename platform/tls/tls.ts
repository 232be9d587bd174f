import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Clock, Timer } from '../clock/index.ts'
import { messageOf, StartupError } from '../errors/index.ts'
import type { Log } from '../log/index.ts'

/** Files (PEM) of a certificate with its chain, and its key; `caFile` holds the authorities that the other side's certificates must come from. */
export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
  readonly caFile?: string
}

/** What the files hold. */
export interface CertificateMaterial {
  readonly cert: string
  readonly key: string
  readonly ca?: string
}

/** How often the files are checked. */
const checkMs = 60_000

const dayMs = 86_400_000

/** Its end is logged when it is this near, days: ever more urgently. */
const warnings = [
  { days: 1, level: 'error' },
  { days: 7, level: 'warn' },
  { days: 30, level: 'info' },
] as const

/** A certificate from files that are read again when they change: connections keep the old one, new ones get the new one. */
export class Certificate {
  readonly #files: CertificateFiles
  readonly #what: string
  readonly #log: Log
  readonly #timer: Timer
  readonly #listeners = new Set<(material: CertificateMaterial) => void>()
  #material: CertificateMaterial
  #warnedOf: string | null = null

  private constructor(files: CertificateFiles, material: CertificateMaterial, what: string, clock: Clock, log: Log) {
    this.#files = files
    this.#material = material
    this.#what = what
    this.#log = log
    this.#warnOfEnd(clock.now().toEpochMilli())
    this.#timer = clock.every(`certificate of ${what}`, checkMs, async (at) => this.#check(at.toEpochMilli()))
  }

  /** Throws a `StartupError` if the files cannot be used. @param what whose it is, as in `The certificate of the server`. */
  static open(files: CertificateFiles, what: string, clock: Clock, log: Log): Certificate {
    try {
      return new Certificate(files, materialIn(files), what, clock, log)
    } catch (error) {
      const names = [files.certFile, files.keyFile, files.caFile].filter(Boolean).join(', ')
      throw new StartupError(
        `The certificate of ${what} cannot be used (${messageOf(error)}): check that ${names} are PEM files that belong together.`,
      )
    }
  }

  get material(): CertificateMaterial {
    return this.#material
  }

  /** When it expires, ms since 1970 UTC. */
  get expiresMs(): number {
    return Date.parse(new X509Certificate(this.#material.cert).validTo)
  }

  /** Calls back with each new certificate; returns a function that stops it. */
  onChange(listener: (material: CertificateMaterial) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#timer.cancel()
  }

  /** A half-replaced certificate is ignored until all its files belong together; connections keep the old one. */
  #check(nowMs: number): void {
    try {
      const found = materialIn(this.#files)
      if (digestOf(found) !== digestOf(this.#material)) this.#replace(found)
    } catch (error) {
      this.#log.error({ err: error }, `the new certificate of ${this.#what} cannot be used: keeping the old one`)
    }
    this.#warnOfEnd(nowMs)
  }

  #replace(material: CertificateMaterial): void {
    this.#material = material
    for (const listener of this.#listeners) listener(material)
    this.#log.info({ ends: new Date(this.expiresMs).toISOString() }, `certificate of ${this.#what} replaced`)
  }

  /** Once for each step, and once a day in the last week. */
  #warnOfEnd(nowMs: number): void {
    const leftMs = this.expiresMs - nowMs
    const step = warnings.find(({ days }) => leftMs <= days * dayMs)
    if (!step) return
    const ends = new Date(this.expiresMs).toISOString()
    const key = `${ends} ${step.days === 30 ? 30 : Math.floor(leftMs / dayMs)}`
    if (this.#warnedOf === key) return
    this.#warnedOf = key
    this.#log[step.level]({ ends }, `the certificate of ${this.#what} expires soon: replace its files`)
  }
}

function materialIn({ certFile, keyFile, caFile }: CertificateFiles): CertificateMaterial {
  const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')]
  const material = { cert, key, ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }) }
  createSecureContext(material)
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new Error('the key is not that of the certificate')
  return material
}

function digestOf({ cert, key, ca = '' }: CertificateMaterial): string {
  return createHash('sha256')
    .update(JSON.stringify([cert, key, ca]))
    .digest('hex')
}
