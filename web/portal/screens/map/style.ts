import type { MapOptions } from 'maplibre-gl'
import type { Degrees } from '../../../../schemas/grid/network-map.ts'
import type { Shape, Tone } from '../../../shared/format/words.ts'
import { type Token, tokens } from '../../../shared/theme.ts'
import { type Legend, runStateOf, type Subject, soonYears } from './words.ts'

/** A style as MapLibre takes it. */
export type MapStyle = Exclude<NonNullable<MapOptions['style']>, string>

export type Scheme = keyof typeof tokens

/** What is drawn. */
export interface Drawn {
  subject: Subject
  /** Of a run over the network; `null` for what is not of a year. */
  year: number | null
  /** Addresses of its tiles, and of those of the upper network. */
  tiles: string
  sketch: string
  legend: readonly Legend[]
  /** Of homes and trips, which are of areas: the upper end of each shade but the last, from the lightest on. */
  shades: readonly number[] | null
}

const toneTokens: Readonly<Record<Tone, Token>> = {
  quiet: 'secondary',
  normal: 'secondary',
  risk: 'amber',
  fault: 'red',
  doubt: 'violet',
}

/** The image of a mark; `markOf` reads it again. */
function imageOf({ wording: { shape, tone } }: Legend, scheme: Scheme): string {
  return `${shape} ${tone} ${scheme}`
}

/** What the name of an image says: its shape, its colour, and the colour around it. */
export function markOf(image: string): { shape: Shape; colour: string; halo: string } {
  const [shape = 'dot', tone = 'normal', scheme = 'light'] = image.split(' ') as [Shape, Tone, Scheme]
  const colours = tokens[scheme]
  return { shape, colour: colours[toneTokens[tone]], halo: colours.surface }
}

type Expression = readonly unknown[]

/** The state of a node of a tile: stated by layers of the network, and of a run decided as in `runStateOf`. */
export function stateOf({ subject, year }: Drawn): Expression {
  if (year === null) return ['get', 'state']
  const known = (rest: Expression | string) => ['case', ['!', ['get', 'isKnown']], 'unknown', rest]
  if (subject === 'demand') return known(['case', ['get', 'isOver'], 'over', 'fits'])
  const firstYear = ['coalesce', ['get', 'firstYear'], 9_999]
  const soon = ['case', ['<=', firstYear, year + soonYears], 'soon', 'fits']
  return known(['case', ['<=', firstYear, year], 'over', soon])
}

/** What a tile says of a mark. What is not known is left out. */
export interface MarkProperties {
  nodeId?: string
  name?: string
  /** On areas. */
  place?: string
  homes?: number
  trips?: number
  isFew?: boolean
  /** How many marks it hides. */
  others?: number
  /** On layers of the network. */
  state?: string
  /** On runs. */
  isKnown?: boolean
  firstYear?: number
  leastHeadroomW?: number
}

/** The state of a mark, by the rule by which its image is chosen. */
export function stateIn({ subject, year }: Drawn, mark: MarkProperties): string | undefined {
  if (year === null || (subject !== 'demand' && subject !== 'exceedance')) return mark.state
  const { isKnown = false, firstYear = null, leastHeadroomW = null } = mark
  return runStateOf(subject, { isKnown, firstYear, leastHeadroomW }, year)
}

/** From how near the names of the levels are drawn. */
const namedFrom = { gsp: 0, bsp: 9.5, primary: 11 } as const
const nodesNamedFrom = 12.5

const font = ['system-ui']

/** How dark the shades of areas are: the more, the darker, in grey, because nobody has to act. */
export const shadeOpacities = [0.08, 0.2, 0.34, 0.5, 0.7] as const

/** Areas shaded by what is counted in them. Few real drivers have a shade of their own, because how many they are is not told. */
function areasOf({ subject, shades }: Drawn, scheme: Scheme) {
  const colours = tokens[scheme]
  const steps = (shades ?? []).flatMap((upTo, n) => [upTo + 0.5, shadeOpacities[n + 2] ?? 1])
  const amount = ['coalesce', ['get', subject], 0]
  const shade = ['case', ['<=', amount, 0], shadeOpacities[0], ['step', amount, shadeOpacities[1], ...steps]]
  return [
    {
      id: 'areas',
      type: 'fill',
      source: 'marks',
      'source-layer': 'areas',
      paint: {
        'fill-color': ['case', isFew(subject), colours.violet, colours.text],
        'fill-opacity': ['case', isFew(subject), 0.16, shade],
      },
    },
    {
      id: 'borders',
      type: 'line',
      source: 'marks',
      'source-layer': 'areas',
      paint: { 'line-color': colours.line, 'line-width': 0.6 },
    },
  ]
}

