import type { Log } from '../../platform/log/index.ts'
import { complaintsIn, type PassedOver } from '../dnp3/index.ts'

/** How many kinds of complaint to remember and to name: a device that sends noise could invent 65,536 objects. */
const remembered = 100

/**
 * What a hub says that is not understood, and what it says is wrong with a request or with itself. It answers, so it is not offline; each
 * kind of complaint is logged once.
 */
export class Complaints {
  readonly #log: Log
  readonly #logged = new Set<string>()
  /** Those of the last answer to a poll. */
  #present: string[] = []
  #coming = new Set<string>()
  #isCut = false

  constructor(log: Log) {
    this.#log = log
  }

  /** Complaints of the last answer, such as `g115v1` and `IIN2.2 parameterError`; empty when it had none. */
  get present(): readonly string[] {
    return this.#present
  }

  /** Objects in an answer, or in an unsolicited response, that were passed over. */
  passedOver(objects: readonly PassedOver[]): void {
    const names = objects.map(({ group, variation }) => `g${group}v${variation}`)
    for (const name of names) if (this.#coming.size < remembered) this.#coming.add(name)
    if (objects.some(({ cut }) => cut)) this.#isCut = true
    const fresh = this.#fresh(names)
    if (fresh.length === 0) return
    const octets = objects.reduce((sum, object) => sum + object.octets, 0)
    this.#log.warn({ objects: fresh, octets }, 'hub sends objects that are not understood: the rest is kept')
  }

  /** A poll was answered with these indications. Returns whether a part of the answer could not be read. */
  answered(iin: number): boolean {
    const indications = complaintsIn(iin)
    const fresh = this.#fresh(indications)
    if (fresh.length > 0) this.#log.warn({ indications: fresh }, 'hub answers, but complains')
    this.#present = [...this.#coming, ...indications]
    this.#coming = new Set()
    const cut = this.#isCut
    this.#isCut = false
    return cut
  }

  /** The answer was read again by other means: what that held is part of the same complaint. Returns whether it was cut as well. */
  readAgain(): boolean {
    const cut = this.#isCut
    this.#isCut = false
    this.#present = [...new Set([...this.#present, ...this.#coming])]
    this.#coming = new Set()
    return cut
  }

  #fresh(names: readonly string[]): string[] {
    const fresh = [...new Set(names)].filter((name) => !this.#logged.has(name))
    const kept = fresh.slice(0, Math.max(0, remembered - this.#logged.size))
    for (const name of kept) this.#logged.add(name)
    return kept
  }
}
