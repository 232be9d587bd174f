import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

const seconds = z.number().int().min(0).max(86_400)

/** When a connection is at risk and in breach of the limit in force. */
export const complianceSettings = setting({
  id: 'grid.compliance',
  title: 'Compliance with import limits',
  description:
    'A breach begins when import has exceeded the limit by more than a share of it for some time, or when the mean of the settlement period exceeds it; it ends after some time below a share of the limit. At risk has the same delays.',
  source: 'Domain sections 3 and 12',
  figures: {
    breachOverShare: z.number().min(0).max(0.5),
    breachAfterS: seconds,
    breachEndShare: z.number().min(0.5).max(1),
    breachEndsAfterS: seconds,
    atRiskShare: z.number().min(0.5).max(1),
  },
  defaults: {
    breachOverShare: 0.01,
    breachAfterS: 60,
    breachEndShare: 0.98,
    breachEndsAfterS: 300,
    atRiskShare: 0.95,
  },
})

/** When the voltage, temperature and status of a hub are alarms. */
export const hubConditionSettings = setting({
  id: 'grid.hub-conditions',
  title: 'Conditions of hubs',
  description:
    'Phase voltages beyond these shares of the nominal one are too high or too low; below the share for a lost phase it is gone. The status point of a healthy hub has the stated value.',
  source: 'ESQCR 2002 regulation 27 (230 V +10 % −6 %); trial report §3.4.1',
  figures: {
    nominalV: z.number().min(50).max(500),
    overVoltageShare: z.number().min(0.01).max(0.5),
    underVoltageShare: z.number().min(0.01).max(0.5),
    phaseLossShare: z.number().min(0.05).max(0.9),
    highTemperatureC: z.number().min(0).max(150),
    healthyStatus: z.number().int().min(0).max(255),
  },
  defaults: {
    nominalV: 230,
    overVoltageShare: 0.1,
    underVoltageShare: 0.06,
    phaseLossShare: 0.5,
    highTemperatureC: 60,
    healthyStatus: 1,
  },
})

/** When a hub and a customer's monitor of the same connection differ. */
export const loadComparisonSettings = setting({
  id: 'grid.load-comparison',
  title: 'Comparison of hubs with customers’ monitors',
  description:
    'Half-hours of a hub and of the customer’s monitor differ by more than the larger of a share of the hub’s mean and a power. After some such half-hours in a row an alarm is raised, and after as many that agree it clears. Half-hours less complete than stated are not compared.',
  source: 'Trial report §3.2.3.4 and §3.4.1: one set of sensors cannot be checked; ours: the figures',
  figures: {
    toleranceShare: z.number().min(0.001).max(1),
    toleranceKw: z.number().min(0).max(10_000),
    halfHours: z.number().int().min(1).max(48),
    minCompleteness: z.number().min(0.1).max(1),
  },
  defaults: { toleranceShare: 0.05, toleranceKw: 2, halfHours: 3, minCompleteness: 0.9 },
})

/** How long what began and ended at hubs is kept. */
export const hubEventSettings = setting({
  id: 'grid.hub-events',
  title: 'History of hubs',
  description:
    'Days for which the faults, temperatures and voltages of hubs that began or ended stay on record. What has begun and not ended stays longer.',
  source: 'Ours: a trial of twelve months, and a month to look at it (report §3.4.1)',
  figures: { keepDays: z.number().int().min(30).max(3_660) },
  defaults: { keepDays: 400 },
})
