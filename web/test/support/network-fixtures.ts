import { LocalDate } from '@js-joda/core'
import type { z } from 'zod'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import type { NetworkImport, NodeHeadroom, nodePage } from '../../../schemas/grid/network.ts'
import type { loadForecast, targetLevel } from '../../../schemas/planning/load.ts'
import { localTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { connections } from './fixtures.ts'

function node(
  nodeId: string,
  name: string,
  kind: NetworkNode['kind'],
  parentId: string | null,
  kva: number | null,
): NetworkNode {
  return {
    nodeId,
    name,
    kind,
    parentId,
    licenceArea: 'LPN',
    ratingWinterKva: kva,
    ratingSummerKva: kva === null ? null : Math.round(kva * 0.9),
    easting: 531_500,
    northing: 182_300,
    firmCapacityKva: kind === 'primary' && kva ? kva / 2 : null,
    reserved: nodeId === 'lpn-reserved',
  }
}

/** A small tree: one GSP, one BSP, a primary and a secondary for each site. */
export function nodes(): NetworkNode[] {
  const sites = connections()
  return [
    node('lpn-west-ham-gsp', 'West Ham GSP', 'gsp', null, 720_000),
    node('lpn-city-road-bsp', 'City Road BSP', 'bsp', 'lpn-west-ham-gsp', 180_000),
    ...sites.flatMap((site) => [
      node(`${site.nodeId}-hv`, `${site.name} 11 kV`, 'primary', 'lpn-city-road-bsp', 30_000),
      node(site.nodeId, site.nodeName, 'secondary', `${site.nodeId}-hv`, site.ascKva * 2),
    ]),
  ]
}

export function pageOfNode(nodeId: string): z.infer<typeof nodePage> | null {
  const all = nodes()
  const found = all.find((n) => n.nodeId === nodeId)
  if (!found) return null
  const path = [found]
  for (let up = found.parentId; up !== null; up = path[0]?.parentId ?? null) {
    const parent = all.find((n) => n.nodeId === up)
    if (!parent) break
    path.unshift(parent)
  }
  return {
    node: found,
    path: path.map(({ nodeId: id, name, kind }) => ({ nodeId: id, name, kind })),
    children: all.filter((n) => n.parentId === nodeId),
    connections: connections()
      .filter((c) => c.nodeId === nodeId)
      .map(({ connectionId, name, ascKva }) => ({ connectionId, name, ascKva })),
    hubIds: [],
  }
}

export function headroom(nodeId: string, tradingDay: string): NodeHeadroom {
  const capacityW = (nodes().find((n) => n.nodeId === nodeId)?.ratingWinterKva ?? 1_000) * 950
  return {
    nodeId,
    tradingDay,
    periods: periodStarts(LocalDate.parse(tradingDay), 'PT30M').map((from) => {
      const hour = localTimeOf(from).hour() + localTimeOf(from).minute() / 60
      const backgroundW = Math.round(capacityW * (0.28 + 0.18 * Math.exp(-(((hour - 18) / 4) ** 2))))
      const agreedW = Math.round(capacityW * (hour >= 16 && hour < 20 ? 0.3 : 0.38))
      return {
        from: from.toString(),
        to: from.plusSeconds(1_800).toString(),
        capacityW,
        measuredW: hour < 17.5 ? Math.round(backgroundW + agreedW * 0.62) : null,
        backgroundW,
        agreedW,
        headroomW: capacityW - backgroundW - agreedW,
      }
    }),
  }
}

/** A forecast that is over the node's target in the evening. */
export function forecast(nodeId: string, tradingDay: string): z.infer<typeof loadForecast> {
  const { periods } = headroom(nodeId, tradingDay)
  return { nodeId, tradingDay, resolution: 'PT30M', values: periods.map((p) => p.backgroundW + p.agreedW) }
}

export function targets(): z.infer<typeof targetLevel>[] {
  return [{ nodeId: 'lpn-city-road-bsp', name: 'City Road BSP', targetW: 128_000_000, isSet: true }]
}

/** How an upload ends: without a flaw, or refused when the file says `flawed`. */
export function importOutcome(text: string, dryRun: boolean): NetworkImport {
  const flawed = text.includes('flawed')
  const rows = text.trim().split('\n').length - 1
  return {
    importId: '00000000-0000-4000-8000-001500000001',
    startedAt: '2026-01-15T17:50:00Z',
    startedBy: 'planner',
    dryRun,
    state: flawed ? 'refused' : dryRun ? 'checked' : 'imported',
    layout: 'ringmain',
    rows,
    created: flawed ? 0 : rows,
    changed: 0,
    flaws: flawed
      ? [{ line: 3, field: 'parentId', message: 'there is no node “lpn-nowhere”: put its row into the file' }]
      : [],
    flawCount: flawed ? 1 : 0,
  }
}
