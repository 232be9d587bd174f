import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { baselineMethod } from '../settlement/baselines.ts'
import { paymentScheme, priceRule } from '../settlement/statements.ts'
import { people, readers } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import { instant, product } from '../vocabulary/units.ts'

/**
 * What a product does, which decides when it is dispatched until its timetable says otherwise: a `forward-option` single windows shortly
 * ahead, `day-ahead` the whole next day, `intraday` an hour of the same day.
 */
export const productKind = z.enum(['forward-option', 'day-ahead', 'intraday'])
export type ProductKind = z.infer<typeof productKind>

/** The rules of a product, which a DNO may change. */
export const productSettings = z
  .object({
    name: z.string().min(3).max(100),
    paysAvailability: z.boolean(),
    paysUtilisation: z.boolean(),
    priceRule,
    /** The payment scheme of contracts that state none of their own. */
    paymentScheme,
    /** Baseline methods that its contracts may state. The first one is used where none is stated. */
    baselineMethods: z.array(baselineMethod).min(1).max(baselineMethod.options.length),
    /** The least time from the issue of an instruction to its start, in addition to what an FU states, min. */
    noticeMinutes: z.number().int().min(0).max(10_080),
  })
  .refine((given) => given.paysAvailability || given.paysUtilisation, {
    path: ['paysUtilisation'],
    message: 'must be true for a product that pays no availability',
  })
  .refine((given) => given.baselineMethods[0] !== 'fixed-reference', {
    path: ['baselineMethods'],
    message: 'must not begin with fixed-reference, which needs a reference of each contract',
  })
  .refine((given) => new Set(given.baselineMethods).size === given.baselineMethods.length, {
    path: ['baselineMethods'],
    message: 'must not name a method twice',
  })
  .meta({ id: 'ProductSettings' })
export type ProductSettings = z.infer<typeof productSettings>

/** A product with the version of its rules in force. */
export const productInForce = z
  .object({
    product,
    kind: productKind,
    version: z.number().int().min(1),
    settings: productSettings,
    changedAt: instant,
    changedBy: z.string(),
  })
  .meta({ id: 'Product' })
export type ProductInForce = z.infer<typeof productInForce>

export const newProduct = z.object({ product, kind: productKind, settings: productSettings }).meta({
  id: 'NewProduct',
  example: {
    product: 'PR',
    kind: 'forward-option',
    settings: {
      name: 'Peak reduction',
      paysAvailability: false,
      paysUtilisation: true,
      priceRule: 'contract',
      paymentScheme: { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 },
      baselineMethods: ['mid-8-in-10', 'recent-history'],
      noticeMinutes: 60,
    },
  },
})

const params = z.object({ product })
const tags = ['Products']

/** The products that flexibility is bought as. */
export const productOperations = {
  listProducts: operation({
    method: 'get',
    path: '/products',
    access: readers,
    tags,
    summary: 'The products with their rules in force',
    description: 'The whole list in one page.',
    answer: pageOf(productInForce),
  }),
  readProduct: operation({
    method: 'get',
    path: '/products/{product}',
    access: readers,
    tags,
    summary: 'A product with its rules in force',
    params,
    answer: productInForce,
    problems: ['not-found'],
    versionedBy: 'version',
  }),
  createProduct: operation({
    method: 'post',
    path: '/products',
    access: people('administrator'),
    tags,
    summary: 'Add a product',
    description:
      'It has the timetable of its kind until that is changed. Its short name and its kind stay as they are.',
    body: newProduct,
    answer: productInForce,
    problems: ['conflict'],
  }),
  changeProduct: operation({
    method: 'put',
    path: '/products/{product}',
    access: people('administrator'),
    tags,
    summary: 'Propose other rules of a product, which a second person approves',
    description:
      'They hold from the approval on. What is settled for an earlier time follows the rules that were in force then.',
    params,
    body: productSettings,
    answer: proposal,
    problems: ['not-found', 'conflict'],
    versionedBy: 'version',
  }),
}
