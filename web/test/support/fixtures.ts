import { readFileSync } from 'node:fs'
import { Instant, LocalDate } from '@js-joda/core'
import type { DispatchBoard } from '../../../schemas/dispatch/board.ts'
import type { InstructionState } from '../../../schemas/dispatch/instructions.ts'
import { depotSeeds } from '../../../schemas/fsp/depots.ts'
import type { Alarm, AlarmFigures, AlarmJournalEntry, AlarmNotice, AlarmTarget } from '../../../schemas/grid/alarms.ts'
import type { Breach, Connection, ConnectionDay, HubState, LatestReading } from '../../../schemas/grid/connections.ts'
import { type FlexibleUnit, type Fsp, unitConstraints } from '../../../schemas/market/parties.ts'
import type { Statement, StatementLine } from '../../../schemas/settlement/statements.ts'
import { formatGbp, Money, sumGbp } from '../../../schemas/vocabulary/money.ts'
import {
  dayEnd,
  dayStart,
  isWeekend,
  localTimeOf,
  periodStarts,
  tradingDayOf,
} from '../../../schemas/vocabulary/time.ts'

const { depots } = depotSeeds.parse(
  JSON.parse(readFileSync(new URL('../../../seeds/depots.json', import.meta.url), 'utf8')),
)
type Depot = (typeof depots)[number]

/** The moment that the fixtures show: a winter Thursday in the middle of the evening's turn-down. */
export const fixtureNow = '2026-01-15T17:52:20Z'
export const fixtureFspId = '6f1c2c3e-97b5-4c0a-9d55-2d7f1c6f2a10'

function uuidOf(kind: number, n: number): string {
  return `00000000-0000-4000-8000-${String(kind).padStart(4, '0')}${String(n).padStart(8, '0')}`
}

/** Repeatable noise in [-1, 1]. */
function noise(seed: number): number {
  const x = Math.sin(seed * 127.1 + 311.7) * 43758.5453
  return (x - Math.floor(x)) * 2 - 1
}

function limitAt(depot: Depot, at: Instant): number {
  const steps = isWeekend(tradingDayOf(at)) ? depot.profile.weekend : depot.profile.weekday
  const time = localTimeOf(at).toLocalTime().toString().slice(0, 5)
  return steps.findLast((step) => step.from <= time)?.limitW ?? 0
}

function isTurnDown(at: Instant): boolean {
  const { hour, minute } = { hour: localTimeOf(at).hour(), minute: localTimeOf(at).minute() }
  return hour >= 17 && hour * 60 + minute < 19 * 60
}

/** Import of a depot: building, vehicles charging by night and in the evening, less the turn-down. */
function loadAt(depot: Depot, index: number, at: Instant): number {
  const local = localTimeOf(at)
  const hour = local.hour() + local.minute() / 60
  const { dayW, nightW } = depot.building
  const building = nightW + (dayW - nightW) * Math.exp(-(((hour - 12.5) / 5.2) ** 4))
  const room = limitAt(depot, at) - building - depot.bufferW
  const charging = hour < 5.5 || hour > 16.2 ? 0.93 : hour < 7 ? 0.5 : 0.12
  const down = isTurnDown(at) ? 0.45 : 1
  const wobble = 1 + 0.03 * noise(index * 1_000 + Math.floor(at.toEpochMilli() / 60_000))
  const spike = index === 2 && hour > 17.4 && hour < 18.2 ? depot.building.dayW * 1.5 : 0
  const risk = index === 5 && hour > 16.5 ? room * 0.5 : 0
  return Math.round(building * wobble + Math.max(0, room) * charging * down * wobble + spike + risk)
}

