import type { Instant } from '@js-joda/core'
import { ProblemError } from '../../platform/http/index.ts'
import { brandOperations, type SameTokenAgain } from '../../schemas/fsp/brands.ts'
import type { FspContext } from '../app/context.ts'
import { bind, type Entrance } from '../kit/index.ts'
import { refusedFor, type ShownAt } from './same-token.ts'
import { brandRule } from './tables.ts'
import type { Units } from './units.ts'

type Rule = Omit<typeof brandRule.$inferSelect, 'brand'>

/** What holds where nobody has stated otherwise: as the back offices of the trial had it (report 9.2.4, DDB11). */
const usual: SameTokenAgain = 'refused'

const keyOf = (vendor: string) => vendor.trim().toLowerCase()

/** Each brand's rule for a token that charges already. */
export class Brands {
  readonly #context: FspContext
  readonly #rules = new Map<string, Rule>()

  constructor(context: FspContext) {
    this.#context = context
  }

  async load(): Promise<void> {
    for (const { brand, ...rule } of await this.#context.db.select().from(brandRule)) this.#rules.set(brand, rule)
  }

  ruleOf(vendor: string): SameTokenAgain {
    return this.#rules.get(keyOf(vendor))?.sameTokenAgain ?? usual
  }

  /** Whether a token that is shown is refused, since it charges at another charge point of the brand. A master card opens several. */
  refuses({ all }: Units, idTag: string, shown: ShownAt): boolean {
    const isMaster = this.#context.registers.now().tokens.get(idTag)?.kind === 'master'
    if (isMaster || this.ruleOf(shown.unit.model.vendor) === 'accepted') return false
    return refusedFor(all, idTag, shown) !== null
  }

  /** The brands of the models in use, by name, each with its rule. */
  list() {
    const { models } = this.#context.registers.now()
    const byBrand = Map.groupBy([...models], ([, { vendor }]) => keyOf(vendor))
    return [...byBrand].map(([key, group]) => {
      const rule = this.#rules.get(key)
      return {
        brand: group[0]?.[1].vendor ?? key,
        models: group.map(([model]) => model),
        sameTokenAgain: rule?.sameTokenAgain ?? usual,
        changedBy: rule?.changedBy ?? null,
        changedAt: rule?.changedAt.toString() ?? null,
      }
    })
  }

  /** The brand as the list has it. Throws not-found for one of which no model is in use. */
  find(vendor: string) {
    const found = this.list().find(({ brand }) => keyOf(brand) === keyOf(vendor))
    if (!found) throw new ProblemError('not-found', `No model of the brand ${vendor} is registered.`)
    return found
  }

  async set(vendor: string, rule: { sameTokenAgain: SameTokenAgain; changedBy: string; changedAt: Instant }) {
    const brand = keyOf(vendor)
    await this.#context.db
      .insert(brandRule)
      .values({ brand, ...rule })
      .onConflictDoUpdate({ target: brandRule.brand, set: rule })
    this.#rules.set(brand, rule)
  }
}

/** The rules of the brands, read and set. */
export function brandApi({ clock }: Pick<FspContext, 'clock'>, entrance: Entrance, { brands }: { brands: Brands }) {
  return bind(brandOperations, entrance, {
    listBrands: () => brands.list(),

    async setBrandRule({ caller, params, body: { sameTokenAgain }, audit }) {
      const { brand } = brands.find(params.brand)
      await audit({ action: 'brand.token-rule-set', subject: brand, detail: { sameTokenAgain } })
      await brands.set(brand, { sameTokenAgain, changedBy: caller.username, changedAt: clock.now() })
      return brands.find(brand)
    },
  })
}
