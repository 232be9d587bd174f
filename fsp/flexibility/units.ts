import type { Instant } from '@js-joda/core'
import { and, eq, isNull } from 'drizzle-orm'
import { type Contract, contractOperations } from '../../schemas/market/contracts.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import { contract, flexibleUnit, serviceStatus } from './tables.ts'

type UnitRow = typeof flexibleUnit.$inferSelect
type ServiceRow = typeof serviceStatus.$inferSelect

/** Our units, their contracts and their service status, kept in memory because every depot decision reads them. */
export class FlexUnits {
  readonly #context: MarketContext
  readonly #dno: DnoApi
  readonly #units = new Map<string, UnitRow>()
  #contracts: Contract[] = []
  #service: ServiceRow[] = []

  constructor(context: MarketContext, dno: DnoApi) {
    this.#context = context
    this.#dno = dno
  }

  async load(): Promise<void> {
    const { db } = this.#context
    for (const row of await db.select().from(flexibleUnit)) this.#units.set(row.depotId, row)
    this.#contracts = (await db.select().from(contract)).map((row) => row.terms)
    this.#service = await db.select().from(serviceStatus)
  }

  get all(): readonly UnitRow[] {
    return [...this.#units.values()]
  }

  ofDepot(depotId: string): UnitRow | undefined {
    return this.#units.get(depotId)
  }

  depotOf(fuId: string): string | null {
    return this.all.find((unit) => unit.fuId === fuId)?.depotId ?? null
  }

  /** FU by depot. */
  fuIds(): Map<string, string> {
    return new Map(this.all.map((unit) => [unit.depotId, unit.fuId]))
  }

  contractsOf(fuId: string): Contract[] {
    return this.#contracts.filter((each) => each.fuId === fuId)
  }

  async add(row: UnitRow): Promise<void> {
    await this.#context.db.insert(flexibleUnit).values(row).onConflictDoNothing()
    this.#units.set(row.depotId, row)
  }

  /** Reads our contracts from the DNO; if that fails, the known ones stay. */
  async refreshContracts(): Promise<void> {
    const answer = await this.#dno.all(contractOperations.listContracts, {})
    if (!answer.ok) return
    const known = new Set(this.#contracts.map((each) => each.contractId))
    const fresh = answer.value.filter((each) => !known.has(each.contractId))
    if (fresh.length === 0) return
    await this.#context.db
      .insert(contract)
      .values(fresh.map((terms) => ({ contractId: terms.contractId, fuId: terms.fuId, terms })))
      .onConflictDoNothing()
    this.#contracts = [...this.#contracts, ...fresh]
  }

  /** Whether a depot's unit is declared in service at an instant. */
  inService(depotId: string, at: Instant): boolean {
    return this.latestDeclaration(depotId, at)?.inService ?? true
  }

  /** The declaration that holds for a depot's unit at an instant; `undefined`: none, so that it is in service. */
  latestDeclaration(depotId: string, at: Instant): ServiceRow | undefined {
    return this.#service
      .filter((row) => row.depotId === depotId && !row.effectiveFrom.isAfter(at))
      .sort((a, b) => a.effectiveFrom.compareTo(b.effectiveFrom))
      .at(-1)
  }

  /** Declarations of a depot's unit, the newest first. */
  declarations(depotId: string): readonly ServiceRow[] {
    return this.#service
      .filter((row) => row.depotId === depotId)
      .sort((a, b) => b.effectiveFrom.compareTo(a.effectiveFrom))
  }

  /**
   * Whether a turn-down of a depot is held to: in service, or out of it only because charge points cannot be controlled. What can be is
   * held back all the same, though nothing new is accepted.
   */
  isHeldTo(depotId: string, at: Instant): boolean {
    const latest = this.latestDeclaration(depotId, at)
    return (latest?.inService ?? true) || latest?.declaredBy === 'watch'
  }

  /** E2EPA010: declares a unit in or out of service, to the DNO at once or as soon as it is reachable. */
  async declare(given: Omit<ServiceRow, 'pushedAt'>): Promise<void> {
    const row = { ...given, pushedAt: null }
    await this.#context.db
      .insert(serviceStatus)
      .values(row)
      .onConflictDoUpdate({ target: [serviceStatus.depotId, serviceStatus.effectiveFrom], set: row })
    this.#service = [
      ...this.#service.filter((s) => s.depotId !== row.depotId || !s.effectiveFrom.equals(row.effectiveFrom)),
      row,
    ]
    await this.pushService()
  }

  /** Sends the DNO the declarations that it does not have yet. */
  async pushService(): Promise<void> {
    const { db, clock, log } = this.#context
    const owed = await db.select().from(serviceStatus).where(isNull(serviceStatus.pushedAt))
    for (const row of owed) {
      const unit = this.ofDepot(row.depotId)
      if (!unit) continue
      const { inService, reason } = row
      const body = { inService, effectiveFrom: row.effectiveFrom.toString(), reason }
      const answer = await this.#dno.call(partyOperations.declareServiceStatus, { params: { id: unit.fuId }, body })
      if (!answer.ok) {
        log.warn(
          { depotId: row.depotId, reason: reasonOf(answer.failure) },
          'the service status could not be sent to the DNO',
        )
        continue
      }
      await db
        .update(serviceStatus)
        .set({ pushedAt: clock.now() })
        .where(and(eq(serviceStatus.depotId, row.depotId), eq(serviceStatus.effectiveFrom, row.effectiveFrom)))
      const kept = this.#service.find((s) => s.depotId === row.depotId && s.effectiveFrom.equals(row.effectiveFrom))
      if (kept) kept.pushedAt = clock.now()
    }
  }
}
