import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { SecretBox } from '../../platform/secrets/index.ts'
import type { ChargePointModel, DepotSeed } from '../../schemas/fsp/depots.ts'

/** What the market's side of an FSP works with, whatever its units are. */
export interface MarketContext {
  db: Database
  clock: Clock
  log: Log
  secrets: SecretBox
  /** The FSP's own address, which it gives to the DNO. */
  publicUrl: string
  /** The DNO's server. */
  dnoUrl: string
}

/** What every part of the FSP works with; created once in `app/`. */
export interface FspContext extends MarketContext {
  depots: readonly DepotSeed[]
  models: readonly ChargePointModel[]
}
