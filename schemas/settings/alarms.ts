import { z } from 'zod'
import { type AlarmKind, alarmKind } from '../grid/alarms.ts'
import { setting } from '../vocabulary/setting.ts'

/** The names of the delays of a kind of alarm, such as `phaseLossOnS` and `phaseLossOffS`. */
export function delayNames(kind: AlarmKind): { on: string; off: string } {
  const name = kind.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  return { on: `${name}OnS`, off: `${name}OffS` }
}

/** Kinds whose causes swing, with their delays, s; every other kind has none. */
const swinging: Partial<Record<AlarmKind, { on: number; off: number }>> = {
  'over-voltage': { on: 60, off: 300 },
  'under-voltage': { on: 60, off: 300 },
  'phase-loss': { on: 60, off: 60 },
}

const seconds = z.number().int().min(0).max(86_400)

function record<T>(figureOf: (kind: AlarmKind, end: 'on' | 'off') => T): Record<string, T> {
  return Object.fromEntries(
    alarmKind.options.flatMap((kind) => {
      const { on, off } = delayNames(kind)
      return [
        [on, figureOf(kind, 'on')],
        [off, figureOf(kind, 'off')],
      ]
    }),
  )
}

/** On- and off-delays of alarms. */
export const alarmDelaySettings = setting({
  id: 'grid.alarm-delays',
  title: 'Delays of alarms',
  description:
    'How long the cause of an alarm has to last before it is raised (on), and to be gone before it clears (off), s, for each kind. Delays end on the minute.',
  source: 'ANSI/ISA-18.2-2016 clause 10.5.4; domain section 12',
  figures: record(() => seconds),
  defaults: record((kind, end) => swinging[kind]?.[end] ?? 0),
})
