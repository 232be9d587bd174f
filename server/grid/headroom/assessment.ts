import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { maximaOf } from '../../../schemas/grid/connections.ts'
import type { Assessment } from '../../../schemas/grid/profiles.ts'
import { countryOf } from '../areas/index.ts'
import { findConnection } from '../connections/index.ts'
import { pathOf } from '../network/index.ts'
import type { Requested } from './agreed.ts'
import { type History, judge } from './judge.ts'
import { historyOf, type Picture, pictureOf } from './picture.ts'
import { type AssessedPeriod, type AssessmentCell, capacityW, type LoadNode } from './rules.ts'
import type { DayKind } from './vectors.ts'

/** Assesses an application at an instant against the headroom of every node up the tree, with all other agreements counted. */
export async function assess(
  db: Queryable,
  at: Instant,
  profileId: string,
  connectionId: string,
  requested: Requested,
): Promise<Assessment> {
  const found = await findConnection(db, connectionId)
  if (!found) throw new Error(`the connection ${connectionId} of a profile has disappeared`)
  const path = (await pathOf(db, found.nodeId)).toReversed()
  const picture = await pictureOf(db, path.at(-1)?.nodeId ?? found.nodeId, at)
  const applicant = picture.connections.find((c) => c.connectionId === connectionId)
  if (!applicant) throw new Error(`the connection ${connectionId} is not below the top of its own tree`)
  const byId = new Map(picture.nodes.map((n) => [n.nodeId, n]))
  const up = path.flatMap((p) => byId.get(p.nodeId) ?? [])
  const historyFor = rememberedByKind((kind) => historyOf(db, picture, at, kind))
  const country = await countryOf(db, found.licenceArea)
  const asked = { validFrom: requested.validFrom, validTo: requested.validTo, limits: requested.limits, country }
  const { cells, missing, bases, way } = await judge(asked, { ...picture, applicant, way: up, historyFor })
  const refusals = [...way.flatMap(reservedRefusal), ...cells.flatMap((cell) => refusalsOf(cell, picture))]
  return {
    profileId,
    at: at.toString(),
    fits: refusals.length === 0 && missing.length === 0,
    cells: cells.map(({ season, dayType, day, profileSeason, periods }) => {
      return { season, dayType, day, profileSeason, periods }
    }),
    refusals,
    missing,
    nodes: way.map((node) => ({
      nodeId: node.nodeId,
      name: node.name,
      kind: node.kind,
      background: bases.get(node.nodeId) ?? 'unknown',
      capacityWinterW: capacityW(node, 'winter'),
      capacitySummerW: capacityW(node, 'summer'),
      maxima: maximaOf(node),
    })),
  }
}

/** Nothing is agreed at or below a node that is reserved for somebody else. */
function reservedRefusal({ name, reserved, reservedFor }: LoadNode): Assessment['refusals'] {
  if (!reserved) return []
  const whom = reservedFor === null ? 'one user, who is not on record' : reservedFor
  return [{ when: 'at all times', message: `${name} is reserved for ${whom}` }]
}

/** Reads the history of each kind of day once. */
function rememberedByKind(read: (kind: DayKind) => Promise<History>): (kind: DayKind) => Promise<History> {
  const known = new Map<string, Promise<History>>()
  return ({ season, dayType, ...rest }) => {
    const key = `${season} ${dayType}`
    const history = known.get(key) ?? read({ season, dayType, ...rest })
    known.set(key, history)
    return history
  }
}

type CellName = Pick<AssessmentCell, 'season' | 'dayType' | 'day' | 'profileSeason'>

/** Runs of half-hours that do not fit at the same node, in words. */
function refusalsOf(cell: CellName & { periods: AssessedPeriod[] }, picture: Picture): Assessment['refusals'] {
  const runs: AssessedPeriod[][] = []
  for (const period of cell.periods) {
    const last = runs.at(-1)
    const continues = last?.[0]?.bindingNodeId === period.bindingNodeId && last.at(-1)?.from === before(period.from)
    if (period.excessW <= 0) continue
    if (last && continues) last.push(period)
    else runs.push([period])
  }
  const kw = (watts: number) => `${(watts / 1000).toFixed(1)} kW`
  return runs.map((run) => {
    const [first, last] = [run[0] as AssessedPeriod, run.at(-1) as AssessedPeriod]
    const worst = run.reduce((a, b) => (b.excessW > a.excessW ? b : a))
    const node = picture.nodes.find((n) => n.nodeId === first.bindingNodeId)
    const name = cell.day ?? [cell.season, cell.profileSeason, cell.dayType].filter((part) => part !== null).join(' ')
    return {
      when: `${name} ${first.from}–${after(last.from)}`,
      message: `${kw(worst.requestedW)} requested, ${kw(Math.max(0, worst.requestedW - worst.excessW))} left at ${node?.name ?? 'the node'} (${worst.from}): ${kw(worst.excessW)} too much`,
    }
  })
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

const before = (time: string) => timeOf(minutesOf(time) - 30)
const after = (time: string) => timeOf(minutesOf(time) + 30)
