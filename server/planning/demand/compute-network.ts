import { LocalDate } from '@js-joda/core'
import type { NetworkRunSummary } from '../../../schemas/planning/demand-summaries.ts'
import { shapeFrom } from './compute-trips.ts'
import { cells, daysOfKinds } from './engine/demand.ts'
import { type HvSite, hvCode, hvLinks } from './mapping/hv-sites.ts'
import { linksOf } from './mapping/links.ts'
import type { AreaLinks, Confidence, MapNode } from './mapping/model.ts'
import { type NodeDemand, type NodeOutlook, type OutlookTerms, outlookOf } from './outlook/exceedance.ts'
import { fleetFactors, type Growth, growthOf } from './outlook/growth.ts'
import { type HvVehicles, type SplitVehicles, splitVehicles } from './outlook/hv-vehicles.ts'
import { archetypes, profilesFrom } from './outlook/profiles.ts'
import { byUrgency } from './outlook/ranking.ts'
import { type AreaLoads, demandUpwards, ownDemand, sharesByNode } from './outlook/tree.ts'
import type { NetworkRecord } from './records.ts'
import type { EditionRows } from './rows.ts'

/** What a run over the network reads. */
export interface NetworkInputs {
  record: NetworkRecord
  areas: EditionRows['areas'][]
  growth: EditionRows['growth'][]
  offStreet: EditionRows['off-street'][]
  feedingAreas: EditionRows['feeding-areas'][]
  connectivity: EditionRows['connectivity'][]
  profiles: EditionRows['profiles'][]
  network: EditionRows['network'][]
  hvSites: EditionRows['hv-sites'][]
  /** The result of a run over trips, and its charge points at high voltage; none without one. */
  fleet: { area: string; meanW: number[] }[]
  hvChargePoints: EditionRows['charge-points'][]
}

/** A node of the result, by rank. */
export interface NetworkNodeResult {
  place: number
  demand: NodeDemand
  outlook: NodeOutlook
  headroomW: number[] | null
  confidence: Confidence | null
}

/** What a run over the network finds. */
export interface NetworkResult {
  summary: NetworkRunSummary
  nodes: NetworkNodeResult[]
  areas: (Omit<AreaLinks, 'nodes'> & { nodeIds: string[] })[]
}

/** The nodes of a network by urgency. The same inputs give the same result, to the last bit. @param note is told how far it is, by nodes. */
export function computeNetwork(inputs: NetworkInputs, note: (progress: number) => void = () => {}): NetworkResult {
  const { record, network, areas } = inputs
  const mapNodes = mapNodesOf(inputs)
  const sites = sitesOf(inputs)
  const nodesAbove = nodesAboveOf(inputs)
  const own = linksOf(record.method, {
    areas: areas.map(mapAreaOf),
    nodes: mapNodes.map(({ node }) => node),
    feedings: inputs.connectivity,
  })
  const atHv = hvLinksOf(inputs, sites, nodesAbove)
  // Links name places in one list: the nodes of the level, and after them those above the secondaries.
  const shifted = atHv.map((link) => ({ ...link, nodes: link.nodes.map((i) => i + mapNodes.length) }))
  const [links, targets] = [own.concat(shifted), mapNodes.concat(nodesAbove)]
  const growth = growthIn(inputs)
  const split = splitVehicles(
    growth,
    areas.map(({ code }) => code),
    sites,
  )
  const loads = loadsOf(inputs, sites, split, growth.years.length)
  const terms = outlookTerms(record, growth, inputs.profiles)
  const confidences = confidenceByPlace(links, targets)
  const nodes: NetworkNodeResult[] = []
  for (const { place, demand } of demands(network, links, targets, loads)) {
    const headroomW = headroomOf(network[place])
    const outlook = outlookOf(demand, headroomW, terms)
    note(nodes.length / network.length)
    nodes.push({ place, demand, outlook, headroomW, confidence: confidences.get(place) ?? null })
  }
  const idOf = (each: NetworkNodeResult) => ({ nodeId: network[each.place]?.nodeId ?? '', outlook: each.outlook })
  nodes.sort((a, b) => byUrgency(idOf(a), idOf(b)))
  return {
    summary: { ...summaryOf(inputs, own, growth, nodes), ...hvSummaryOf(atHv, split.beyond) },
    nodes,
    areas: links.map((link) => viewLinks(link, targets)),
  }
}

