import type { ControlMode } from '../../schemas/fsp/depot-api.ts'
import type { FspContext } from '../app/context.ts'
import { depotMode } from './tables.ts'

/** Each depot's control mode. The default is live, because a depot without control could exceed its limit. */
export class DepotModes {
  readonly #context: FspContext
  readonly #modes = new Map<string, ControlMode>()

  constructor(context: FspContext) {
    this.#context = context
  }

  async load(): Promise<void> {
    for (const row of await this.#context.db.select().from(depotMode)) this.#modes.set(row.depotId, row.mode)
  }

  of(depotId: string): ControlMode {
    return this.#modes.get(depotId) ?? 'live'
  }

  async set(depotId: string, mode: ControlMode): Promise<void> {
    await this.#context.db
      .insert(depotMode)
      .values({ depotId, mode })
      .onConflictDoUpdate({ target: depotMode.depotId, set: { mode } })
    this.#modes.set(depotId, mode)
  }
}
