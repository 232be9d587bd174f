import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** What meter data are believed. */
export const plausibilitySettings = setting({
  id: 'settlement.plausibility',
  title: 'Plausibility of meter data',
  description:
    'An upload with a power above what the equipment can carry, times the factor, is held for a person. A value that falls below zero where nothing can export, and returns within the minutes, is a dropout of a register: it has no energy.',
  source: 'Domain section 12, Field equipment and files',
  figures: { equipmentFactor: z.number().min(1).max(10), dropoutMinutes: z.number().int().min(2).max(1_440) },
  defaults: { equipmentFactor: 1.25, dropoutMinutes: 60 },
})