/** The terms of a run's years, for it and for what is asked of it later. */
export function outlookTerms(
  record: NetworkRecord,
  growth: Pick<Growth, 'years' | 'meanShare'>,
  own: NetworkInputs['profiles'],
): OutlookTerms {
  const profiles = profilesFrom(own, record.seasonFactors ?? { winter: 1, summer: 1 })
  return {
    years: growth.years,
    profiles: archetypes.map((name) => profiles[name]),
    fleetFactors: fleetFactors(growth, record.tripYear, record.wholeFleet),
    daysOfKinds: growth.years.map((year) => daysOfKinds(LocalDate.of(year, 1, 1), LocalDate.of(year, 12, 31))),
  }
}

interface Placed {
  place: number
  node: MapNode
}

function mapNodesOf({ record, network, feedingAreas }: NetworkInputs): Placed[] {
  const fed = new Map(feedingAreas.map((each) => [each.nodeId, each]))
  return network.flatMap((each, place): Placed[] => {
    if (each.kind !== record.level) return []
    const own = fed.get(each.nodeId)
    const { nodeId, eastingM, northingM, capacityW, reserved } = each
    const feedingArea = own?.polygons ? shapeFrom(own.polygons) : null
    return [
      {
        place,
        node: { nodeId, eastingM, northingM, capacityW, reserved, customers: own?.customers ?? null, feedingArea },
      },
    ]
  })
}

function mapAreaOf({ code, polygons, eastingM, northingM }: EditionRows['areas']) {
  return { code, shape: polygons && shapeFrom(polygons), eastingM, northingM }
}

function growthIn({ record, areas, growth, offStreet }: NetworkInputs): Growth {
  const { fromYear, toYear } = record
  const known = growth[0]?.years ?? []
  const years = known.filter((year) => year >= fromYear && year <= toYear)
  const picked = years.map((year) => known.indexOf(year))
  const shares = new Map(growth.map((each) => [each.area, picked.map((i) => Math.min(1, each.shares[i] ?? 0))]))
  const offStreetShares = new Map(offStreet.map(({ place, share }) => [place, share]))
  const growing = areas.map((area) => ({ ...area, offStreetShare: offStreetShares.get(area.code) ?? null }))
  return growthOf(growing, { name: record.title, years, shares }, offStreetShares)
}

type Site = HvSite & HvVehicles

/** Sites at high voltage: those on record, and charge points of the trips. One that is both counts once. */
function sitesOf({ hvSites, hvChargePoints, fleet }: NetworkInputs): Site[] {
  const sites = new Map<string, Site>(hvSites.map((site) => [site.id, site]))
  const used = new Set(fleet.map(({ area }) => area))
  for (const { id, eastingM, northingM } of hvChargePoints)
    if (!sites.has(id) && used.has(hvCode(id)))
      sites.set(id, { id, area: '', nodeId: null, eastingM, northingM, archetype: null, vehicles: 0 })
  return [...sites.values()]
}

/** The nodes that sites at high voltage may connect to. */
function nodesAboveOf({ network }: NetworkInputs): (Placed & { isPrimary: boolean })[] {
  return network.flatMap(({ nodeId, kind, eastingM, northingM, capacityW, reserved }, place) => {
    if (kind === 'secondary') return []
    const node = { nodeId, eastingM, northingM, capacityW, reserved, customers: null, feedingArea: null }
    return [{ place, node, isPrimary: kind === 'primary' }]
  })
}

function hvLinksOf({ areas }: NetworkInputs, sites: readonly Site[], nodes: ReturnType<typeof nodesAboveOf>) {
  if (sites.length === 0) return []
  const byCode = new Map(areas.map((area) => [area.code, area]))
  const middleOf = (code: string) => {
    const area = byCode.get(code)
    return area && { eastingM: area.eastingM, northingM: area.northingM }
  }
  return hvLinks(
    sites,
    nodes.map(({ node, isPrimary }) => ({ ...node, isPrimary })),
    middleOf,
  )
}