export function connections(calm = false): Connection[] {
  return depots.map((depot, i) => {
    const at = Instant.parse(fixtureNow)
    const silent = !calm && i === 7
    const limitW = limitAt(depot, at)
    const measured = silent ? at.minusSeconds(2_460) : at.minusSeconds(8 + i * 3)
    const importW = calm ? limitW * (0.6 + i / 40) : loadAt(depot, i, measured)
    const share = importW / limitW
    const state = silent ? 'unknown' : share > 1 ? 'breach' : share >= 0.95 ? 'at-risk' : 'compliant'
    return {
      connectionId: depot.connectionId,
      name: depot.name,
      mpans: [depot.mpan],
      licenceArea: depot.licenceArea,
      nodeId: depot.nodeId,
      nodeName: `${depot.name} 415 V`,
      ascKva: depot.ascKva,
      import: { importW, at: measured.toString(), quality: i === 3 ? 'derived' : 'good', stale: silent },
      limitW,
      limitSource: 'profile',
      state,
      stateSince: at.minusSeconds(silent ? 2_160 : 1_340).toString(),
      turnDownW: calm || i >= 6 ? null : Math.round(depot.ascKva * 0.16) * 1_000,
      hubId: depot.hubId,
      hubLink: silent ? 'offline' : 'online',
      openAlarms: calm ? 0 : state === 'breach' || silent ? 1 : 0,
      address: depot.address,
      customer: depot.customer,
      nodePath: [
        { nodeId: 'gsp', name: 'West Ham GSP', kind: 'gsp' },
        { nodeId: 'bsp', name: 'City Road BSP', kind: 'bsp' },
        { nodeId: 'primary', name: `${depot.name} 11 kV`, kind: 'primary' },
        { nodeId: depot.nodeId, name: `${depot.name} 415 V`, kind: 'secondary' },
      ],
      profile: {
        profileId: uuidOf(1, i),
        version: 1,
        state: 'approved',
        validFrom: '2025-10-01',
        validTo: '2027-09-30',
        fallbackLimitW: null,
      },
      fuIds: i < 6 ? [uuidOf(2, i)] : [],
    }
  })
}

/** The day of one connection, minute by minute up to the fixtures' now. */
export function connectionDay(connectionId: string, tradingDay: string): ConnectionDay {
  const index = depots.findIndex((depot) => depot.connectionId === connectionId)
  const depot = depots[index] as Depot
  const day = LocalDate.parse(tradingDay)
  const [start, end] = [dayStart(day), dayEnd(day)]
  const now = Instant.parse(fixtureNow)
  const until = Math.min(end.toEpochMilli(), index === 7 ? now.minusSeconds(2_460).toEpochMilli() : now.toEpochMilli())
  const load: ConnectionDay['load'] = []
  for (let ms = start.toEpochMilli(); ms < until; ms += 60_000) {
    const at = Instant.ofEpochMilli(ms)
    const local = localTimeOf(at)
    if (local.hour() === 10 && local.minute() < 25) continue
    const quality = local.hour() === 13 && local.minute() < 40 ? 'questionable' : 'good'
    load.push({ at: at.toString(), importW: loadAt(depot, index, at), quality })
  }
  const quarters = periodStarts(day, 'PT15M')
  const limits: ConnectionDay['limits'] = []
  for (const from of quarters) {
    const limitW = limitAt(depot, from)
    const last = limits.at(-1)
    const to = from.plusSeconds(900).toString()
    if (last && last.limitW === limitW) last.to = to
    else limits.push({ from: from.toString(), to, limitW, source: 'profile' })
  }
  const downW = Math.round(depot.ascKva * 0.16) * 1_000
  const turnDowns = quarters
    .filter((at) => index < 6 && isTurnDown(at))
    .map((at) => ({ from: at.toString(), to: at.plusSeconds(900).toString(), turnDownW: downW, state: 'acknowledged' }))
  const ownBreaches = breaches(connectionId).filter((b) => tradingDayOf(Instant.parse(b.start)).equals(day))
  return { connectionId, tradingDay, limits, load, turnDowns, breaches: ownBreaches }
}

