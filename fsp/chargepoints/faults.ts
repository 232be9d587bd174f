import { asc, eq } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import type { Fault } from './forms.ts'
import { conformanceFault as table } from './tables.ts'
import type { Unit } from './units.ts'

/** How many faults of one unit are noted: a unit that invents field names must not fill the record. */
const mostPerUnit = 100

/** What charge points send against the standard, and what is tolerated all the same: noted and logged once per unit. */
export class Faults {
  readonly #context: FspContext
  readonly #known = new Map<string, Set<string>>()

  constructor(context: FspContext) {
    this.#context = context
  }

  async load(): Promise<void> {
    for (const { identity, message, field, rule } of await this.#context.db.select().from(table))
      this.#knownOf(identity).add(keyOf(message, { field, rule }))
  }

  /** Notes a fault unless the unit is known for it. */
  async note({ identity }: Pick<Unit, 'identity'>, message: string, fault: Fault): Promise<void> {
    const known = this.#knownOf(identity)
    // Places in an array tell the same fault many times.
    const { field, rule } = {
      field: fault.field.replace(/\.\d+(?=\.|$)/g, '[]').slice(0, 200),
      rule: fault.rule.slice(0, 200),
    }
    const key = keyOf(message, { field, rule })
    if (known.has(key) || known.size >= mostPerUnit) return
    known.add(key)
    const { db, clock, log } = this.#context
    log.warn({ identity, action: message, field, rule }, 'charge point departs from the standard; this is noted once')
    await db.insert(table).values({ identity, message, field, rule, firstAt: clock.now() }).onConflictDoNothing()
  }

  /** A unit's faults in the order in which they were first seen. */
  async list(identity: string): Promise<(typeof table.$inferSelect)[]> {
    return this.#context.db
      .select()
      .from(table)
      .where(eq(table.identity, identity))
      .orderBy(asc(table.firstAt), asc(table.field))
  }

  #knownOf(identity: string): Set<string> {
    const known = this.#known.get(identity) ?? new Set<string>()
    this.#known.set(identity, known)
    return known
  }
}

function keyOf(message: string, { field, rule }: Fault): string {
  return JSON.stringify([message, field, rule])
}
