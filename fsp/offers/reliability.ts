import type { Instant } from '@js-joda/core'
import { reliabilityOperations } from '../../schemas/settlement/reliability.ts'
import type { DnoApi } from '../flexibility/index.ts'

/** Statements come once a month: asking twice a day is enough, ms. */
const keptMs = 12 * 3_600_000

/** What units delivered of what they were instructed, by the DNO's issued statements. */
export class Reliabilities {
  readonly #dno: DnoApi
  readonly #known = new Map<string, { atMs: number; ratio: number }>()

  constructor(dno: DnoApi) {
    this.#dno = dno
  }

  /** The share of a unit, from 0 to 1; 1 before anything was settled, and where the DNO cannot be asked. */
  async of(fuId: string, now: Instant): Promise<number> {
    const atMs = now.toEpochMilli()
    const known = this.#known.get(fuId)
    if (known && atMs - known.atMs < keptMs) return known.ratio
    const answer = await this.#dno.call(reliabilityOperations.readUnitReliability, { params: { id: fuId } })
    if (!answer.ok) return known?.ratio ?? 1
    const ratio = answer.value.ratio ?? 1
    this.#known.set(fuId, { atMs, ratio })
    return ratio
  }
}