export function breaches(connectionId: string): Breach[] {
  if (connectionId !== depots[2]?.connectionId) return []
  const base = { connectionId, connectionName: 'Dartford', limitW: 155_000, limitSource: 'profile' as const }
  return [
    { ...base, breachId: uuidOf(3, 1), start: '2026-01-15T17:24:00Z', end: null, peakExcessW: 22_400, excessWh: 6_150 },
    {
      ...base,
      breachId: uuidOf(3, 2),
      start: '2026-01-12T17:41:00Z',
      end: '2026-01-12T17:46:00Z',
      peakExcessW: 3_100,
      excessWh: 190,
    },
  ]
}

export function hubs(): HubState[] {
  return depots.map((depot, i) => ({
    hubId: depot.hubId,
    name: `${depot.name} LV monitor`,
    connectionId: depot.connectionId,
    link: i === 7 ? 'offline' : 'online',
    lastAnswerAt: i === 7 ? '2026-01-15T17:11:20Z' : `2026-01-15T17:52:${String(2 + i).padStart(2, '0')}Z`,
    lastMeasurementAt: i === 7 ? '2026-01-15T17:11:00Z' : '2026-01-15T17:52:00Z',
    polls: 4_280 + i,
    failedPolls: i === 7 ? 41 : i === 4 ? 2 : 0,
    malformedFrames: i === 4 ? 3 : 0,
    unmappedPoints: i === 4 ? 24 : 0,
    clockDriftMs: i === 1 ? 2_400 : 12,
    communicationFailure: i === 7,
    unmapped: i === 4 ? ['g30:36', 'g30:37', 'g30:38', 'g30:39', 'g30:40', 'g30:41', 'g30:42'] : [],
    gatewayId: i % 2 === 0 ? 'gateway-1' : 'gateway-2',
    pool: 'north',
    pointMapName: 'visnet-hub',
    restarts: i,
    eventGaps: i === 4 ? 1 : 0,
    quarantinedUntil: i === 4 ? '2026-01-15T18:05:00Z' : null,
  }))
}

export function readings(): LatestReading[] {
  const at = (s: number) => Instant.parse(fixtureNow).minusSeconds(s).toString()
  const rows: LatestReading[] = []
  for (const feeder of [1, 2])
    for (const [i, phase] of (['L1', 'L2', 'L3'] as const).entries()) {
      const base = { feeder, phase, deviceTime: at(22), receivedTime: at(20) }
      rows.push({ ...base, quantity: 'voltage', value: 238.4 + i, unit: 'V', quality: 'good' })
      rows.push({ ...base, quantity: 'current', value: 92.7 + i * 4, unit: 'A', quality: 'good' })
      rows.push({
        ...base,
        quantity: 'active-power',
        value: 21_400 + i * 700,
        unit: 'W',
        quality: i === 2 ? 'derived' : 'good',
      })
    }
  rows.push({
    feeder: 0,
    phase: 'none',
    quantity: 'temperature',
    value: 31.5,
    unit: 'degC',
    quality: 'questionable',
    deviceTime: null,
    receivedTime: at(620),
  })
  return rows
}

