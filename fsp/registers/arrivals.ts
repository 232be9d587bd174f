import type { Log } from '../../platform/log/index.ts'
import { type Identified, identify } from './identity.ts'
import type { Registers } from './registers.ts'
import type { Unknowns } from './unknowns.ts'
import type { Warnings } from './warnings.ts'

/** The charge point that an identifier was shown at. */
interface Place {
  readonly identity: string
  readonly depotId: string
}

/** Watches who comes to the charge points: notes what is unknown, and warns of what does not fit the registers (I16, H20). */
export class Arrivals {
  readonly #parts: { registers: Registers; unknowns: Unknowns; warnings: Warnings; log: Log }

  constructor(parts: { registers: Registers; unknowns: Unknowns; warnings: Warnings; log: Log }) {
    this.#parts = parts
  }

  /** An identifier was shown, whether or not a charge follows. Returns what the registers say of it. */
  async shown(place: Place, idTag: string): Promise<Identified> {
    const { registers, unknowns, log } = this.#parts
    const found = identify(registers.now(), place.depotId, idTag)
    if (found.is === 'unknown') {
      log.warn({ identity: place.identity, idTag }, 'unknown token: using the default priority')
      const kind = found.isOfVehicle ? 'vehicle' : 'token'
      await unknowns.saw(kind, idTag, { depotId: place.depotId, place: place.identity })
    }
    if (found.mismatch && found.mismatch.kind !== 'unidentified-vehicle') await this.#warn(place, idTag, found.mismatch)
    return found
  }

  /** A charge has begun with an identifier. It goes on whatever the registers say; what does not fit is to be resolved. */
  async began(place: Place, idTag: string): Promise<void> {
    const { mismatch } = identify(this.#parts.registers.now(), place.depotId, idTag)
    if (mismatch) await this.#warn(place, idTag, mismatch)
  }

  /** A token is shown, or charges, while it charges at other sockets too: it may be one vehicle's only (DDB09–11). */
  twice(
    at: { unit: Place; connector: number | null },
    idTag: string,
    others: readonly { unit: Pick<Place, 'identity'>; connector: number }[],
  ): Promise<void> {
    const { unit, connector } = at
    const here = connector === null ? unit.identity : `${unit.identity}/${connector}`
    const there = others.map((other) => `${other.unit.identity}/${other.connector}`).join(', ')
    const did = connector === null ? 'was shown' : 'charges'
    this.#parts.log.warn({ identity: unit.identity, idTag, also: there }, 'same token at two sockets')
    const sentence = `Token ${idTag} ${did} at ${here} while it charges at ${there}.`
    return this.#warn(unit, idTag, { kind: 'token-twice', sentence })
  }

  #warn({ identity, depotId }: Place, subject: string, mismatch: NonNullable<Identified['mismatch']>): Promise<void> {
    return this.#parts.warnings.raise({ ...mismatch, depotId, subject: subject || identity, place: identity })
  }
}
