import type { Clock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { Certificate as FileCertificate } from '../../platform/tls/index.ts'
import { type TlsFiles, TlsIdentity } from '../dnp3/index.ts'

/** The certificate that the gateway presents to hubs over TLS: read from files, and read again when they change. */
export class Certificate {
  readonly identity: TlsIdentity
  readonly #file: FileCertificate

  private constructor(files: TlsFiles, file: FileCertificate) {
    const ca = (material: FileCertificate['material']) => ({ ...material, ca: material.ca ?? '' })
    this.#file = file
    this.identity = new TlsIdentity(ca(file.material), files)
    file.onChange((material) => this.identity.reload(ca(material)))
  }

  /** Throws a `StartupError` if the files cannot be used. */
  static open(files: TlsFiles, clock: Clock, log: Log): Certificate {
    return new Certificate(files, FileCertificate.open(files, 'the gateway', clock, log))
  }

  close(): void {
    this.#file.close()
  }
}