export function alarms(): Alarm[] {
  const base = { clearedAt: null, acknowledgedAt: null, acknowledgedBy: null, occurrences: 1 }
  const [dartford, camden] = [depots[2] as Depot, depots[7] as Depot]
  return [
    {
      ...base,
      alarmId: uuidOf(4, 1),
      kind: 'limit-breach',
      priority: 'high',
      state: 'unacknowledged',
      source: { type: 'connection', id: dartford.connectionId, name: dartford.name },
      message: 'Import has been over the limit of 155.0 kW since 17:30, at most 22.4 kW over.',
      action: 'Call the site; if the load does not fall within 15 minutes, instruct a turn-down of its FU.',
      raisedAt: '2026-01-15T17:33:00Z',
      cause: 'More load than the profile allows at this time of day.',
      consequence: 'The secondary substation may be overloaded; the customer is in breach of its agreement.',
      owner: null,
    },
    {
      ...base,
      alarmId: uuidOf(4, 2),
      kind: 'communication-failure',
      priority: 'medium',
      state: 'unacknowledged',
      source: { type: 'hub', id: camden.hubId, name: `${camden.name} LV monitor` },
      message: 'The hub has not answered for 41 min.',
      action: 'Check the modem’s signal; if it is up, ask the site to restart the monitor.',
      raisedAt: '2026-01-15T17:16:20Z',
    },
    {
      ...base,
      alarmId: uuidOf(4, 3),
      kind: 'profile-expiring',
      priority: 'low',
      state: 'acknowledged',
      source: { type: 'connection', id: depots[8]?.connectionId ?? '', name: 'Victoria' },
      message: 'The profiled connection ends on 31 Mar 2026, in 75 days.',
      action: 'Agree the next profile with the customer, or let the fallback limit of 48.0 kW take over.',
      raisedAt: '2026-01-01T00:00:00Z',
      acknowledgedAt: '2026-01-05T09:12:00Z',
      acknowledgedBy: 'Oli Operator',
      occurrences: 2,
    },
  ]
}

export function journal(alarmId: string): AlarmJournalEntry[] {
  const base = { alarmId, priority: 'high' as const, state: 'unacknowledged' as const }
  return [
    { ...base, at: '2026-01-15T17:33:00Z', event: 'raised', actor: 'compliance', detail: '' },
    {
      ...base,
      at: '2026-01-15T17:43:00Z',
      event: 'escalated',
      actor: 'compliance',
      detail: 'from medium, after 10 min',
    },
  ]
}

export function alarmFigures(): AlarmFigures {
  return {
    from: '2026-01-14T17:52:00Z',
    to: '2026-01-15T17:52:00Z',
    operators: 1,
    averagePerOperatorAnd10Min: 0.14,
    peakPerOperatorAnd10Min: 12,
    floods: [{ from: '2026-01-15T03:10:00Z', to: '2026-01-15T03:20:00Z', alarms: 12 }],
    worst: [{ kind: 'communication-failure', sourceName: 'Camden LV monitor', alarms: 9 }],
  }
}

export function alarmTargets(): AlarmTarget[] {
  return [
    {
      targetId: uuidOf(19, 1),
      name: 'Control room',
      kind: 'email',
      address: 'control@dno.example',
      fromPriority: 'high',
      active: true,
    },
  ]
}

export function alarmNotices(): AlarmNotice[] {
  return [
    {
      noticeId: uuidOf(20, 1),
      alarmId: uuidOf(4, 1),
      targetName: 'Control room',
      event: 'raised',
      state: 'dead',
      attempts: 8,
      dueAt: '2026-01-15T17:33:00Z',
      sentAt: null,
      lastError: 'mail.dno.example refuses connections',
    },
  ]
}

const states: InstructionState[] = [
  'acknowledged',
  'acknowledged',
  'acknowledged',
  'acknowledged',
  'refused',
  'unknown',
]

