import { type ProductSettings, productSettings } from '../../../../../schemas/market/products.ts'
import type { BaselineMethod } from '../../../../../schemas/settlement/baselines.ts'
import { readScheme, type SchemeDraft, schemeDraft } from '../contracts/terms.ts'

/** The rules of a product as they are typed. */
export interface ProductDraft extends SchemeDraft {
  name: string
  paysAvailability: boolean
  paysUtilisation: boolean
  priceRule: ProductSettings['priceRule']
  /** The baseline of contracts that state none. */
  usualMethod: BaselineMethod
  /** What its contracts may state besides. */
  otherMethods: readonly BaselineMethod[]
  noticeMinutes: string
}

/** What a new product begins with: paid by use, by the scheme of domain section 5. */
const newSettings: ProductSettings = {
  name: '',
  paysAvailability: false,
  paysUtilisation: true,
  priceRule: 'contract',
  paymentScheme: { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 },
  baselineMethods: ['mid-8-in-10'],
  noticeMinutes: 0,
}

/** A form for the rules of a product, or for a new one. */
export function productDraft(settings: ProductSettings = newSettings): ProductDraft {
  const { paymentScheme, baselineMethods, noticeMinutes, ...rest } = settings
  const [usualMethod = 'mid-8-in-10', ...otherMethods] = baselineMethods
  return {
    ...rest,
    ...schemeDraft(paymentScheme),
    usualMethod,
    otherMethods,
    noticeMinutes: String(noticeMinutes),
  }
}

const words: Readonly<Record<string, string>> = {
  name: 'Enter a name of 3 to 100 characters.',
  noticeMinutes: 'Enter whole minutes, from 0 to 10,080 (a week).',
  paysUtilisation: 'A product that pays no availability has to pay utilisation.',
  baselineMethods: 'A fixed reference needs a reference of each contract: choose another as the usual one.',
}

/** The rules as the API takes them, or what is wrong by field of the form. */
export function readProduct(draft: ProductDraft): { settings: ProductSettings | null; faults: Map<string, string> } {
  const { name, paysAvailability, paysUtilisation, priceRule, usualMethod, otherMethods, noticeMinutes } = draft
  const { scheme, faults } = readScheme(draft)
  const parsed = productSettings.safeParse({
    name: name.trim(),
    paysAvailability,
    paysUtilisation,
    priceRule,
    // Any valid one where the scheme's own faults are told already.
    paymentScheme: scheme ?? newSettings.paymentScheme,
    baselineMethods: [usualMethod, ...otherMethods.filter((method) => method !== usualMethod)],
    noticeMinutes: noticeMinutes.trim() === '' ? Number.NaN : Number(noticeMinutes),
  })
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = String(path[0])
    if (!faults.has(field)) faults.set(field, words[field] ?? message)
  }
  return { settings: parsed.success && scheme ? parsed.data : null, faults }
}
