import postgres from 'postgres'
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

/** How often a reading is stored, and its value. */
export interface Stored {
  readonly count: number
  readonly energyWh: number | null
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

/** By what a reading is told from others. */
export function keyOfReading({ fuId, meterId, periodStartMs, revision }: Omit<Acknowledged, 'energyWh'>): string {
  return `${fuId} ${meterId} ${periodStartMs} ${revision}`
}

/** Reads the databases of a world as their owner, past everything that is simulated. */
export class Reader {
  readonly #server: postgres.Sql
  readonly #fsps: postgres.Sql[]

  constructor(databases: { server: string; fsps: readonly string[] }) {
    const open = (url: string) => postgres(url, { max: 1, onnotice: () => undefined })
    this.#server = open(databases.server)
    this.#fsps = databases.fsps.map(open)
  }

  async close(): Promise<void> {
    await Promise.all([this.#server, ...this.#fsps].map((client) => client.end({ timeout: 1 })))
  }

  /** What the FSPs have in their books. */
  async taken(): Promise<Taken[]> {
    const all = await Promise.all(
      this.#fsps.map((client, fsp) =>
        client<Omit<Taken, 'fsp'>[]>`
          select instruction_id as "instructionId", fu_id as "fuId", product, supersedes, outcome = 'accepted' as "isAccepted",
            (extract(epoch from received_at) * 1000)::float8 as "receivedMs",
            (extract(epoch from expires_at) * 1000)::float8 as "expiresMs",
            (select json_agg(json_build_object('fromMs', extract(epoch from (i ->> 'from')::timestamptz) * 1000,
              'toMs', extract(epoch from (i ->> 'to')::timestamptz) * 1000, 'turnDownW', (i ->> 'turnDownW')::float8))
              from jsonb_array_elements(intervals) i) as intervals
          from received_instruction`.then((rows) => rows.map((row) => ({ ...row, fsp }))),
      ),
    )
    return all.flat()
  }

  /** The contracts with the FSP of each. */
  async contracts(): Promise<(Observed['contracts'][number] & { fspId: string })[]> {
    return this.#server<(Observed['contracts'][number] & { fspId: string })[]>`
      select fsp_id as "fspId", fu_id as "fuId", product, turn_down_w as "turnDownW", windows,
        valid_from::text as "validFrom", valid_to::text as "validTo"
      from contract order by product, fu_id`
  }

  /** The FSPs in the order of their places: of each the DNO knows the address of its control API. */
  async fsps(): Promise<string[]> {
    const own = await Promise.all(
      this.#fsps.map((client) => client<{ id: string }[]>`select application_id as id from registration`),
    )
    return own.map(([row]) => row?.id ?? '')
  }

  /** The DNO's rows that each stand for a change, as the audit trail is to name them. */
  async changes(): Promise<Observed['changes']> {
    return this.#server<Observed['changes'][number][]>`
      select fu_id::text as "subjectId", 'dispatch-schedule.saved' as action, count(*)::int as count
      from dispatch_schedule where kind = 'manual' group by 1
      union all select statement_id::text, 'statement.prepared', 1 from statement
      union all select contract_id::text, 'contract.entered', 1 from contract where tender_id is null`
  }

  /** What the DNO has of its instructions. */
  async issued(): Promise<Issued[]> {
    return this.#server<Issued[]>`
      select instruction_id as "instructionId", fu_id as "fuId", product, state, supersedes,
        (extract(epoch from from_at) * 1000)::float8 as "fromMs"
      from instruction`
  }

  /** Readings that are stored, by their keys. */
  async stored(sinceMs: number): Promise<Map<string, Stored>> {
    const rows = await this.#server<(Acknowledged & Stored)[]>`
      select fu_id as "fuId", meter_id as "meterId", revision, (extract(epoch from period_start) * 1000)::float8 as "periodStartMs",
        count(*)::int as count, max(energy_wh) as "energyWh"
      from meter_reading where source = 'upload' and period_start >= ${new Date(sinceMs).toISOString()}
      group by 1, 2, 3, 4`
    return new Map(rows.map((row) => [keyOfReading(row), { count: row.count, energyWh: row.energyWh }]))
  }

  /** Subjects of the audit trail with the actions about each. */
  async audited(): Promise<Map<string, string[]>> {
    const rows = await this.#server<{ id: string; actions: string[] }[]>`
      select subject_id as id, array_agg(action) as actions from audit_entry group by 1`
    return new Map(rows.map(({ id, actions }) => [id, actions]))
  }
}