function isFew(subject: Subject): Expression | boolean {
  return subject === 'homes' ? ['get', 'isFew'] : false
}

/** The style of the map: the upper network in grey, marks by state over it, and a ring around what is selected. */
export function styleOf(drawn: Drawn, scheme: Scheme, selected: Degrees | null): MapStyle {
  const colours = tokens[scheme]
  const halo = { 'text-halo-color': colours.background, 'text-halo-width': 1.4 }
  const layers = [
    { id: 'ground', type: 'background', paint: { 'background-color': colours.background } },
    ...(drawn.shades ? areasOf(drawn, scheme) : []),
    {
      id: 'links',
      type: 'line',
      source: 'sketch',
      'source-layer': 'links',
      paint: {
        'line-color': colours.secondary,
        'line-opacity': 0.55,
        'line-width': ['match', ['get', 'kind'], 'bsp', 2, 1],
      },
    },
    ...Object.entries(namedFrom).map(([kind, minzoom]) => ({
      id: `names ${kind}`,
      type: 'symbol',
      source: 'sketch',
      'source-layer': 'places',
      minzoom,
      filter: ['==', ['get', 'kind'], kind],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': font,
        'text-size': 11,
        'text-anchor': 'left',
        'text-offset': [0.9, 0],
        'symbol-sort-key': minzoom,
      },
      paint: { 'text-color': colours.secondary, ...halo },
    })),
    {
      id: 'selected',
      type: 'circle',
      source: 'selected',
      paint: {
        'circle-radius': 12,
        'circle-color': colours.accent,
        'circle-opacity': 0.18,
        'circle-stroke-color': colours.accent,
        'circle-stroke-width': 2,
      },
    },
    ...(drawn.shades ? [] : [marksOf(drawn, scheme, halo)]),
  ]
  return {
    version: 8,
    sources: {
      sketch: { type: 'vector', tiles: [drawn.sketch], maxzoom: 14 },
      marks: { type: 'vector', tiles: [drawn.tiles], maxzoom: 14 },
      selected: { type: 'geojson', data: selectedData(selected) },
    },
    layers: layers as MapStyle['layers'],
  }
}

/** The marks. Tiles have those last that need someone most, so that they lie above the others. */
function marksOf(drawn: Drawn, scheme: Scheme, halo: Record<string, unknown>) {
  const { subject, legend } = drawn
  const images = legend.flatMap((each) => [each.state, imageOf(each, scheme)])
  // A mark as wide as the root of its power: an area as large as its demand. 1 MW is a mark of usual size.
  const bySize = ['interpolate', ['linear'], ['sqrt', ['get', 'peakW']], 0, 0.6, 1_000, 1, 10_000, 3]
  return {
    id: 'marks',
    type: 'symbol',
    source: 'marks',
    'source-layer': 'nodes',
    layout: {
      'icon-image': ['match', stateOf(drawn), ...images, images.at(-1)],
      'icon-size': subject === 'demand' ? bySize : 1,
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'symbol-z-order': 'source',
      'text-field': [
        'step',
        ['zoom'],
        '',
        nodesNamedFrom,
        ['case', ['in', ['get', 'kind'], ['literal', ['secondary', 'feeder']]], ['get', 'name'], ''],
      ],
      'text-font': font,
      'text-size': 11,
      'text-anchor': 'left',
      'text-offset': [0.9, 0],
      'text-optional': true,
    },
    paint: { 'text-color': tokens[scheme].text, ...halo },
  }
}

function selectedData(selected: Degrees | null) {
  const features = selected ? [{ type: 'Feature' as const, properties: {}, geometry: pointOf(selected) }] : []
  return { type: 'FeatureCollection' as const, features }
}

function pointOf({ longitude, latitude }: Degrees) {
  return { type: 'Point' as const, coordinates: [longitude, latitude] }
}
