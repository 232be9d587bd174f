import { Instant } from '@js-joda/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import type { RegisterName } from '../../schemas/fsp/registers/index.ts'
import {
  type DataOf,
  type Flaw,
  flawsOf,
  holdsAt,
  type Snapshot,
  snapshotAt,
  superseded,
  type Version,
} from './rules.ts'
import { registerVersion } from './tables.ts'

/** A change of an entry: what it is to say, or that it is no longer in use. */
export interface Change<R extends RegisterName = RegisterName> {
  register: R
  key: string
  /** `null`: it is retired, and keeps what it said. */
  data: DataOf<R> | null
}

/** Who changes, from when, and why. `from` absent: at once. */
export interface ChangeBy {
  actor: string
  actorId: string
  from?: Instant
  reason?: string | null
}

/** Records a change in its transaction. */
type Note = (tx: Queryable, versions: readonly Version[]) => Promise<void>

/** A change that would break the registers. Nothing of it was stored. */
export class RegisterFault extends Error {
  override readonly name = 'RegisterFault'
  readonly flaws: readonly Flaw[]

  constructor(flaws: readonly Flaw[]) {
    const [first] = flaws
    super(`${first?.key}, ${first?.field}: ${first?.message}`)
    this.flaws = flaws
  }
}

const idOf = (register: RegisterName, key: string) => `${register}/${key}`

/**
 * The registers of the FSP: what stands at its depots and who drives there, each entry dated and with its history. All of them are held in
 * memory beside the database, since every message and every decision asks them. No entry ever refers to what is not in use: a change after
 * which one would, now or at any later change that is planned, is refused as a whole.
 */