/** What areas bring, and after them what sites at high voltage bring, in the order of the links. */
function loadsOf(
  { areas, fleet }: NetworkInputs,
  sites: readonly Site[],
  split: SplitVehicles,
  years: number,
): AreaLoads {
  const byArea = new Map(fleet.map(({ area, meanW }) => [area, Float64Array.from(meanW)]))
  const codes = [...areas.map(({ code }) => code), ...sites.map(({ id }) => hvCode(id))]
  return { vehicles: split.areas.concat(split.sites), fleetW: codes.map((code) => byArea.get(code) ?? null), years }
}

function demands(
  network: NetworkInputs['network'],
  links: readonly AreaLinks[],
  targets: readonly Placed[],
  loads: AreaLoads,
) {
  const shares = sharesByNode(links, targets.length)
  // A node of the level may be there twice, as itself and as one above the secondaries: it carries what both bring.
  const byPlace = Map.groupBy(targets.keys(), (i) => targets[i]?.place ?? -1)
  const own = (place: number) => {
    const found = (byPlace.get(place) ?? []).flatMap((i) => shares[i] ?? [])
    return found.length > 0 ? ownDemand(found, loads) : null
  }
  return demandUpwards(network, own, loads.years)
}

function headroomOf(node: EditionRows['network'] | undefined): number[] | null {
  const kinds = node?.headroomW ?? []
  const all = kinds.flatMap((each) => each ?? [])
  return all.length === cells ? all : null
}

const order: readonly Confidence[] = ['high', 'medium', 'low']

/** A node is as sure as the least sure of the areas that it carries; those above it have none of their own. */
function confidenceByPlace(links: readonly AreaLinks[], mapNodes: readonly Placed[]): Map<number, Confidence> {
  const found = new Map<number, Confidence>()
  for (const { nodes, confidence } of links)
    for (const node of nodes) {
      const place = mapNodes[node]?.place ?? -1
      const known = found.get(place) ?? 'high'
      if (confidence) found.set(place, order.indexOf(confidence) > order.indexOf(known) ? confidence : known)
    }
  return found
}

function viewLinks({ nodes, ...link }: AreaLinks, mapNodes: readonly Placed[]) {
  return { ...link, nodeIds: nodes.map((i) => mapNodes[i]?.node.nodeId ?? '') }
}

function summaryOf(
  inputs: NetworkInputs,
  links: readonly AreaLinks[],
  growth: Growth,
  nodes: readonly NetworkNodeResult[],
): Omit<NetworkRunSummary, keyof ReturnType<typeof hvSummaryOf>> {
  const { fleet, areas } = inputs
  const codes = new Set([...areas.map(({ code }) => code), ...sitesOf(inputs).map(({ id }) => hvCode(id))])
  const count = (pick: (link: AreaLinks) => boolean) => links.filter(pick).length
  return {
    years: [...growth.years],
    meanShare: [...growth.meanShare],
    areas: links.length,
    areasByNearest: count(({ basis }) => basis === 'nearest'),
    areasWithoutNode: count(({ nodes }) => nodes.length === 0),
    areasByBorough: growth.byBorough,
    areasByAll: growth.byAll,
    areasWithoutCars: growth.withoutCars,
    fleetAreasUnknown: fleet.filter(({ area }) => !codes.has(area)).length,
    nodes: nodes.length,
    nodesExceeded: nodes.filter(({ outlook }) => outlook.firstYear !== null).length,
    nodesUnknown: nodes.filter(({ outlook }) => outlook.leastHeadroomW === null).length,
    firstYear: nodes[0]?.outlook.firstYear ?? null,
  }
}

function hvSummaryOf(atHv: readonly AreaLinks[], beyond: number) {
  return {
    hvSites: atHv.length,
    hvSitesByNearest: atHv.filter(({ basis }) => basis === 'nearest').length,
    hvSitesWithoutNode: atHv.filter(({ nodes }) => nodes.length === 0).length,
    hvVehiclesBeyondArea: beyond,
  }
}
