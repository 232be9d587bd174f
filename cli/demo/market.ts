import type { Instant, LocalDate } from '@js-joda/core'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import type { EstateSeed, VanUnitSeed } from '../../schemas/fsp/homes.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { operations } from '../../schemas/operations.ts'
import { clockTimeOf, periodStarts } from '../../schemas/vocabulary/time.ts'
import type { Direction } from '../../schemas/vocabulary/units.ts'
import type { PortalClient } from '../system/portal-client.ts'

/** The window that the demo's tenders ask for, local time, every day of the week. */
const peak = { from: '17:00', to: '19:00' } as const

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** One person proposes to accept every FSP that has applied, another approves; returns how many there were. */
export async function admitApplicants(engineer: PortalClient, approver: PortalClient): Promise<number> {
  const fsps = await engineer.api.all(partyOperations.listFsps, {})
  const waiting = fsps.filter((each) => each.status === 'applied')
  for (const { fspId } of waiting) {
    const call = { params: { id: fspId }, body: { decision: 'accept' } } as const
    await engineer.api.ask(partyOperations.decideOnApplication, call)
  }
  await approveWaiting(
    approver,
    waiting.map((each) => each.fspId),
  )
  return waiting.length
}

/**
 * Approves every application for authority over an MPAN that nobody else holds, as somebody would who has seen the customers' letters.
 * Returns how many there were.
 */
export async function approveAuthorities(engineer: PortalClient): Promise<number> {
  const applied = await engineer.api.all(operations.listAuthorities, { query: { state: 'applied' } })
  const free = applied.filter(({ atDno }) => atDno?.connection && atDno.clashes.length === 0)
  for (const { authorityId } of free) {
    const call = { params: { id: authorityId }, body: { decision: 'approve' } } as const
    await engineer.api.call(operations.decideOnAuthority, call)
  }
  return free.length
}

/** Approves what waits for a second person about some subjects. */
async function approveWaiting(approver: PortalClient, subjectIds: readonly string[]): Promise<void> {
  const waiting = await approver.api.all(operations.listProposals, { query: { state: 'waiting' } })
  for (const { proposalId, version, subject, mayApprove } of waiting) {
    if (!mayApprove || !subjectIds.includes(subject.id)) continue
    await approver.api.call(operations.approveProposal, { params: { id: proposalId }, version, body: {} })
  }
}

/** How the titles of the demo's own tenders begin. */
const titles = { peak: 'Evening peak from', local: (product: string) => `Product ${product} from` } as const

/** The demo's tenders for a product that an earlier start has published and nobody has awarded yet. */
export async function unawardedTenders(engineer: PortalClient, product: 'A' | 'B'): Promise<string[]> {
  const tenders = await engineer.api.all(operations.listTenders, {})
  const begins = product === 'A' ? titles.peak : titles.local(product)
  return tenders.flatMap(({ tenderId, title, state }) =>
    title.startsWith(begins) && (state === 'open' || state === 'evaluated') ? [tenderId] : [],
  )
}

/**
 * What the tenders ask for: as much as there is, but where units of both FSPs are offered for the peak. There the estate of Page Street alone
 * has what is asked for, at a lower price than the depot of Victoria, whose offer loses.
 */
const requiredW = { most: 1_000_000, contested: 40_000 } as const
const contestedZone = 'lpn-wimbledon'

/** Publishes a tender for the evening peak in the zone of every GSP; returns the tenders. */
export async function publishTenders(engineer: PortalClient, term: Term): Promise<string[]> {
  const nodes = await engineer.api.all(operations.listNodes, { query: { limit: 5_000 } })
  const made: string[] = []
  for (const zone of nodes.filter((node) => node.kind === 'gsp')) {
    const title = `${titles.peak} ${term.validFrom}, ${zone.name}`
    const isContested = zone.nodeId === contestedZone
    const window = { ...peak, requiredW: isContested ? requiredW.contested : requiredW.most }
    made.push(await publishTender(engineer, term, { title, product: 'A', zoneNodeId: zone.nodeId, window }))
  }
  return made
}

/** When a tender for turn-up asks for it, local time: while the sun is up. */
const daylight = { from: '10:00', to: '16:00' } as const

/** What a local tender and a standing contract need to know of an estate, or of a unit of homes. */
export type LocalUnit = Pick<EstateSeed, 'name' | 'nodeId' | 'product' | 'direction'> & {
  /** What it draws at most, W. */
  ratedW: number
  /** The hour that a standing contract covers, and a tender where it has no other. */
  hour: { from: string; to: string }
  /** Whether a tender asks for that hour alone. */
  isForHour?: boolean
  /** Whether tender and contract are for working days alone. */
  isForWorkingDays?: boolean
}