/** The board of the fixtures' day; on other days contracts without schedules. */
export function board(tradingDay: string): DispatchBoard {
  const day = LocalDate.parse(tradingDay)
  const now = Instant.parse(fixtureNow)
  const rows = depots.slice(0, 6).map((depot, i): DispatchBoard['rows'][number] => {
    const contractedW = Math.round(depot.ascKva * 0.16) * 1_000
    return {
      fuId: uuidOf(2, i),
      fuName: `${depot.name} depot`,
      fspId: fixtureFspId,
      fspName: 'Depot Flex Ltd',
      connectionId: depot.connectionId,
      inService: i !== 4,
      selected: i === 3 ? 'optimised' : 'manual',
      manualVersion: 1 + (i % 2),
      optimisedVersion: i === 3 ? 4 : null,
      periods: periodStarts(day, 'PT15M').map((from, column) => {
        const hour = localTimeOf(from).hour()
        const contracted = hour >= 16 && hour < 20
        const asked = contracted && isTurnDown(from)
        const dueAt = from.minusSeconds(1_800)
        const issued = asked && !dueAt.isAfter(now) && i !== 4
        const state = i === 4 || i === 5 ? (column % 3 === 0 ? states[i] : 'acknowledged') : 'acknowledged'
        const requestedW = asked ? Math.round(contractedW * (i === 3 ? 0.7 + 0.1 * (column % 4) : 1)) : null
        return {
          from: from.toString(),
          to: from.plusSeconds(900).toString(),
          contractedW: contracted ? contractedW : null,
          requestedW,
          dueAt: dueAt.toString(),
          instruction:
            issued && requestedW !== null && state
              ? {
                  instructionId: uuidOf(5, i * 200 + column),
                  state,
                  turnDownW: requestedW,
                  issuedAt: dueAt.plusSeconds(1).toString(),
                  acknowledgedAt: state === 'acknowledged' ? dueAt.plusSeconds(2).toString() : null,
                  reason:
                    state === 'refused'
                      ? 'The FSP refused: exceeds-availability, 6 kW available.'
                      : state === 'unknown'
                        ? 'No answer within 10 s, twice; the FSP is asked again at 17:55.'
                        : null,
                }
              : null,
          deliveredW:
            issued && requestedW !== null && from.plusSeconds(900).isBefore(now)
              ? Math.round(requestedW * (i === 2 ? 0.72 : 0.985 + 0.02 * noise(i * 99 + column)))
              : null,
        }
      }),
    }
  })
  const all = rows.flatMap((row) => row.periods.map((p) => ({ row, p })))
  const issued = all.flatMap(({ p }) => (p.instruction ? [p.instruction] : []))
  return {
    tradingDay,
    product: 'A',
    resolution: 'PT15M',
    at: fixtureNow,
    rows,
    totals: {
      due: all.filter(({ row, p }) => row.inService && p.requestedW !== null && p.dueAt <= fixtureNow).length,
      issued: issued.length,
      acknowledged: issued.filter((i) => i.state === 'acknowledged').length,
      refused: issued.filter((i) => i.state === 'refused').length,
      unknown: issued.filter((i) => i.state === 'unknown').length,
      missed: 0,
    },
  }
}

export function fsps(): Fsp[] {
  return [
    {
      fspId: fixtureFspId,
      companyName: 'Depot Flex Ltd',
      contactName: 'Fay Fleet',
      contactEmail: 'fay@depotflex.example',
      status: 'accepted',
      reason: null,
      appliedAt: '2025-11-03T10:00:00Z',
      decidedAt: '2025-11-04T15:30:00Z',
      decidedBy: 'Flo Engineer',
      controlApiUrl: 'https://api.depotflex.example/control',
      dispatchRoute: 'http',
      dispatchEmail: null,
    },
  ]
}

const overnightLimits = unitConstraints.parse({ minimumRunMinutes: 60, activationsPerDay: 2, noticeMinutes: 30 })

export function flexibleUnits(): FlexibleUnit[] {
  return depots.slice(0, 6).map((depot, i) => ({
    fuId: uuidOf(2, i),
    fspId: fixtureFspId,
    name: `${depot.name} depot`,
    derIds: [uuidOf(6, i)],
    connectionId: depot.connectionId,
    nodeId: depot.nodeId,
    maxTurnDownW: Math.round(depot.ascKva * 0.3) * 1_000,
    limits: i === 0 ? overnightLimits : null,
    isWholeSite: i === 0,
    inService: i !== 4,
  }))
}

const scheme = { name: 'grace-and-multiplier' as const, graceRatio: 0.95, slope: 3, floorRatio: 0.63 }

