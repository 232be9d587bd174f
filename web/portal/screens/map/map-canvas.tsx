import { useComputedColorScheme } from '@mantine/core'
import { addProtocol, Map as MapLibre, type MapMouseEvent, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { useEffect, useMemo, useRef, useState } from 'react'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { Degrees } from '../../../../schemas/grid/network-map.ts'
import { Notice } from '../../../shared/components/notice.tsx'
import { drawings } from '../../../shared/components/shapes.ts'
import { fixed } from '../../../shared/format/power.ts'
import styles from './map.module.css'
import { type Drawn, type MarkProperties, markOf, stateIn, styleOf } from './style.ts'
import { loadTile, tileScheme } from './tiles.ts'
import type { View } from './view.ts'
import { placeInWords } from './words.ts'

// A file of this portal, started by its address: the content security policy lets nothing else in.
setWorkerUrl(workerUrl)
addProtocol(tileScheme, async ({ url }, { signal }) => {
  try {
    const tile = await loadTile(url, signal)
    note(url, null)
    return { data: tile.slice().buffer }
  } catch (error) {
    if (!signal.aborted) note(url, error as Error)
    throw error
  }
})

/** Tiles that could not be loaded, by address; the map that is open is told of the first. */
const missing = new Map<string, Error>()
let tell: (problem: Error | null) => void = () => {}

function note(address: string, problem: Error | null): void {
  if (problem) missing.set(address, problem)
  else missing.delete(address)
  const [first = null] = missing.values()
  tell(first)
}

/** What is drawn from now on has other tiles: those that are missing of the one before do not matter any more. */
function forget(): void {
  missing.clear()
  tell(null)
}

/** How near one has to point to a mark, px: a finger is wider than a mark. */
const reachPx = 7

/** What stands under the pointer. */
interface Pointed {
  x: number
  y: number
  mark: MarkProperties
}

export interface MapCanvasProps {
  drawn: Drawn
  /** Where it looks at first, and whenever the address says so; otherwise at `bounds`. */
  view: View | null
  /** West, south, east and north of the network, degrees. */
  bounds: readonly [number, number, number, number] | null
  selected: Degrees | null
  onView: (view: View) => void
  onSelect: (nodeId: string) => void
  /** Told when tiles fail, and `null` when they come again. */
  onProblem: (problem: Error | null) => void
}

/** The map itself, drawn by MapLibre. Everything on it is in the table beside it, too. */
export default function MapCanvas({ drawn, view, bounds, selected, onView, onSelect, onProblem }: MapCanvasProps) {
  const scheme = useComputedColorScheme('light')
  const box = useRef<HTMLDivElement>(null)
  const map = useRef<MapLibre | null>(null)
  const shown = useRef<View | null>(null)
  const [pointed, setPointed] = useState<Pointed | null>(null)
  const [failed, setFailed] = useState(false)
  const style = useMemo(() => styleOf(drawn, scheme, selected), [drawn, scheme, selected])
  const told = useRef({ onView, onSelect, onProblem })
  useEffect(() => {
    told.current = { onView, onSelect, onProblem }
  })

  // Made once: later styles and views are set on it.
  const first = useRef({ style, view, bounds })
  useEffect(() => {
    if (!box.current) return
    const made = create(box.current, first.current)
    if (!made) return setFailed(true)
    map.current = made
    tell = (problem) => told.current.onProblem(problem)
    listen(made, {
      onView(seen) {
        shown.current = seen
        told.current.onView(seen)
      },
      onSelect: (nodeId) => told.current.onSelect(nodeId),
      onPoint: setPointed,
    })
    return () => {
      map.current = null
      tell = () => {}
      missing.clear()
      made.remove()
    }
  }, [])

  const drawnBy = useRef(style)
  useEffect(() => {
    if (drawnBy.current === style) return
    drawnBy.current = style
    forget()
    map.current?.setStyle(style)
  }, [style])

  useEffect(() => {
    const now = map.current
    if (!now || !view || (shown.current && isNear(shown.current, view))) return
    now.jumpTo({ center: [view.longitude, view.latitude], zoom: view.zoom })
  }, [view])

  useEffect(() => {
    const now = map.current
    if (!now || !selected) return
    const at: [number, number] = [selected.longitude, selected.latitude]
    if (!now.getBounds().contains(at)) now.jumpTo({ center: at, zoom: Math.max(now.getZoom(), 11) })
  }, [selected])

  if (failed)
    return (
      <Notice tone="doubt" title="This browser cannot draw the map">
        It has no WebGL, or it is switched off. The table has the same nodes.
      </Notice>
    )
  return (
    <div className={styles.canvas}>
      <div ref={box} className={styles.box} />
      <Buttons map={map} bounds={bounds} />
      {pointed && <Tip pointed={pointed} drawn={drawn} />}
    </div>
  )
}

/** The map in its box; `null` where the browser cannot draw it. */
function create(
  container: HTMLElement,
  { style, view, bounds }: Pick<MapCanvasProps, 'view' | 'bounds'> & { style: ReturnType<typeof styleOf> },
): MapLibre | null {
  try {
    const start = view
      ? { center: [view.longitude, view.latitude] as [number, number], zoom: view.zoom }
      : bounds
        ? { bounds: [...bounds] as [number, number, number, number], fitBoundsOptions: fitting }
        : {}
    const made = new MapLibre({
      container,
      style,
      ...start,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      minZoom: 3,
      maxZoom: 18,
      locale: { 'Map.Title': 'Map of the network. The table has the same nodes.' },
    })
    made.touchZoomRotate.disableRotation()
    made.keyboard.disableRotation()
    made.setMissingStyleImageResolver((image) => {
      made.addImage(image, drawMark(image), { pixelRatio: 2 })
    })
    made.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left')
    return made
  } catch {
    return null
  }
}

/** Tells what a person does with the map. */
function listen(
  map: MapLibre,
  { onView, onSelect, onPoint }: Pick<MapCanvasProps, 'onView' | 'onSelect'> & { onPoint(at: Pointed | null): void },
): void {
  map.on('moveend', () => onView(viewOf(map)))
  // Tiles tell their problems themselves. What else goes wrong is a fault of the program, which the console has.
  map.on('error', ({ error, ...of }) => {
    if (!('tile' in of) && !('sourceId' in of)) reportError(error)
  })
  map.on('mousemove', (event) => onPoint(under(map, event)))
  map.on('mouseout', () => onPoint(null))
  map.on('click', (event) => {
    const nodeId = under(map, event)?.mark.nodeId
    if (nodeId !== undefined) onSelect(nodeId)
  })
}

const fitting = { padding: 40, maxZoom: 13, animate: false }

function viewOf(map: MapLibre): View {
  const { lng, lat } = map.getCenter()
  return { longitude: lng, latitude: lat, zoom: map.getZoom() }
}

/** Whether two views differ by no more than an address rounds off. */
function isNear(a: View, b: View): boolean {
  const differs = Math.abs(a.longitude - b.longitude) > 1e-4 || Math.abs(a.latitude - b.latitude) > 1e-4
  return !differs && Math.abs(a.zoom - b.zoom) <= 0.01
}

/** The mark under the pointer that lies above the others. */
function under(map: MapLibre, { point }: MapMouseEvent): Pointed | null {
  const layers = ['marks', 'areas'].filter((layer) => map.getLayer(layer))
  if (layers.length === 0) return null
  const around: [[number, number], [number, number]] = [
    [point.x - reachPx, point.y - reachPx],
    [point.x + reachPx, point.y + reachPx],
  ]
  // An area is what lies under the very point.
  const where = layers.includes('marks') ? around : point
  const [found] = map.queryRenderedFeatures(where, { layers })
  if (!found) return null
  return { x: point.x, y: point.y, mark: found.properties as MarkProperties }
}

/** A mark as an image of 16 by 16 px at twice the density, with a line around it that sets it off from what is below. */
function drawMark(image: string): ImageData {
  const { shape, colour, halo } = markOf(image)
  const { path, line, dash } = drawings[shape]
  const side = 32
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const pen = canvas.getContext('2d')
  if (!pen) return new ImageData(side, side)
  pen.translate(4, 4)
  pen.scale(2, 2)
  const drawn = new Path2D(path)
  pen.lineJoin = 'round'
  pen.strokeStyle = halo
  pen.lineWidth = (line ?? 0) + 1.6
  pen.stroke(drawn)
  pen.strokeStyle = colour
  pen.fillStyle = colour
  if (line === undefined) pen.fill(drawn)
  else {
    pen.lineWidth = line
    pen.setLineDash([...(dash ?? [])])
    pen.stroke(drawn)
  }
  return pen.getImageData(0, 0, side, side)
}

/** Nearer, farther, and the whole network. */
function Buttons({ map, bounds }: { map: { readonly current: MapLibre | null }; bounds: MapCanvasProps['bounds'] }) {
  const fit = () => {
    if (bounds) map.current?.fitBounds([...bounds], fitting)
  }
  return (
    <div className={styles.buttons}>
      <button type="button" aria-label="Zoom in" onClick={() => map.current?.zoomIn({ animate: false })}>
        +
      </button>
      <button type="button" aria-label="Zoom out" onClick={() => map.current?.zoomOut({ animate: false })}>
        −
      </button>
      <button type="button" disabled={!bounds} onClick={fit}>
        Whole network
      </button>
    </div>
  )
}

/** What stands under the pointer, in words. */
function Tip({ pointed: { x, y, mark }, drawn }: { pointed: Pointed; drawn: Drawn }) {
  const { name, place, others = 0 } = mark
  const state = stateIn(drawn, mark)
  const found = drawn.legend.find((each) => each.state === state)
  return (
    <div className={styles.tip} style={{ left: x + 12, top: y + 12 }} aria-hidden="true">
      <strong>{name ?? place}</strong>
      {place !== undefined && <span>{placeInWords(drawn.subject, mark)}</span>}
      {found && <span>{found.wording.word}</span>}
      {others > 0 && <span>and {fixed(others, 0)} more here: zoom in</span>}
    </div>
  )
}