/** A depot sells its evening peak as a firm option already: the half-hour before, by which most of its vans are home, is bid for. */
const beforePeak = { from: '16:30', to: '17:00' } as const

/** Charge points give 32 A on one phase at least. */
const socketW = 7_360

/**
 * The units that are bought from at their own nodes: heat pumps rest after lunch, vans at homes come home in the evening, and some depots
 * sell the half-hour before the peak.
 */
export function localUnits(
  estates: readonly EstateSeed[],
  vanUnits: readonly VanUnitSeed[],
  depots: readonly DepotSeed[],
): LocalUnit[] {
  return [
    ...depots.flatMap(({ name, nodeId, localProduct: product, chargePoints }) => {
      const ratedW = chargePoints.reduce((sum, { count }) => sum + count, 0) * socketW
      const only = { isForHour: true, isForWorkingDays: true }
      return product === undefined ? [] : [{ name, nodeId, product, ratedW, hour: beforePeak, ...only }]
    }),
    ...estates.map((each) => ({
      ...each,
      ratedW: each.homes * each.heatPumpW,
      hour: { from: '14:00', to: '15:00' },
    })),
    ...vanUnits.map(({ name, nodeId, product, homes }) => ({
      name,
      nodeId,
      product,
      ratedW: homes.length * socketW,
      hour: { from: '17:00', to: '18:00' },
      // At other times there may be nothing to leave, and what is offered holds for the whole window.
      isForHour: true,
      isForWorkingDays: true,
    })),
  ]
}

/** Publishes a tender at the node of every estate that is offered day ahead: for turn-down the whole day, for turn-up its light hours. */
export async function publishLocalTenders(
  engineer: PortalClient,
  estates: readonly LocalUnit[],
  term: Term,
): Promise<string[]> {
  const made: string[] = []
  for (const unit of estates) {
    const { name, nodeId, product, direction = 'turn-down', hour, isForHour } = unit
    if (product !== 'B') continue
    const title = `${titles.local(product)} ${term.validFrom}, ${name}`
    const allDay = direction === 'turn-up' ? daylight : { from: '00:00', to: '24:00' }
    const hours = isForHour ? hour : allDay
    const window = { ...hours, weekdays: daysOf(unit), requiredW: 100_000 }
    made.push(await publishTender(engineer, term, { title, product, direction, zoneNodeId: nodeId, window }))
  }
  return made
}

function daysOf({ isForWorkingDays }: LocalUnit) {
  return isForWorkingDays ? weekdays.slice(0, 5) : [...weekdays]
}

interface Term {
  validFrom: LocalDate
  validTo: LocalDate
  gateClosesAt: Instant
}

/** Drafts a tender and opens it; returns its identifier. */
export async function publishTender(
  engineer: PortalClient,
  term: Term,
  given: {
    title: string
    product: string
    direction?: Direction
    zoneNodeId: string
    /** On every day of the week unless stated otherwise. */
    window: { from: string; to: string; requiredW: number; weekdays?: (typeof weekdays)[number][] }
  },
): Promise<string> {
  const { window, ...asked } = given
  const { tenderId } = await engineer.api.call(operations.draftTender, {
    body: {
      ...asked,
      validFrom: term.validFrom.toString(),
      validTo: term.validTo.toString(),
      windows: [{ weekdays: [...weekdays], ...window }],
      ceilingAvailabilityGbpPerMwH: '25.00',
      ceilingUtilisationGbpPerMwh: '400.00',
      gateClosesAt: term.gateClosesAt.toString(),
    },
  })
  await engineer.api.call(operations.publishTender, { params: { id: tenderId } })
  return tenderId
}

/** Share of the rating of an estate's heat pumps that a standing contract asks for. */
export const standingShare = 0.3

/**
 * One person enters a standing contract for every estate that is offered within the day, as agreed when its FSP joined, and another
 * approves it: for the hour that product C dispatches. An estate with a contract is passed over, and what was proposed before is approved.
 */