export class Registers {
  readonly #db: Database
  readonly #clock: Clock
  readonly #versions = new Map<string, Version[]>()
  readonly #listeners: (() => Promise<void> | void)[] = []
  #current: { snapshot: Snapshot; fromMs: number; untilMs: number } | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  async load(): Promise<void> {
    const rows = await this.#db.select().from(registerVersion).orderBy(registerVersion.version)
    for (const row of rows) this.#append(row as Version)
    this.#watch(rows.map(({ validFrom }) => validFrom))
  }

  /** Calls back after each change that holds now, and when a planned one begins to hold. */
  onChange(listener: () => Promise<void> | void): void {
    this.#listeners.push(listener)
  }

  /** What is in use now. */
  now(): Snapshot {
    const nowMs = this.#clock.now().toEpochMilli()
    if (this.#current && this.#current.fromMs <= nowMs && nowMs < this.#current.untilMs) return this.#current.snapshot
    const edges = this.#edges().filter((ms) => ms > nowMs)
    const untilMs = Math.min(Number.POSITIVE_INFINITY, ...edges)
    this.#current = { snapshot: this.at(this.#clock.now()), fromMs: nowMs, untilMs }
    return this.#current.snapshot
  }

  /** What was, is or will be in use at an instant. */
  at(at: Instant): Snapshot {
    return snapshotAt(this.#all(), at)
  }

  /** The version of an entry that holds at an instant, in use or retired. */
  versionAt<R extends RegisterName>(register: R, key: string, at: Instant): Version<R> | undefined {
    return this.history(register, key).find((each) => holdsAt(each, at))
  }

  /** The versions of a register in use at an instant, by key. */
  listAt<R extends RegisterName>(register: R, at: Instant): Version<R>[] {
    const found = [...this.#all()].filter((each) => each.register === register && !each.isRetired && holdsAt(each, at))
    return (found as Version<R>[]).sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  /** Every version of an entry, the oldest first. */
  history<R extends RegisterName>(register: R, key: string): readonly Version<R>[] {
    return (this.#versions.get(idOf(register, key)) ?? []) as Version<R>[]
  }

  get isEmpty(): boolean {
    return this.#versions.size === 0
  }

  /**
   * Stores changes together or not at all. Throws a `RegisterFault` if the registers would not hold together afterwards.
   * @param check runs when no other change can come between; throws to refuse.
   */
  change(
    changes: readonly Change[],
    by: ChangeBy,
    note: Note,
    check: () => void = () => undefined,
  ): Promise<Version[]> {
    const made = this.#turn.then(async () => {
      check()
      return this.#change(changes, by, note)
    })
    this.#turn = made.catch(() => undefined)
    return made
  }

  /** Throws whatever `change` would throw, and stores nothing. */
  async probe(changes: readonly Change[], by: ChangeBy, check: () => void): Promise<void> {
    await this.#turn
    check()
    this.#outcomeOf(changes, by)
  }

  /** The versions that changes make, and of each entry all versions afterwards; throws if the registers would not hold together. */
  #outcomeOf(changes: readonly Change[], by: ChangeBy) {
    const now = this.#clock.now()
    const from = by.from?.isAfter(now) ? by.from : now
    const made = changes.map((each) => this.#versionOf(each, by, from, now))
    const after = new Map(made.map((each) => [idOf(each.register, each.key), superseded(this.#of(each), each)]))
    this.#requireWhole(after, from)
    return { now, from, made, after }
  }

  async #change(changes: readonly Change[], by: ChangeBy, note: Note): Promise<Version[]> {
    const { now, from, made, after } = this.#outcomeOf(changes, by)
    await this.#db.transaction(async (tx) => {
      for (const [id, versions] of after) await storeEnds(tx, this.#versions.get(id) ?? [], versions)
      for (let i = 0; i < made.length; i += 1_000) await tx.insert(registerVersion).values(made.slice(i, i + 1_000))
      await note(tx, made)
    })
    for (const [id, versions] of after) this.#versions.set(id, versions)
    this.#current = null
    this.#watch([from])
    if (!from.isAfter(now)) await this.#tell()
    return made
  }

  #versionOf({ register, key, data }: Change, by: ChangeBy, validFrom: Instant, changedAt: Instant): Version {
    const before = this.#of({ register, key }).at(-1)
    const said = data ?? before?.data
    if (!said) throw new Error(`${register} has no ${key} to retire`)
    return {
      register,
      key,
      version: (before?.version ?? 0) + 1,
      validFrom,
      validTo: null,
      isRetired: data === null,
      data: said,
      changedBy: by.actor,
      changedById: by.actorId,
      changedAt,
      reason: by.reason ?? null,
    }
  }

  /** Refuses changes after which an entry refers to what is not in use, at the change or at any later edge. */
  #requireWhole(after: ReadonlyMap<string, readonly Version[]>, from: Instant): void {
    const others = [...this.#versions].filter(([id]) => !after.has(id)).flatMap(([, versions]) => versions)
    const all = [...others, ...[...after.values()].flat()]
    const later = all
      .filter(({ validFrom }) => validFrom.isAfter(from))
      .map(({ validFrom }) => validFrom.toEpochMilli())
    for (const ms of new Set([from.toEpochMilli(), ...later])) {
      const flaws = flawsOf(snapshotAt(all, Instant.ofEpochMilli(ms)))
      if (flaws.length > 0) throw new RegisterFault(flaws)
    }
  }

  #of({ register, key }: { register: RegisterName; key: string }): readonly Version[] {
    return this.#versions.get(idOf(register, key)) ?? []
  }

  *#all(): Generator<Version> {
    for (const versions of this.#versions.values()) yield* versions
  }

  #edges(): number[] {
    return [...this.#all()].flatMap(({ validFrom, validTo }) => [
      validFrom.toEpochMilli(),
      validTo?.toEpochMilli() ?? Number.POSITIVE_INFINITY,
    ])
  }

  #append(row: Version): void {
    const id = idOf(row.register, row.key)
    this.#versions.set(id, [...(this.#versions.get(id) ?? []), row])
  }

  /** Plans to tell the listeners when changes begin that are still ahead. */
  #watch(instants: readonly Instant[]): void {
    const ahead = new Set(instants.filter((at) => at.isAfter(this.#clock.now())).map((at) => at.toEpochMilli()))
    for (const ms of ahead)
      this.#clock.at('a planned change of the registers', Instant.ofEpochMilli(ms), () => this.#tell())
  }

  async #tell(): Promise<void> {
    for (const listener of this.#listeners) await listener()
  }
}

async function storeEnds(tx: Queryable, before: readonly Version[], after: readonly Version[]): Promise<void> {
  for (const [i, { validTo }] of before.entries()) {
    const [old, next] = [before[i], after[i]]
    if (!old || !next || next.validTo === validTo) continue
    await tx
      .update(registerVersion)
      .set({ validTo: next.validTo })
      .where(
        and(
          eq(registerVersion.register, old.register),
          eq(registerVersion.key, old.key),
          eq(registerVersion.version, sql`${old.version}`),
        ),
      )
  }
}
