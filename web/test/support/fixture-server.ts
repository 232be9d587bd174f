import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { logIn, type Session } from '../../../schemas/access/sessions.ts'
import { newEmergencyStop } from '../../../schemas/dispatch/board.ts'
import { instructionConfirmation } from '../../../schemas/dispatch/instructions.ts'
import { alarmTargetForm } from '../../../schemas/grid/alarms.ts'
import type { NetworkImport } from '../../../schemas/grid/network.ts'
import { profileLimits } from '../../../schemas/grid/profiles.ts'
import { dispatchRoute } from '../../../schemas/market/parties.ts'
import { type DispatchSchedule, dispatchScheduleValues } from '../../../schemas/market/schedules.ts'
import { newTender } from '../../../schemas/market/tenders.ts'
import type { Changed, Overview } from '../../../schemas/portal/portal.ts'
import { disputeOutcome, newDispute, statementEvent } from '../../../schemas/settlement/statements.ts'
import * as compliance from './compliance-fixtures.ts'
import * as dispatching from './dispatch-fixtures.ts'
import * as fixtures from './fixtures.ts'
import * as market from './market-fixtures.ts'
import * as network from './network-fixtures.ts'
import * as profiles from './profile-fixtures.ts'
import * as settling from './settlement-fixtures.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
/** As strict as the server's own. */
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"

const person: Session = {
  accountId: '00000000-0000-4000-8000-000000000001',
  username: 'engineer',
  fullName: 'Flo Engineer',
  roles: ['flexibility-engineer', 'settlement', 'operator', 'planner', 'administrator'],
  fspId: null,
  at: fixtures.fixtureNow,
  environment: 'demo',
}

function problem(status: number, title: string, detail: string): Response {
  const body = { type: 'urn:ringmain:problem:test', title, status, detail }
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } })
}

export interface FixtureServer {
  url: string
  /** What the portal has written, in order. */
  written: { method: string; path: string; body: unknown }[]
  /** Tells open screens that a topic has news. */
  announce(topic: Changed['topic']): void
  /** Whether all is well at the nine sites. */
  calm: boolean
  close(): Promise<void>
}

