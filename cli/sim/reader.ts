import postgres from 'postgres'
import {
  type Batch,
  type Issued,
  keyOfBatch,
  keyOfReading,
  type Measured,
  type Observed,
  type Stored,
  type Taken,
  type Version,
} from './observed.ts'

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
      union all select profile_id::text, 'profile.applied', 1 from profile where applied_at is not null
      union all select profile_id::text, 'profile.approved', 1 from profile
        where applied_at is not null and state in ('approved', 'superseded', 'expired')
      union all select profile_id::text, 'profile.rejected', 1 from profile where state = 'rejected'
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
    const rows = await this.#server<Stored[]>`
      select fu_id as "fuId", meter_id as "meterId", revision, (extract(epoch from period_start) * 1000)::float8 as "periodStartMs",
        count(*)::int as count, max(energy_wh) as "energyWh", bool_or(quality = 'estimated') as "isEstimate"
      from meter_reading where source = 'upload' and period_start >= ${new Date(sinceMs).toISOString()}
      group by 1, 2, 3, 4`
    return new Map(rows.map((row) => [keyOfReading(row), row]))
  }

  /** Batches of measurements that are stored. */
  async batches(sinceMs: number): Promise<Map<string, Batch>> {
    const rows = await this.#server<(Measured & Omit<Batch, 'readings'>)[]>`
      select hub_id as "hubId", sequence::float8 as sequence, feeder, phase, quantity, value,
        (extract(epoch from device_time) * 1000)::float8 as "deviceMs", (extract(epoch from received_time) * 1000)::float8 as "receivedMs"
      from measurement where received_time >= ${new Date(sinceMs).toISOString()}`
    return new Map(
      [...Map.groupBy(rows, keyOfBatch)].flatMap(([key, readings]) => {
        const [first] = readings
        return first ? [[key, { hubId: first.hubId, sequence: first.sequence, readings }]] : []
      }),
    )
  }

  /** All versions of limits. */
  async versions(): Promise<Version[]> {
    return this.#server<Version[]>`
      select profile_id as "profileId", connection_id as "connectionId", version, state, valid_from::text as "validFrom",
        valid_to::text as "validTo", fallback_limit_w as "fallbackLimitW", limits, applied_by as "appliedBy", decided_by as "decidedBy"
      from profile order by connection_id, version`
  }

  /** Subjects of the audit trail with the actions about each. */
  async audited(): Promise<Map<string, string[]>> {
    const rows = await this.#server<{ id: string; actions: string[] }[]>`
      select subject_id as id, array_agg(action) as actions from audit_entry group by 1`
    return new Map(rows.map(({ id, actions }) => [id, actions]))
  }
}
