import type { z } from 'zod'
import { longestServiceDays, type newServiceToOthers } from '../../../../../schemas/market/services-to-others.ts'
import { instantOfLocal } from '../../../../shared/format/time.ts'

/** A span of time as its two fields hold it: local, `2026-01-15T17:00`. */
export interface DraftSpan {
  key: number
  from: string
  to: string
}

/** A service to others as its form holds it. */
export interface ServiceDraft {
  fuId: string
  buyer: string
  service: string
  reference: string
  times: readonly DraftSpan[]
}

/** A service to begin with, of an hour that is not stated yet. */
export function newService(fuId: string): ServiceDraft {
  return { fuId, buyer: '', service: '', reference: '', times: [{ key: 0, from: '', to: '' }] }
}

/** Spans with one more after the last. */
export function withSpan(times: readonly DraftSpan[]): DraftSpan[] {
  return [...times, { key: Math.max(...times.map(({ key }) => key)) + 1, from: '', to: '' }]
}

/** The draft as the API takes it, or what is wrong, by field; a span’s fault is under `times.` with its key. */
export function readService({ fuId, buyer, service, reference, times }: ServiceDraft): {
  given: z.input<typeof newServiceToOthers> | null
  faults: ReadonlyMap<string, string>
} {
  const faults = new Map<string, string>()
  if (fuId === '') faults.set('fuId', 'Choose the FU.')
  if (buyer.trim().length < 2) faults.set('buyer', 'State who buys it, in two characters or more.')
  if (service.trim().length < 2) faults.set('service', 'State what the buyer calls it, in two characters or more.')
  if (reference.trim().length < 3) faults.set('reference', 'State what shows it, in three characters or more.')
  for (const span of times) {
    const fault = spanFault(span)
    if (fault) faults.set(`times.${span.key}`, fault)
  }
  if (faults.size > 0) return { given: null, faults }
  const given = {
    fuId,
    buyer: buyer.trim(),
    service: service.trim(),
    reference: reference.trim(),
    times: times.map(({ from, to }) => ({ from: instantOfLocal(from), to: instantOfLocal(to) })),
  }
  return { given, faults }
}

function spanFault({ from, to }: DraftSpan): string | null {
  if (from === '' || to === '') return 'State when it begins and when it ends.'
  const ms = Date.parse(instantOfLocal(to)) - Date.parse(instantOfLocal(from))
  if (ms <= 0) return 'It must end after it begins.'
  if (ms > longestServiceDays * 86_400_000)
    return `A time is ${longestServiceDays} days at most: add another for what is longer.`
  return null
}
