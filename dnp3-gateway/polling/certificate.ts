import { statSync } from 'node:fs'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import { messageOf, StartupError } from '../../platform/errors/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { type TlsFiles, TlsIdentity } from '../dnp3/index.ts'

/** How often the files are checked. */
const checkMs = 60_000

/** Warn once a day of a certificate that expires sooner than this. */
const warningMs = 30 * 86_400_000
const dayMs = 86_400_000

/** The certificate that the gateway presents to hubs over TLS: read from files, and read again when they change. */
export class Certificate {
  readonly identity: TlsIdentity
  readonly #files: TlsFiles
  readonly #log: Log
  readonly #timer: Timer
  #version: string
  #warnedMs = Number.NEGATIVE_INFINITY

  private constructor(files: TlsFiles, identity: TlsIdentity, clock: Clock, log: Log) {
    this.#files = files
    this.#log = log
    this.identity = identity
    this.#version = versionOf(files)
    this.#warnOfEnd(clock.now().toEpochMilli())
    this.#timer = clock.every('gateway certificate', checkMs, async (at) => this.#check(at.toEpochMilli()))
  }

  /** Throws a `StartupError` if the files cannot be used. */
  static open(files: TlsFiles, clock: Clock, log: Log): Certificate {
    try {
      return new Certificate(files, TlsIdentity.fromFiles(files), clock, log)
    } catch (error) {
      const names = [files.certFile, files.keyFile, files.caFile].join(', ')
      throw new StartupError(
        `The gateway’s certificate cannot be used (${messageOf(error)}): check that ${names} are PEM files that belong together.`,
      )
    }
  }

  close(): void {
    this.#timer.cancel()
  }

  /** A half-replaced certificate is ignored until all its files belong together; connections keep the old one. */
  #check(nowMs: number): void {
    this.#warnOfEnd(nowMs)
    try {
      const version = versionOf(this.#files)
      if (version === this.#version) return
      this.identity.reload()
      this.#version = version
      this.#log.info({ ends: new Date(this.identity.expiresMs).toISOString() }, 'certificate replaced')
    } catch (error) {
      this.#log.error({ err: error }, 'new certificate cannot be used: keeping the old one')
    }
  }

  #warnOfEnd(nowMs: number): void {
    const ends = this.identity.expiresMs
    if (ends - nowMs > warningMs || nowMs - this.#warnedMs < dayMs) return
    this.#warnedMs = nowMs
    this.#log.warn({ ends: new Date(ends).toISOString() }, 'certificate expires soon')
  }
}

function versionOf({ caFile, certFile, keyFile }: TlsFiles): string {
  return [caFile, certFile, keyFile].map((file) => statSync(file).mtimeMs).join(' ')
}
