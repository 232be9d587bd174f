import type { LocalDate } from '@js-joda/core'
import { type Random, randomOf } from '../../fsp/simulator/common/random.ts'
import { operations } from '../../schemas/operations.ts'
import { logInAs } from '../system/people.ts'
import { PortalClient } from '../system/portal-client.ts'
import { userOf } from './area.ts'
import { unlessRefused } from './calls.ts'
import type { SettledTwice, Shown } from './observed.ts'

/** Share of the steps in which a flexibility engineer changes a schedule by hand. */
const changeShare = 0.15

/** A contract, as far as people here need it. */
interface Own {
  readonly fspId: string
  readonly fuId: string
  readonly product: string
  readonly turnDownW: number
}

/** What people do in a day at the DNO's portal: an engineer changes schedules, a clerk settles, the FSPs' people look. */
export class People {
  readonly #url: string
  readonly #day: LocalDate
  readonly #seed: number
  #engineer: PortalClient | null = null

  constructor(url: string, seed: number, day: LocalDate) {
    this.#url = url
    this.#seed = seed
    this.#day = day
  }

  /** What is done in a step. A call that breaks off is not made again: people look first, and later. */
  async act(step: number, contracts: readonly Own[]): Promise<void> {
    const random = randomOf(this.#seed, 'people', step)
    const byHand = contracts.filter(({ product }) => product === 'A')
    const contract = byHand[Math.floor(random() * byHand.length)]
    if (!contract || random() >= changeShare) return
    await unlessRefused(async () => {
      this.#engineer ??= (await logInAs(this.#url, 'flexibility-engineer'))[0] ?? null
      if (this.#engineer) await this.#changeSchedule(this.#engineer, contract, random)
    })
  }

  /** A clerk settles the month of every FSP and product, twice. */
  async settle(contracts: readonly Own[]): Promise<SettledTwice[]> {
    const [clerk] = await logInAs(this.#url, 'settlement')
    if (!clerk) throw new Error('a simulation needs somebody who settles')
    const month = this.#day.toString().slice(0, 7)
    const settled: SettledTwice[] = []
    for (const { fspId, product } of contracts) {
      if (settled.some(({ first }) => first.fspId === fspId && first.product === product)) continue
      const prepare = () => clerk.api.call(operations.prepareStatement, { body: { fspId, product, month } })
      settled.push({ first: await prepare(), second: await prepare() })
    }
    return settled
  }

  /** What the people of an FSP are shown in lists, and of what belongs to others when they ask for it by its identifier. */
  async look(fsp: { n: number; fspId: string }, ownerOf: ReadonlyMap<string, string>): Promise<Shown[]> {
    const { api } = await PortalClient.logIn(this.#url, userOf(fsp.n))
    const day = this.#day.toString()
    const lists = {
      listFlexibleUnits: await api.all(operations.listFlexibleUnits, {}),
      listContracts: await api.all(operations.listContracts, {}),
      listInstructions: await api.all(operations.listInstructions, { query: { day } }),
      listSubmittedSchedules: await api.all(operations.listSubmittedSchedules, { query: { day } }),
      listStatements: await api.all(operations.listStatements, { query: {} }),
    }
    const shown = Object.entries(lists).map(([operation, items]) => ({
      to: userOf(fsp.n).username,
      operation,
      fspId: fsp.fspId,
      rows: items.map((item) => ({
        id: idOf(item),
        fspId: 'fspId' in item ? item.fspId : (ownerOf.get(item.fuId) ?? null),
      })),
    }))
    const others = [...ownerOf].filter(([, owner]) => owner !== fsp.fspId)
    for (const [fuId, owner] of others) {
      const { ok } = await api.ask(operations.readFlexibleUnit, { params: { id: fuId } })
      const rows = ok ? [{ id: fuId, fspId: owner }] : []
      shown.push({ to: userOf(fsp.n).username, operation: 'readFlexibleUnit', fspId: fsp.fspId, rows })
    }
    return shown
  }

  /** Asks for other turn-down of one contract in the contracted hour, up to what it has. */
  async #changeSchedule({ api }: PortalClient, { fuId, turnDownW }: Own, random: Random): Promise<void> {
    const params = { fuId, day: this.#day.toString(), kind: 'manual' as const }
    const { values, resolution, version } = await api.call(operations.readDispatchSchedule, { params })
    const changed = values.map((value) => (value === null ? null : Math.round((random() * turnDownW) / 500) * 500))
    await api.call(operations.saveManualSchedule, { params, body: { resolution, values: changed }, version })
  }
}

function idOf(item: object): string {
  const { instructionId, contractId, statementId, fuId } = item as Record<string, string | undefined>
  return instructionId ?? contractId ?? statementId ?? fuId ?? ''
}
