import type { ConnectionSummary } from '../../schemas/grid/connections.ts'
import type { Reading } from '../../schemas/grid/measurements.ts'
import type { ProfileVersion } from '../../schemas/grid/profiles.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import type { Statement } from '../../schemas/settlement/statements.ts'

/** An interval of an instruction: W from `fromMs` to `toMs` (epoch ms). */
export interface Interval {
  readonly fromMs: number
  readonly toMs: number
  readonly turnDownW: number
}

/** An instruction as an FSP has it in its own books. */
export interface Taken {
  /** Place of the FSP, from 0. */
  readonly fsp: number
  readonly instructionId: string
  readonly fuId: string
  readonly product: string
  readonly intervals: readonly Interval[]
  readonly receivedMs: number
  readonly expiresMs: number
  readonly supersedes: string | null
  readonly isAccepted: boolean
}

/** An instruction as the DNO has it. */
export interface Issued {
  readonly instructionId: string
  readonly fuId: string
  readonly product: string
  readonly fromMs: number
  readonly state: string
  readonly supersedes: string | null
}

/** A sending of an instruction, as it went over the wire. */
export interface Sending {
  readonly instructionId: string
  readonly atMs: number
  readonly expiresMs: number
}

/** A reading that an FSP uploaded and the DNO answered with success: from then on it may not be lost. */
export interface Acknowledged {
  readonly fuId: string
  readonly meterId: string
  readonly periodStartMs: number
  readonly revision: number
  readonly energyWh: number | null
}

/** A reading as it is stored, and how often. */
export interface Stored extends Acknowledged {
  readonly count: number
  /** Whether its sender said that it estimated it. */
  readonly isEstimate: boolean
}

/** A measurement as a gateway sends it and the server stores it; times are epoch ms. */
export interface Measured extends Pick<Reading, 'feeder' | 'phase' | 'quantity' | 'value'> {
  /** By the hub's own clock; `null` for one that was read and not told as a change. */
  readonly deviceMs: number | null
  readonly receivedMs: number
}

/** A batch of measurements of one hub. */
export interface Batch {
  readonly hubId: string
  readonly sequence: number
  readonly readings: readonly Measured[]
}

/** A change that a hub handed over and that the gateway confirmed to it: the hub has forgotten it. */
export interface HandedOver extends Omit<Measured, 'receivedMs'> {
  readonly hubId: string
}

/** What limits the import of a connection, as the portal shows it. */
export interface ShownLimit extends Pick<ConnectionSummary, 'connectionId' | 'limitW' | 'limitSource'> {
  /** The server's time of the answer, epoch ms. */
  readonly atMs: number
  readonly ascW: number
  readonly applying: NonNullable<ConnectionSummary['limitsApplying']>
}

/** A version of the limits that were applied for or agreed with a customer, as it is stored; its days are `YYYY-MM-DD`. */
export interface Version
  extends Pick<
    ProfileVersion,
    'profileId' | 'connectionId' | 'version' | 'state' | 'validFrom' | 'validTo' | 'fallbackLimitW' | 'limits'
  > {
  readonly appliedBy: string
  readonly decidedBy: string | null
}

/** What the portal answered to a planner who decided on an application. */
export interface Decision {
  readonly profileId: string
  readonly state: 'approved' | 'rejected'
}

/** Rows that somebody was shown, with the FSP that each belongs to. */
export interface Shown {
  readonly to: string
  readonly operation: string
  /** The FSP that the reader acts for. */
  readonly fspId: string
  readonly rows: readonly { readonly id: string; readonly fspId: string | null }[]
}

/** Two settlements of the same month, one after the other. */
export interface SettledTwice {
  readonly first: Statement
  readonly second: Statement
}

/** Everything that was observed of a world from outside, up to a step. */
export interface Observed {
  readonly nowMs: number
  readonly contracts: readonly Pick<Contract, 'fuId' | 'product' | 'turnDownW' | 'windows' | 'validFrom' | 'validTo'>[]
  readonly taken: readonly Taken[]
  readonly issued: readonly Issued[]
  readonly sendings: readonly Sending[]
  readonly acknowledged: readonly Acknowledged[]
  /** By `keyOfReading`. */
  readonly stored: ReadonlyMap<string, Stored>
  /** Batches that the gateway sent and the server answered with success: from then on they may not be lost. */
  readonly delivered: readonly Batch[]
  /** Batches that are stored, by `keyOfBatch`. */
  readonly batches: ReadonlyMap<string, Batch>
  /** Once the day is over and everything has been delivered. */
  readonly handedOver: readonly HandedOver[]
  /** Of each connection, as each server that is up shows it in this step. */
  readonly limits: readonly ShownLimit[]
  readonly versions: readonly Version[]
  readonly decisions: readonly Decision[]
  /** What is wrong with the audit chain; `null`: nothing. */
  readonly auditFault: string | null
  /** Changes that are stored: what each is about, what the audit trail calls it, and how many there are. */
  readonly changes: readonly { readonly subjectId: string; readonly action: string; readonly count: number }[]
  /** Subjects of the audit trail with the actions about each. */
  readonly audited: ReadonlyMap<string, readonly string[]>
  /** Once the day is over. */
  readonly settled: readonly SettledTwice[]
  readonly shown: readonly Shown[]
}

/** What holds at every step of every day, whatever goes wrong. Each answers what breaks it, in words; nothing where it holds. */
export type Invariant = (seen: Observed) => string[]

/** By what a reading is told from others. */
export function keyOfReading({ fuId, meterId, periodStartMs, revision }: Omit<Acknowledged, 'energyWh'>): string {
  return `${fuId} ${meterId} ${periodStartMs} ${revision}`
}

/** By what a batch is told from others. */
export function keyOfBatch({ hubId, sequence }: Pick<Batch, 'hubId' | 'sequence'>): string {
  return `${hubId} ${sequence}`
}
