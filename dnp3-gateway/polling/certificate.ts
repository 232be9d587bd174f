import { statSync } from 'node:fs'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import { messageOf, StartupError } from '../../platform/errors/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { type TlsFiles, TlsIdentity } from '../dnp3/index.ts'

/** How often the files are looked at. */
const checkMs = 60_000

/** A certificate that ends sooner than this is warned of, once a day. */
const warningMs = 30 * 86_400_000
const dayMs = 86_400_000

/** What the gateway shows to hubs that are called by TLS: read from files, and read again when they change. */
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
        `The gateway’s certificate cannot be used (${messageOf(error)}): check that ${names} are PEM files that fit each other.`,
      )
    }
  }

  close(): void {
    this.#timer.cancel()
  }

  /** A certificate that is half replaced is passed over until all its files fit; connections go on with the old one. */
  #check(nowMs: number): void {
    this.#warnOfEnd(nowMs)
    try {
      const version = versionOf(this.#files)
      if (version === this.#version) return
      this.identity.reload()
      this.#version = version
      this.#log.info({ ends: new Date(this.identity.expiresMs).toISOString() }, 'certificate was replaced')
    } catch (error) {
      this.#log.error({ err: error }, 'certificate cannot be replaced: the old one stays')
    }
  }

  #warnOfEnd(nowMs: number): void {
    const ends = this.identity.expiresMs
    if (ends - nowMs > warningMs || nowMs - this.#warnedMs < dayMs) return
    this.#warnedMs = nowMs
    this.#log.warn({ ends: new Date(ends).toISOString() }, 'certificate ends soon')
  }
}

function versionOf({ caFile, certFile, keyFile }: TlsFiles): string {
  return [caFile, certFile, keyFile].map((file) => statSync(file).mtimeMs).join(' ')
}
