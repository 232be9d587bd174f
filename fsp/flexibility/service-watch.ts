import type { Instant } from '@js-joda/core'
import type { MarketContext } from '../app/context.ts'
import { declareAfterMs, type Equipment, isOut, wordsOf } from './delivery-rules.ts'
import type { FlexUnits } from './units.ts'

/** How a unit's equipment has been since an instant. */
interface Condition {
  isOut: boolean
  sinceMs: number
  /** Whether it has been acted on. */
  isDone: boolean
}

/**
 * Declares units out of service by itself when half of their sockets or more cannot be controlled for five minutes, and in again when
 * control has been back for as long (K5). What a person declared meanwhile stands.
 */
export class ServiceWatch {
  readonly #context: Pick<MarketContext, 'log'>
  readonly #flexUnits: FlexUnits
  readonly #equipment: (depotId: string) => Equipment
  readonly #conditions = new Map<string, Condition>()

  constructor(context: Pick<MarketContext, 'log'>, flexUnits: FlexUnits, equipment: (depotId: string) => Equipment) {
    this.#context = context
    this.#flexUnits = flexUnits
    this.#equipment = equipment
  }

  /** Looks at every unit. */
  async run(at: Instant): Promise<void> {
    for (const { depotId } of this.#flexUnits.all) await this.#look(depotId, at)
  }

  async #look(depotId: string, at: Instant): Promise<void> {
    const equipment = this.#equipment(depotId)
    const [nowMs, out] = [at.toEpochMilli(), isOut(equipment)]
    const before = this.#conditions.get(depotId)
    const same = before?.isOut === out ? before : { isOut: out, sinceMs: nowMs, isDone: false }
    this.#conditions.set(depotId, same)
    if (same.isDone || nowMs - same.sinceMs < declareAfterMs) return
    same.isDone = true
    const latest = this.#flexUnits.latestDeclaration(depotId, at)
    const isIn = latest?.inService ?? true
    // Only what was declared by itself is taken back by itself.
    if (out ? !isIn : isIn || latest?.declaredBy !== 'watch') return
    const reason = out ? `By itself: ${wordsOf(equipment)}.` : 'By itself: its charge points can be controlled again.'
    this.#context.log.warn({ depotId, inService: !out, reason }, 'unit declared in or out of service by itself')
    await this.#flexUnits.declare({ depotId, inService: !out, effectiveFrom: at, reason, declaredBy: 'watch' })
  }
}
