import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** What payment goes by that no contract states. */
export const paymentSettings = setting({
  id: 'settlement.payment',
  title: 'Payment of periods',
  description:
    'Where less than the tolerance was instructed in a quarter-hour, delivery is not judged: the factor is 1. A contract whose meter counts more coarsely states so in its terms. Under the USEF scheme, meter data still missing after this many working days count as no delivery. A month is settled with the figures in force at its start.',
  source: 'Domain section 12, Price and payment',
  figures: { toleranceWh: z.number().min(0).max(10_000), correctionWorkingDays: z.number().int().min(0).max(60) },
  defaults: { toleranceWh: 50, correctionWorkingDays: 10 },
})

export type PaymentFigures = typeof paymentSettings.defaults
