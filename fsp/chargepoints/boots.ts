import type { FspContext } from '../app/context.ts'
import { chargePoint } from './tables.ts'

/** What a charge point said of itself when it last booted. */
export type Boot = typeof chargePoint.$inferSelect

/** What charge points said of themselves when they last booted. */
export class Boots {
  readonly #context: Pick<FspContext, 'db' | 'clock'>
  readonly #known = new Map<string, Boot>()

  constructor(context: Pick<FspContext, 'db' | 'clock'>) {
    this.#context = context
  }

  async load(): Promise<void> {
    for (const row of await this.#context.db.select().from(chargePoint)) this.#known.set(row.identity, row)
  }

  get all(): readonly Boot[] {
    return [...this.#known.values()]
  }

  /** The firmware that each charge point last reported; `null`: it reported none. */
  firmware(): Map<string, string | null> {
    return new Map(this.all.map(({ identity, firmware }) => [identity, firmware]))
  }

  /** Keeps what a charge point says of itself; `true` if its firmware is another than before. */
  async note(identity: string, said: Pick<Boot, 'vendor' | 'model' | 'firmware'>): Promise<boolean> {
    const row = { ...said, bootedAt: this.#context.clock.now() }
    await this.#context.db
      .insert(chargePoint)
      .values({ identity, ...row })
      .onConflictDoUpdate({ target: chargePoint.identity, set: row })
    const before = this.#known.get(identity)
    this.#known.set(identity, { identity, ...row })
    return before?.firmware !== row.firmware
  }
}