export async function enterStandingContracts(
  engineer: PortalClient,
  approver: PortalClient,
  estates: readonly LocalUnit[],
  term: { validFrom: LocalDate; validTo: LocalDate },
): Promise<void> {
  const units = await engineer.api.all(partyOperations.listFlexibleUnits, {})
  // Behind the node of each there is one unit.
  const unitOf = ({ nodeId }: LocalUnit) => units.find((each) => each.nodeId === nodeId)
  const own = estates.filter(({ product }) => product === 'C')
  const fuIds = own.flatMap((estate) => unitOf(estate)?.fuId ?? [])
  await approveWaiting(approver, fuIds)
  // One of another product covers other hours.
  const standing = (await listContracts(engineer)).filter(({ product }) => product === 'C')
  const contracted = new Set(standing.map(({ fuId }) => fuId))
  if (fuIds.every((fuId) => contracted.has(fuId))) return
  for (const estate of own) {
    const { product, ratedW, hour } = estate
    const unit = unitOf(estate)
    if (!unit || contracted.has(unit.fuId)) continue
    await engineer.api.call(operations.enterStandingContract, {
      body: {
        fuId: unit.fuId,
        product,
        turnDownW: Math.round(ratedW * standingShare),
        availabilityGbpPerMwH: '12.00',
        utilisationGbpPerMwh: '280.00',
        validFrom: term.validFrom.toString(),
        validTo: term.validTo.toString(),
        windows: [{ weekdays: daysOf(estate), ...hour }],
        baselineMethod: 'recent-history',
        baselineFallback: 'nominated',
        reference: 'Framework agreement with the FSP',
      },
    })
  }
  await approveWaiting(approver, fuIds)
}

/** Whether every FSP has answered each of some tenders, with offers or without. */
export async function areAnswered(engineer: PortalClient, tenderIds: readonly string[]): Promise<boolean> {
  const fsps = await engineer.api.all(partyOperations.listFsps, {})
  const bidders = fsps.filter(({ status }) => status === 'accepted').length
  for (const id of tenderIds) {
    const { items } = await engineer.api.call(operations.listTenderResponses, { params: { id }, query: {} })
    if (items.length < bidders) return false
  }
  return true
}

/** One person evaluates, another awards. */
export async function awardTenders(
  engineer: PortalClient,
  approver: PortalClient,
  tenderIds: readonly string[],
): Promise<void> {
  for (const id of tenderIds) {
    const { state } = await engineer.api.call(operations.readTender, { params: { id } })
    if (state === 'open') await engineer.api.call(operations.evaluateTender, { params: { id } })
    const { version } = await approver.api.call(operations.readTender, { params: { id } })
    await approver.api.call(operations.awardTender, { params: { id }, version })
  }
}

/** Starts of the quarter-hours of a day that a contract covers, straight from its windows. */
export function contractedStarts(given: Contract, day: LocalDate): Instant[] {
  if (day.toString() < given.validFrom || day.toString() > given.validTo) return []
  const weekday = weekdays[day.dayOfWeek().value() - 1] as (typeof weekdays)[number]
  return periodStarts(day, 'PT15M').filter((start) => {
    const time = clockTimeOf(start)
    return given.windows.some((w) => w.weekdays.includes(weekday) && w.from <= time && time < w.to)
  })
}

/** Contracts of product A: people schedule them by hand; for the others the optimiser does it. */
export function byHand(contracts: readonly Contract[]): Contract[] {
  return contracts.filter(({ product }) => product === 'A')
}

/** Asks for the whole contracted turn-down on a day by a manual schedule, and makes it live. Returns what it asks for per period. */
export async function scheduleContracts(
  engineer: PortalClient,
  contracts: readonly Contract[],
  day: LocalDate,
): Promise<{ fuId: string; from: Instant; turnDownW: number }[]> {
  const asked: { fuId: string; from: Instant; turnDownW: number }[] = []
  for (const given of contracts) {
    const starts = contractedStarts(given, day)
    if (starts.length === 0) continue
    const wanted = new Set(starts.map(String))
    const values = periodStarts(day, 'PT15M').map((start) => (wanted.has(start.toString()) ? given.turnDownW : null))
    const params = { fuId: given.fuId, day: day.toString() }
    const manual = {
      params: { ...params, kind: 'manual' },
      body: { resolution: 'PT15M', values },
      version: null,
    } as const
    await engineer.api.call(operations.saveManualSchedule, manual)
    const selection = { kind: 'manual', product: given.product } as const
    await engineer.api.call(operations.selectDispatchSchedule, { params, body: selection })
    asked.push(...starts.map((from) => ({ fuId: given.fuId, from, turnDownW: given.turnDownW })))
  }
  return asked
}

/** Contracts as the DNO holds them. */
export async function listContracts(engineer: PortalClient): Promise<Contract[]> {
  return engineer.api.all(operations.listContracts, {})
}

/** Whether a day has a manual schedule for an FU already. */
export async function hasSchedule(engineer: PortalClient, fuId: string, day: LocalDate): Promise<boolean> {
  const params = { fuId, day: day.toString(), kind: 'manual' } as const
  return (await engineer.api.ask(operations.readDispatchSchedule, { params })).ok
}