function statementLineOf(number: number, unit: FlexibleUnit, from: Instant, contractedW: number): StatementLine {
  const instructed = isTurnDown(from)
  const noData = instructed && number % 97 === 0
  const instructedWh = instructed ? contractedW / 4 : 0
  const share = 0.86 + 0.14 * Math.abs(noise(number))
  const meteredWh = Math.round(contractedW / 2.2 + 900 * noise(number + 7))
  const baselineWh = instructed ? meteredWh + Math.round(instructedWh * (share > 0.98 ? 1.05 : share)) : null
  const deliveredWh = noData || baselineWh === null ? 0 : Math.min(baselineWh - meteredWh, instructedWh)
  const ratio = instructed && !noData ? new Money(deliveredWh).div(instructedWh) : null
  const factor = noData
    ? new Money(0)
    : ratio === null || ratio.gte(0.95)
      ? new Money(1)
      : Money.max(0, new Money(1).minus(new Money(0.95).minus(ratio).times(3)))
  const availability = new Money('12.50').times(contractedW).div(1_000_000).times('0.25')
  const utilisation = new Money('310').times(deliveredWh).div(1_000_000)
  return {
    lineId: uuidOf(7, number),
    number,
    fuId: unit.fuId,
    fuName: unit.name,
    from: from.toString(),
    to: from.plusSeconds(900).toString(),
    contractedW,
    instructedW: instructed ? contractedW : null,
    baselineWh: noData ? null : baselineWh,
    meteredWh: noData ? null : meteredWh,
    deliveredWh,
    deliveryRatio: ratio === null ? null : ratio.toNumber(),
    performanceFactor: factor.toNumber(),
    availabilityGbpPerMwH: '12.50',
    utilisationGbpPerMwh: '310',
    availabilityGbp: availability.toString(),
    utilisationGbp: utilisation.toString(),
    amountGbp: formatGbp(availability.plus(utilisation).times(factor)),
    baselineDays: instructed ? ['2026-01-14', '2026-01-13', '2026-01-12', '2026-01-09', '2026-01-08'] : [],
    meterRevision: noData ? null : 1,
    flags: noData ? ['no-meter-data'] : [],
    contractId: uuidOf(14, number),
    inService: true,
    limitWh: null,
    terms: {
      baselineMethod: 'recent-history',
      inDayAdjustment: false,
      scheme,
      scheduleAccuracy: false,
      missingMeterData: 'unpaid',
      referenceWPerDer: null,
    },
    accuracyFactor: 1,
    settledGbp: formatGbp(availability.plus(utilisation).times(factor)),
    previousGbp: null,
  }
}

export function statement(): Statement {
  const lines: StatementLine[] = []
  for (const unit of flexibleUnits()) {
    for (let day = LocalDate.parse('2026-01-05'); day.isBefore(LocalDate.parse('2026-01-15')); day = day.plusDays(1)) {
      if (isWeekend(day)) continue
      const depot = depots.find((d) => d.connectionId === unit.connectionId) as Depot
      const window = periodStarts(day, 'PT15M').filter(
        (at) => localTimeOf(at).hour() >= 16 && localTimeOf(at).hour() < 20,
      )
      for (const from of window)
        lines.push(statementLineOf(lines.length + 1, unit, from, Math.round(depot.ascKva * 0.16) * 1_000))
    }
  }
  return {
    statementId: uuidOf(8, 1),
    number: '2026-01-A-0001',
    fspId: fixtureFspId,
    fspName: 'Depot Flex Ltd',
    product: 'A',
    month: '2026-01',
    state: 'draft',
    delta: 0,
    checkedBy: null,
    approvedBy: null,
    issuedAt: null,
    preparedAt: '2026-01-15T09:04:00Z',
    preparedBy: 'Sam Settlement',
    lineCount: lines.length,
    deliveredWh: lines.reduce((sum, line) => sum + line.deliveredWh, 0),
    totalGbp: sumGbp(lines.map((line) => line.amountGbp)),
    baselineMethod: 'recent-history',
    scheme,
    lines,
  }
}