/** Serves a built portal and an API that answers by the contracts, with made-up data: for developing and testing screens alone. */
export async function serveFixtures(portalFolder: string): Promise<FixtureServer> {
  const written: FixtureServer['written'] = []
  const listeners = new Set<(topic: string) => void>()
  const alarms = fixtures.alarms()
  const schedules = new Map<string, DispatchSchedule>()
  const state = { calm: false }
  const api = new Hono()

  api.get('/demo-accounts', (c) =>
    c.json([
      { username: 'engineer', password: 'flexible', fullName: 'Flo Engineer', roles: ['flexibility-engineer'] },
      { username: 'operator', password: 'watchful', fullName: 'Oli Operator', roles: ['operator'] },
      { username: 'settlement', password: 'penny', fullName: 'Sam Settlement', roles: ['settlement'] },
    ]),
  )
  // The way out to an issuer and back, as short as it can be.
  api.get('/session/log-in', (c) => {
    const next = c.req.query('next') ?? '/'
    setCookie(c, 'next', next.startsWith('//') ? '/' : next, { path: '/', sameSite: 'Lax', httpOnly: true })
    return c.redirect('/log-in?interaction=fixture')
  })
  api.get('/session/callback', (c) => {
    setCookie(c, 'session', 'yes', { path: '/', sameSite: 'Strict', httpOnly: true })
    return c.redirect(getCookie(c, 'next') ?? '/')
  })
  api.get('/session/log-out', (c) => c.redirect('/log-in'))
  api.post('/session', async (c) => {
    const { password } = logIn.parse(await c.req.json())
    if (password === 'wrong')
      return problem(
        401,
        'The user name or the password is wrong',
        'The user name or the password is wrong. Check both and try again.',
      )
    return c.json({ redirectTo: '/api/session/callback' })
  })
  api.use('*', async (c, next) => {
    if (!getCookie(c, 'session')) return problem(401, 'Log in, or send a valid access token', 'There is no session.')
    return next()
  })
  api.get('/session', (c) => c.json(person))
  api.delete('/session', (c) => {
    setCookie(c, 'session', '', { path: '/', maxAge: 0 })
    return c.body(null, 204)
  })
  api.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      const listener = (topic: string) => void stream.writeSSE({ event: 'changed', data: JSON.stringify({ topic }) })
      listeners.add(listener)
      stream.onAbort(() => {
        listeners.delete(listener)
      })
      await stream.writeSSE({ event: 'open', data: '{}' })
      while (!stream.aborted) await stream.sleep(200)
    }),
  )
  api.get('/overview', (c) => {
    const open = state.calm ? [] : alarms.filter((a) => a.state !== 'closed')
    const of = (priority: string) => open.filter((a) => a.priority === priority).length
    const body: Overview = {
      at: fixtures.fixtureNow,
      tradingDay: '2026-01-15',
      sites: fixtures.connections(state.calm),
      alarms: { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low') },
      dispatch: state.calm
        ? { due: 42, issued: 42, acknowledged: 42, refused: 0, unknown: 0, missed: 0 }
        : fixtures.board('2026-01-15').totals,
    }
    return c.json(body)
  })
  const page = (c: Context, items: unknown[]) => c.json({ items, nextCursor: null })
  api.get('/connections', (c) => page(c, fixtures.connections(state.calm)))
  api.get('/connections/:id', (c) => {
    const found = fixtures.connections(state.calm).find((each) => each.connectionId === c.req.param('id'))
    return found
      ? c.json(found)
      : problem(404, 'There is no such thing here', `There is no connection ${c.req.param('id')}.`)
  })
  const spanOf = (c: Context): [string, string] => [
    c.req.query('from') ?? '2026-01-01',
    c.req.query('to') ?? '2026-01-15',
  ]
  api.get('/connections/:id/compliance', (c) => c.json(compliance.complianceDays(c.req.param('id'), ...spanOf(c))))
  api.get('/compliance', (c) => c.json(compliance.complianceDays(null, ...spanOf(c))))
  api.get('/compliance/reports/:month', (c) => c.json(compliance.complianceReport(c.req.param('month'))))
  api.get('/feeds', (c) => c.json(compliance.feeds()))
  api.get('/feeds/:id/failures', (c) => c.json(compliance.feedFailures(c.req.param('id'))))
  api.get('/connections/:id/day', (c) =>
    c.json(fixtures.connectionDay(c.req.param('id'), c.req.query('day') ?? '2026-01-15')),
  )
  api.get('/breaches', (c) => page(c, fixtures.breaches(c.req.query('connectionId') ?? '')))
  api.get('/hubs', (c) => c.json(fixtures.hubs()))
  api.get('/hubs/:id/readings', (c) => c.json(fixtures.readings()))
  api.get('/alarms', (c) =>
    page(
      c,
      alarms.filter((a) => c.req.query('state') === 'all' || a.state !== 'closed'),
    ),
  )
  api.post('/alarms/:id/acknowledgement', (c) => {
    const alarm = alarms.find((a) => a.alarmId === c.req.param('id'))
    if (!alarm) return problem(404, 'There is no such thing here', 'There is no such alarm.')
    written.push({ method: 'POST', path: c.req.path, body: null })
    Object.assign(alarm, {
      state: 'acknowledged',
      acknowledgedAt: fixtures.fixtureNow,
      acknowledgedBy: person.fullName,
    })
    return c.json(alarm)
  })
  api.put('/alarms/:id/shelf', async (c) => {
    const body = await c.req.json()
    written.push({ method: 'PUT', path: c.req.path, body })
    const alarm = alarms.find((a) => a.alarmId === c.req.param('id'))
    return c.json(
      Object.assign(alarm ?? {}, { shelvedUntil: body.until, shelvedBy: 'engineer', shelfReason: body.reason }),
    )
  })
  api.get('/alarms/:id/journal', (c) => c.json(fixtures.journal(c.req.param('id'))))
  api.get('/alarm-figures', (c) => c.json(fixtures.alarmFigures()))
  api.get('/alarm-targets', (c) => c.json(fixtures.alarmTargets()))
  api.post('/alarm-targets', async (c) => {
    const body = alarmTargetForm.parse(await c.req.json())
    written.push({ method: 'POST', path: c.req.path, body })
    return c.json({ ...body, targetId: '00000000-0000-4000-8000-001900000009' })
  })
  api.get('/alarm-notices', (c) => c.json(fixtures.alarmNotices()))
  api.post('/alarm-notices/:id/retry', (c) => {
    written.push({ method: 'POST', path: c.req.path, body: null })
    return c.body(null, 204)
  })
  api.get('/dispatch/board', (c) => {
    const board = fixtures.board(c.req.query('day') ?? '2026-01-15')
    for (const row of board.rows)
      row.manualVersion = schedules.get(`${row.fuId} ${board.tradingDay}`)?.version ?? row.manualVersion
    return c.json(board)
  })
  api.get('/dispatch-schedules/:fu/:day/:kind', (c) => {
    const { fu, day, kind } = c.req.param()
    const saved = schedules.get(`${fu} ${day}`)
    if (saved && kind === 'manual') return c.json(saved)
    const row = fixtures.board(day).rows.find((each) => each.fuId === fu)
    const version = kind === 'manual' ? row?.manualVersion : row?.optimisedVersion
    if (!row || !version) return problem(404, 'There is no such thing here', 'There is no such schedule.')
    const schedule: DispatchSchedule = {
      fuId: fu,
      tradingDay: day,
      version,
      resolution: 'PT15M',
      createdAt: '2026-01-14T15:20:00Z',
      kind: kind === 'manual' ? 'manual' : 'optimised',
      createdBy: kind === 'manual' ? 'Flo Engineer' : 'optimiser',
      values: row.periods.map((p) => p.requestedW),
    }
    return c.json(schedule)
  })
  api.put('/dispatch-schedules/:fu/:day/selection', async (c) => {
    const body = await c.req.json()
    written.push({ method: 'PUT', path: c.req.path, body })
    return c.json(body)
  })
  api.put('/dispatch-schedules/:fu/:day/manual', async (c) => {
    const { fu, day } = c.req.param()
    const body = dispatchScheduleValues.parse(await c.req.json())
    const before =
      schedules.get(`${fu} ${day}`)?.version ?? fixtures.board(day).rows.find((r) => r.fuId === fu)?.manualVersion ?? 0
    if (c.req.header('if-match') !== `"${before}"` && c.req.header('if-none-match') !== '*')
      return problem(412, 'Somebody else changed it meanwhile', `Version ${before} is the latest.`)
    written.push({ method: 'PUT', path: c.req.path, body })
    const saved: DispatchSchedule = {
      fuId: fu,
      tradingDay: day,
      kind: 'manual',
      version: before + 1,
      createdAt: fixtures.fixtureNow,
      createdBy: person.fullName,
      ...body,
    }
    schedules.set(`${fu} ${day}`, saved)
    return c.json(saved)
  })
  const summaryOf = () => {
    const { lines: _, scheme: __, baselineMethod: ___, ...summary } = fixtures.statement()
    return summary
  }
  api.get('/statements', (c) => page(c, [summaryOf()]))
  api.post('/statements', async (c) => {
    written.push({ method: 'POST', path: c.req.path, body: await c.req.json() })
    return c.json(fixtures.statement())
  })
  api.get('/statements/:id/csv', (c) => {
    c.header('content-disposition', 'attachment; filename="statement.csv"')
    return c.body('number\r\n', 200, { 'content-type': 'text/csv' })
  })
  let statementState = fixtures.statement().state
  const disputes: ReturnType<typeof settling.newDispute>[] = []
  api.post('/statements/:id/state', async (c) => {
    const body = z.object({ event: statementEvent }).parse(await c.req.json())
    written.push({ method: 'POST', path: c.req.path, body })
    statementState = body.event === 'check' ? 'checked' : body.event === 'approve' ? 'approved' : 'issued'
    return c.json({ ...fixtures.statement(), state: statementState })
  })
  api.get('/statements/:id/lines/:line/explanation', (c) => {
    const found = settling.explanation(c.req.param('line'))
    return found ? c.json(found) : problem(404, 'There is no such thing here', 'There is no such line.')
  })
  api.get('/statements/:id/delivery', (c) => page(c, settling.deliveries()))
  api.get('/statements/:id/disputes', (c) => page(c, disputes))
  api.post('/statements/:id/disputes', async (c) => {
    const body = newDispute.parse(await c.req.json())
    written.push({ method: 'POST', path: c.req.path, body })
    disputes.push(settling.newDispute(body))
    return c.json(disputes.at(-1))
  })
  api.post('/disputes/:id/outcome', async (c) => {
    const body = disputeOutcome.parse(await c.req.json())
    written.push({ method: 'POST', path: c.req.path, body })
    return c.json(Object.assign(disputes[0] ?? {}, { ...body, decidedAt: fixtures.fixtureNow, decidedBy: 'engineer' }))
  })
  api.get('/flexible-units/:id/baselines', (c) =>
    c.json(settling.comparisonOf(c.req.param('id'), c.req.query('day') ?? '')),
  )
  api.get('/flexible-units/:id/baseline-accuracy', (c) => c.json(settling.accuracyOf(c.req.param('id'))))
  api.get('/statements/:id', (c) => c.json({ ...fixtures.statement(), state: statementState }))
  const step = (c: Context, answer: unknown) => {
    written.push({ method: c.req.method, path: c.req.path, body: null })
    return c.json(answer)
  }
  const tenderOf = (id: string) => market.tenders().find((each) => each.tenderId === id) ?? market.tenders()[0]
  api.get('/tenders', (c) => page(c, market.tenders()))
  api.post('/tenders', async (c) => {
    written.push({ method: 'POST', path: c.req.path, body: newTender.parse(await c.req.json()) })
    return c.json(market.tenders()[2])
  })
  api.get('/tenders/:id', (c) => c.json(tenderOf(c.req.param('id'))))
  api.get('/tenders/:id/responses', (c) => page(c, market.responses(c.req.param('id'))))
  api.post('/tenders/:id/:step', (c) => step(c, {}))
  api.get('/contracts', (c) => page(c, market.contracts()))
  api.get('/ders', (c) => page(c, market.ders()))
  api.post('/fsp-applications/:id/decision', async (c) => {
    written.push({ method: 'POST', path: c.req.path, body: await c.req.json() })
    return c.json({ ...market.parties()[1], status: 'accepted' })
  })
  api.get('/network/nodes', (c) => {
    const search = (c.req.query('search') ?? '').toLowerCase()
    return page(
      c,
      network.nodes().filter((n) => `${n.nodeId} ${n.name}`.toLowerCase().includes(search)),
    )
  })
  api.get('/network/nodes/:id', (c) => {
    const found = network.pageOfNode(c.req.param('id'))
    return found ? c.json(found) : problem(404, 'There is no such thing here', `There is no node ${c.req.param('id')}.`)
  })
  api.get('/network/nodes/:id/headroom', (c) =>
    c.json(network.headroom(c.req.param('id'), c.req.query('day') ?? '2026-01-15')),
  )
  api.get('/load-forecasts/:id/:day', (c) => c.json(network.forecast(c.req.param('id'), c.req.param('day'))))
  api.get('/target-levels', (c) => page(c, network.targets()))
  api.put('/target-levels/:id', async (c) => {
    const body = await c.req.json()
    written.push({ method: 'PUT', path: c.req.path, body })
    return c.json(body)
  })
  const imports: NetworkImport[] = []
  api.get('/network/imports', (c) => c.json(imports))
  api.post('/network/imports', async (c) => {
    const outcome = network.importOutcome(await c.req.text(), c.req.query('dryRun') === 'true')
    imports.unshift({ ...outcome, importId: crypto.randomUUID() })
    return c.json(outcome)
  })
  const versionOf = (id: string) => profiles.versions().find((each) => each.profileId === id) ?? profiles.versions()[0]
  api.get('/profiles', (c) =>
    c.json(profiles.versions().filter((v) => !c.req.query('state') || v.state === c.req.query('state'))),
  )
  api.get('/profiles/:id', (c) => c.json(versionOf(c.req.param('id'))))
  api.get('/profiles/:id/assessment', (c) => c.json(profiles.assessment(c.req.param('id'))))
  api.post('/profile-previews', async (c) => {
    const { limits, day } = await c.req.json()
    return c.json(profiles.preview(profileLimits.parse(limits), day))
  })
  const saveProfile = async (c: Context) => {
    written.push({ method: c.req.method, path: c.req.path, body: await c.req.json() })
    return c.json(profiles.versions()[0])
  }
  api.post('/connections/:id/profiles', saveProfile)
  api.put('/profiles/:id', saveProfile)
  api.post('/profiles/:id/:decision', saveProfile)
  api.get('/instructions', (c) => page(c, dispatching.instructions(c.req.query('day') ?? '2026-01-15')))
  api.get('/instructions/:id', (c) => {
    const found = dispatching.instruction(c.req.param('id'))
    return found ? c.json(found) : problem(404, 'There is no such thing here', 'There is no such instruction.')
  })
  api.post('/instructions/:id/confirmation', async (c) => {
    written.push({ method: 'POST', path: c.req.path, body: instructionConfirmation.parse(await c.req.json()) })
    return c.json(dispatching.instructions('2026-01-15')[0])
  })
  api.put('/fsps/:id/dispatch-route', async (c) => {
    written.push({ method: 'PUT', path: c.req.path, body: dispatchRoute.parse(await c.req.json()) })
    return c.json(market.parties()[0])
  })
  const stops: ReturnType<typeof dispatching.newStop>[] = []
  api.get('/dispatch/stops', (c) => page(c, stops))
  api.post('/dispatch/stops', async (c) => {
    const body = newEmergencyStop.parse(await c.req.json())
    written.push({ method: 'POST', path: c.req.path, body })
    stops.unshift(dispatching.newStop(body))
    return c.json(stops[0])
  })
  api.post('/dispatch/stops/:id/lift', (c) => {
    written.push({ method: 'POST', path: c.req.path, body: null })
    return c.json(Object.assign(stops[0] ?? {}, { liftedAt: fixtures.fixtureNow, liftedBy: person.username }))
  })
  api.get('/optimisations', (c) => page(c, dispatching.optimisations(c.req.query('day') ?? '2026-01-15')))
  api.post('/optimisations', async (c) => {
    written.push({ method: 'POST', path: c.req.path, body: await c.req.json() })
    return c.json(dispatching.optimisations('2026-01-15')[0])
  })
  api.get('/optimisations/:run/units/:fu', (c) => c.json(dispatching.explained(c.req.param('run'), c.req.param('fu'))))
  api.get('/schedules', (c) => page(c, dispatching.submissions(c.req.query('day') ?? '2026-01-15')))
  api.post('/schedules/csv', async (c) => {
    const text = await c.req.text()
    written.push({ method: 'POST', path: c.req.path, body: text })
    if (text.includes('flawed'))
      return problem(
        422,
        'The request does not fit its contract',
        'Line 3: there is no FU “nobody”. Nothing was taken.',
      )
    return c.json({ accepted: text.trim().split('\n').length - 1, unchanged: 0 })
  })
  api.get('/fsps', (c) => page(c, market.parties()))
  api.get('/flexible-units', (c) => page(c, fixtures.flexibleUnits()))
  api.all('*', (c) => problem(404, 'There is no such thing here', `Nothing is served at ${c.req.path}.`))

  const site = new Hono()
  site.route('/api', api)
  site.get('*', async (c) => {
    const asked = extname(c.req.path) ? c.req.path : '/index.html'
    const body = await readFile(join(portalFolder, asked)).catch(() => null)
    if (!body) return c.notFound()
    return c.body(body, 200, {
      'content-type': types[extname(asked)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
  })
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const made = serve({ fetch: site.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(made))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    written,
    announce: (topic) => {
      for (const listener of listeners) listener(topic)
    },
    get calm() {
      return state.calm
    },
    set calm(value) {
      state.calm = value
    },
    close: () =>
      new Promise((resolve) => {
        if ('closeAllConnections' in server) server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
