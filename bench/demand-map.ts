import { LocalDate } from '@js-joda/core'
import { headroomsOf } from '../server/grid/index.ts'
import { cells, dayKinds, daysOfKinds } from '../server/planning/demand/engine/demand.ts'
import { linksOf } from '../server/planning/demand/mapping/links.ts'
import { type OutlookTerms, outlookOf } from '../server/planning/demand/outlook/exceedance.ts'
import { growthOf } from '../server/planning/demand/outlook/growth.ts'
import { archetypes, usualProfiles } from '../server/planning/demand/outlook/profiles.ts'
import { demandUpwards, ownDemand, sharesByNode } from '../server/planning/demand/outlook/tree.ts'
import { createLondon, type London } from './demand-map/london.ts'
import { cpuSeconds } from './support/child.ts'

/**
 * The demand of 30 years in 4,994 areas of London, shared among 100,000 made-up secondaries by their customers, carried up to 1,373 primaries, and
 * held against the headroom of every node in the 48 half-hours of four kinds of day. Goals: 60 s and 2,000 MB. `linear` compares the processor
 * time for each node with that at a quarter of them; about 1 is linear.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const most = Number(options['secondaries'] ?? 100_000)
  const rows: Awaited<ReturnType<typeof mapDemand>>[] = []
  for (const secondaries of [0.25, 0.5, 1].map((share) => Math.round(most * share)))
    rows.push(await mapDemand(secondaries))
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) throw new Error('nothing was measured')
  const linear = last.cpuMs / last.nodes / (first.cpuMs / first.nodes)
  return {
    wallMs: last.wallMs,
    rssMb: Math.max(...rows.map(({ rssMb }) => rssMb)),
    rows,
    linear: Math.round(linear * 100) / 100,
    ratio: Math.round((60_000 / last.wallMs) * 100) / 100,
  }
}

const years = Array.from({ length: 30 }, (_, n) => 2021 + n)

async function mapDemand(secondaries: number) {
  const london = await createLondon(secondaries)
  const [startedAt, startedCpuS] = [performance.now(), cpuSeconds()]
  const links = linksOf('customer-share', { areas: london.areas, nodes: london.mapNodes, feedings: [] })
  const mappedAt = performance.now()
  const headroom = headroomOf(london)
  const { counted, over } = exceeded(london, links, headroom)
  const endedAt = performance.now()
  return {
    secondaries,
    areas: london.areas.length,
    real: london.isReal,
    nodes: counted,
    exceeded: over,
    mapMs: Math.round(mappedAt - startedAt),
    outlookMs: Math.round(endedAt - mappedAt),
    wallMs: Math.round(endedAt - startedAt),
    cpuMs: Math.round((cpuSeconds() - startedCpuS) * 1_000),
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  }
}

/** By the grid's own rule, kind by kind of day. */
function headroomOf({ nodes }: London): Map<string, Float32Array> {
  const found = new Map(nodes.map(({ nodeId }) => [nodeId, new Float32Array(cells)]))
  for (const [k, kind] of dayKinds.entries()) {
    const season = kind.startsWith('winter') ? 'winter' : 'summer'
    for (const [nodeId, roomW] of headroomsOf(nodes, [], new Map(), season)) found.get(nodeId)?.set(roomW ?? [], k * 48)
  }
  return found
}

function exceeded(
  { nodes, mapNodes, growthAreas, shares }: London,
  links: ReturnType<typeof linksOf>,
  headroom: ReadonlyMap<string, Float32Array>,
) {
  const growth = growthOf(growthAreas, { name: 'synthetic', years, shares }, new Map())
  const profiles = usualProfiles({ winter: 1.1, summer: 1 })
  const terms: OutlookTerms = {
    years,
    profiles: archetypes.map((name) => profiles[name]),
    fleetFactors: new Float64Array(years.length).fill(1),
    daysOfKinds: years.map((year) => daysOfKinds(LocalDate.of(year, 1, 1), LocalDate.of(year, 12, 31))),
  }
  // Every area has a private-hire demand of its own besides.
  const fleetW = growthAreas.map((_, i) =>
    Float64Array.from({ length: cells }, (__, c) => 200 + ((i * 7 + c * 13) % 97)),
  )
  const byNode = sharesByNode(links, mapNodes.length)
  const loads = { vehicles: growth.vehicles, fleetW, years: years.length }
  const placeOf = new Map(mapNodes.map(({ nodeId }, i) => [nodeId, i]))
  let [counted, over] = [0, 0]
  const own = (place: number) => {
    const found = byNode[placeOf.get(nodes[place]?.nodeId ?? '') ?? -1]
    return found && found.length > 0 ? ownDemand(found, loads) : null
  }
  for (const { place, demand } of demandUpwards(nodes, own, years.length)) {
    const outlook = outlookOf(demand, headroom.get(nodes[place]?.nodeId ?? '') ?? null, terms)
    counted++
    if (outlook.firstYear !== null) over++
  }
  return { counted, over }
}
