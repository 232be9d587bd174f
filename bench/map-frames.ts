import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import { SimulatedClock } from '../platform/clock/index.ts'
import { createDatabase, type Queryable, startCluster } from '../platform/db/index.ts'
import { readPeople, seedPeople } from '../seeds/index.ts'
import { type RunningServer, startServer } from '../server/app/index.ts'
import { builtFace, launch } from './support/browser.ts'

const at = Instant.parse('2026-01-15T09:00:00Z')
const goalFps = 50
/** How long the map is dragged for a figure, ms. */
const dragMs = 5_000

/** Where the map looks: at all of the network, at a borough, and at some streets, where every node has a mark of its own. */
const views = { far: '', middle: '51.51000,-0.12000,12.00', near: '51.51000,-0.12000,14.50' } as const

/**
 * Frames a second while the map of a network is dragged with the mouse, in the real browser before the real server. The figure is the worst of
 * three heights. `withoutMap` is what the same browser draws of a page without a map meanwhile: where that is far from 60 the machine is busy,
 * and the figure says nothing of the map. `renderer` says what draws: where there is no graphics card it is a program, and the figure is that of the processor.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const nodes = Number(options['nodes'] ?? 100_000)
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-bench-'))
  const files = await mkdtemp(join(tmpdir(), 'ringmain-bench-files-'))
  const cluster = await startCluster({ folder, durable: false })
  const browser = await launch()
  try {
    const portalFolder = await builtFace('portal', join(files, 'portal'))
    await createDatabase(cluster.url(), 'map')
    const server = await startServer({
      databaseUrl: cluster.url('map'),
      portalFolder,
      secretKeyFile: join(files, 'key'),
      host: '127.0.0.1',
      port: 0,
      role: 'api',
      environment: 'demo',
      demoAccounts: await readPeople(),
      clock: new SimulatedClock(at),
      log: pino({ level: 'silent' }),
    })
    try {
      await seedPeople(server.context)
      await makeNetwork(server.context.db, nodes)
      const measured = await measure(browser, server)
      const fps = Math.min(...Object.values(measured.frames).map((each) => each.fps))
      return { nodes, fps, goalFps, ratio: fps / goalFps, ...measured }
    } finally {
      await server.close()
    }
  } finally {
    await browser.close()
    await cluster.stop()
    for (const made of [folder, files]) await rm(made, { recursive: true, force: true })
  }
}

/**
 * Made-up secondaries all over London, at places that follow from their numbers, a hundred to a primary; of ten one is over what it can carry,
 * one has little left, two are unknown, and the others have room.
 */
async function makeNetwork(db: Queryable, nodes: number): Promise<void> {
  const primaries = Math.ceil(nodes / 101)
  const place = sql.raw(
    `505000 + (n::bigint * 48271 % 55000) as easting, 155000 + (n::bigint * 69621 % 45000) as northing`,
  )
  await db.execute(sql`
    insert into network_node (node_id, name, kind, licence_area, rating_winter_kva, rating_summer_kva, easting, northing)
    values ('gsp', 'GSP of the benchmark', 'gsp', 'LPN', 9000000, 9000000, 532500, 177500)`)
  await db.execute(sql`
    insert into network_node (node_id, name, kind, parent_id, licence_area, rating_winter_kva, rating_summer_kva, easting, northing)
    select 'p' || n, 'Primary ' || n, 'primary', 'gsp', 'LPN', 40000, 36000, p.easting, p.northing
    from generate_series(1, ${primaries}::int) as n, lateral (select ${place}) as p`)
  await db.execute(sql`
    insert into network_node
      (node_id, name, kind, parent_id, licence_area, rating_winter_kva, rating_summer_kva, max_demand_winter_kva, easting, northing)
    select 's' || n, 'Substation ' || n, 'secondary', 'p' || (1 + n % ${primaries}::int), 'LPN', 800, 720,
      case n % 10 when 0 then 900 when 1 then 790 when 2 then null when 3 then null else 300 end, p.easting, p.northing
    from generate_series(1, ${nodes - primaries - 1}::int) as n, lateral (select ${place}) as p`)
}

interface Frames {
  fps: number
  /** The longest wait for a frame, ms. */
  longestMs: number
}

async function measure(browser: Browser, server: RunningServer) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(server.publicUrl)
  await page
    .getByRole('button', { name: /planner/ })
    .first()
    .click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  const withoutMap = await framesWhileMoved(page, 700, 450)
  const frames: Partial<Record<keyof typeof views, Frames>> = {}
  let shownMs = 0
  for (const [name, view] of Object.entries(views) as [keyof typeof views, string][]) {
    const from = performance.now()
    await page.goto(`${server.publicUrl}/map${view === '' ? '' : `?view=${view}`}`)
    await page.getByRole('region', { name: 'Map of the network' }).waitFor({ timeout: 120_000 })
    await page.waitForLoadState('networkidle')
    if (view === '') shownMs = Math.round(performance.now() - from)
    frames[name] = await framesWhileDragged(page)
  }
  const renderer = await page.evaluate(rendererScript)
  return { frames: frames as Record<keyof typeof views, Frames>, withoutMap, shownMs, renderer: String(renderer) }
}

/** Drags the map round and round. */
async function framesWhileDragged(page: Page): Promise<Frames> {
  const box = await page.getByRole('region', { name: 'Map of the network' }).boundingBox()
  if (!box) throw new Error('the map has no size')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  const frames = await framesWhileMoved(page, box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.up()
  return frames
}

/** Moves the mouse round and round about a place, and counts what the browser draws meanwhile. */
async function framesWhileMoved(page: Page, x: number, y: number): Promise<Frames> {
  await page.evaluate(startScript)
  const until = performance.now() + dragMs
  for (let step = 0; performance.now() < until; step++)
    await page.mouse.move(x + 160 * Math.sin(step / 40), y + 120 * Math.sin(step / 28))
  const times = (await page.evaluate('window.benchFrames')) as number[]
  const waits = times.slice(1).map((time, n) => time - (times[n] ?? time))
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
  return {
    fps: Math.round((waits.length / spanMs) * 10_000) / 10,
    longestMs: Math.round(Math.max(...waits)),
  }
}

const startScript = `
  window.benchFrames = []
  const note = (time) => { window.benchFrames.push(time); requestAnimationFrame(note) }
  requestAnimationFrame(note)`

const rendererScript = `(() => {
  const gl = document.createElement('canvas').getContext('webgl2')
  const named = gl && gl.getExtension('WEBGL_debug_renderer_info')
  return named ? gl.getParameter(named.UNMASKED_RENDERER_WEBGL) : 'unknown'
})()`
