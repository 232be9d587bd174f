import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { SecretBox } from '../../platform/secrets/index.ts'
import type { Depot, Registers } from '../registers/index.ts'

/** What the market's side of an FSP works with, whatever its units are. */
export interface MarketContext {
  db: Database
  clock: Clock
  log: Log
  secrets: SecretBox
  /** The FSP's own address, which it gives to the DNO. */
  publicUrl: string
  /** The DNO's server; `null` for an FSP that stands alone and takes no part in the market. */
  dnoUrl: string | null
}

/** What every part of the FSP works with; created once in `app/`. */
export interface FspContext extends MarketContext {
  registers: Registers
  /** The depots in use at present: they change while the FSP runs. */
  readonly depots: readonly Depot[]
}
