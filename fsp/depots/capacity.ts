import type { Instant } from '@js-joda/core'
import type { FlexibilityEventData, ProfiledConnectionData } from '../../schemas/fsp/registers/calendars.ts'
import type { SiteSchedule } from '../../schemas/market/customers.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { localTimeOf, weekdayOf } from '../../schemas/vocabulary/time.ts'
import type { Depot } from '../registers/index.ts'
import { agreedLimitW, connectionLimitW } from './rules.ts'

/** What limits the import of a depot's site. */
export type LimitSource =
  | 'connection'
  | 'agreed-profile'
  | 'own-profile'
  | 'calendar'
  | 'dynamic-limit'
  | 'fail-safe'
  | 'flexibility-event'

/** One limit of a site's import at an instant, W, with its name where it has one. */
export interface CapacityLimit {
  source: LimitSource
  name: string | null
  limitW: number
}

/** What a site may import at an instant, W: the least of its limits, and which that is. */
export interface Capacity {
  capacityW: number
  binding: CapacityLimit
  limits: CapacityLimit[]
}

/** What the capacity of a depot follows from. */
export interface CapacitySources {
  depot: Pick<Depot, 'ascKva' | 'powerFactor' | 'profile'>
  /** Whose bank holidays it keeps. */
  country: Country
  /** The profile that the DNO gave us; `null`: none. */
  agreed: SiteSchedule | null
  /** The depot's own calendar. */
  calendar: readonly ProfiledConnectionData[]
  events: readonly FlexibilityEventData[]
  /** The DNO's import limit at an instant; `null`: none. */
  dnoLimit: (at: Instant) => { limitW: number; isFailSafe: boolean } | null
  uses: { profiledConnection: boolean; flexibility: boolean }
}

/**
 * What a site may import at an instant: the least of the connection's capacity, the profile in force (the DNO's, else the one that we began
 * with), the own calendar, and the DNO's limit; agreed flexibility events take their reduction off that.
 */
export function capacityAt(sources: CapacitySources, at: Instant): Capacity {
  const { depot, uses } = sources
  const connection: CapacityLimit = { source: 'connection', name: null, limitW: connectionLimitW(depot) }
  const dno = sources.dnoLimit(at)
  const site = [
    connection,
    ...(uses.profiledConnection ? profileLimits(sources, at) : []),
    ...(dno
      ? [{ source: dno.isFailSafe ? 'fail-safe' : 'dynamic-limit', name: null, limitW: dno.limitW } as const]
      : []),
  ]
  const siteW = Math.min(...site.map(({ limitW }) => limitW))
  const limits = [...site, ...(uses.flexibility ? eventLimits(sources.events, siteW, at) : [])]
  const binding = limits.reduce((least, each) => (each.limitW < least.limitW ? each : least))
  return { capacityW: binding.limitW, binding, limits }
}

function profileLimits({ depot, country, agreed, calendar }: CapacitySources, at: Instant): CapacityLimit[] {
  const local = localTimeOf(at)
  const [day, time] = [local.toLocalDate().toString(), local.toLocalTime().toString().slice(0, 5)]
  const weekday = weekdayOf(local)
  const own = calendar
    .filter(({ from, to, weekdays }) => from <= day && day <= to && weekdays.includes(weekday))
    .flatMap(({ name, steps }): CapacityLimit[] => {
      const step = steps.findLast((each) => each.from <= time)
      return step ? [{ source: 'calendar', name, limitW: step.limitW }] : []
    })
  return [
    {
      source: agreed ? 'agreed-profile' : 'own-profile',
      name: null,
      limitW: agreedLimitW({ ...depot, country }, agreed, local),
    },
    ...own,
  ]
}

/** Events that are agreed: together they take their reductions off what the site has otherwise. */
function eventLimits(events: readonly FlexibilityEventData[], siteW: number, at: Instant): CapacityLimit[] {
  const atMs = at.toEpochMilli()
  const current = events.filter(
    ({ state, from, to }) => state === 'agreed' && Date.parse(from) <= atMs && atMs < Date.parse(to),
  )
  if (current.length === 0) return []
  const reductionW = current.reduce((sum, each) => sum + each.reductionW, 0)
  const name = current.map((each) => each.name).join(', ')
  return [{ source: 'flexibility-event', name, limitW: Math.max(0, siteW - reductionW) }]
}
