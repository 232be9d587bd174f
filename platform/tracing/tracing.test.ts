import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { atEnd } from '../../test/support/cleanup.ts'
import { type Collector, startCollector } from '../../test/support/collector.ts'
import { SimulatedClock } from '../clock/index.ts'
import { createOutboundFetch, type Listener, listen, traceMount, traceRequests } from '../http/index.ts'
import { createLog } from '../log/index.ts'
import {
  beginSpan,
  beginTraceOf,
  inSpan,
  inTraceOf,
  noteOnSpan,
  openTracing,
  type Tracing,
  tracedClock,
} from './index.ts'

interface Told {
  tracing: Tracing
  faults: (string | null)[]
}

/** Tracing to a collector; what it delivers is there once it is closed. */
async function tracingTo({ url }: Pick<Collector, 'url'>, name = 'test', change = {}): Promise<Told> {
  const faults: (string | null)[] = []
  const tracing = await openTracing({
    endpoint: url,
    serviceName: name,
    ratio: 1,
    onDelivery: (fault) => faults.push(fault),
    ...change,
  })
  atEnd(() => tracing.close())
  return { tracing, faults }
}

/** A process that listens and is traced; `answer` is its work. */
async function tracedSite(tracing: Tracing, answer: () => Promise<void> = async () => undefined): Promise<Listener> {
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'the test', portSetting: 'none' })
  atEnd(() => listener.close(0))
  const site = new Hono()
  site.use('*', traceRequests(tracing))
  site.get('/healthz', (c) => c.text('ok'))
  site.post('/things/:thingId', async (c) => {
    await answer()
    return c.text('done')
  })
  site.get('/broken', (c) => c.text('broken', 503))
  const mount = traceMount(tracing, '/oidc', (_, response) => response.writeHead(401).end())
  listener.use(site.fetch, { '/oidc': mount })
  return listener
}

const outbound = createOutboundFetch({ isForbidden: null })
const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']
const part = (name: string) => inSpan({ name }, async () => undefined)

describe('one process', () => {
  test('a request is a span by method, route and status; its query is nowhere', async () => {
    const collector = await startCollector()
    const { tracing } = await tracingTo(collector)
    const { url } = await tracedSite(tracing, () => part('a part'))
    await fetch(`${url}/things/7?mpan=1200000112345`, { method: 'POST', headers: { authorization: 'Bearer a-token' } })
    await fetch(`${url}/broken`)
    await fetch(`${url}/nowhere/1200000112345`)
    await fetch(`${url}/oidc/token?client_secret=hidden`, { method: 'POST' })
    await fetch(`${url}/oidc/interaction/secret`, { method: 'POST' })
    await fetch(`${url}/healthz`)
    await tracing.close()
    const spans = collector.spans()
    const told = spans
      .filter(({ kind }) => kind === 2)
      .map(({ name, attributes, hasFailed }) => [name, attributes, hasFailed])
    const http = (method: string, route: string, status: number) => ({
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
    })
    expect(told).toEqual([
      ['POST /things/:thingId', http('POST', '/things/:thingId', 200), false],
      ['GET /broken', { ...http('GET', '/broken', 503), 'error.type': '503' }, true],
      ['GET none', http('GET', 'none', 404), false],
      ['POST /oidc/token', http('POST', '/oidc/token', 401), false],
      ['POST /oidc/*', http('POST', '/oidc/*', 401), false],
    ])
    const [request, inner] = ['POST /things/:thingId', 'a part'].map((name) => spans.find((each) => each.name === name))
    expect(inner).toMatchObject({ traceId: request?.traceId, parentSpanId: request?.spanId })
    expect(collector.texts.join()).not.toMatch(/1200000112345|a-token|hidden|secret/)
  })

  test('a task is a trace of its own, linked to what has set it up', async () => {
    const collector = await startCollector()
    const { tracing } = await tracingTo(collector)
    const simulated = new SimulatedClock(Instant.parse('2026-01-15T10:00:00Z'))
    const clock = tracedClock(simulated, tracing)
    clock.every('tick', 60_000, async () => {
      clock.after('decision of islington', 1_000, () => part('a part'))
    })
    await simulated.advanceTo(Instant.parse('2026-01-15T10:00:01Z'))
    await tracing.close()
    const [tick, inner, decision] = collector.spans()
    expect(tick).toMatchObject({ name: 'tick', parentSpanId: null, linksTo: [] })
    expect(tick?.attributes).toEqual({ 'ringmain.task.due': '2026-01-15T10:00:00Z' })
    expect(decision).toMatchObject({ name: 'decision', parentSpanId: null, linksTo: [tick?.traceId] })
    expect(inner).toMatchObject({ name: 'a part', traceId: decision?.traceId, parentSpanId: decision?.spanId })
    expect(tick?.traceId).not.toBe(decision?.traceId)
  })

  test('a failure shows by its kind alone, and goes on to whoever waits', async () => {
    const collector = await startCollector()
    const { tracing } = await tracingTo(collector)
    const failing = beginSpan(tracing, ROOT_CONTEXT, { name: 'task' }, async () => {
      throw Object.assign(new Error('password hunter2 is wrong'), { code: 'ECONNREFUSED' })
    })
    await expect(failing).rejects.toThrow('hunter2')
    await tracing.close()
    expect(collector.spans()).toMatchObject([{ hasFailed: true, attributes: { 'error.type': 'ECONNREFUSED' } }])
    expect(collector.texts.join()).not.toContain('hunter2')
  })

  test('a log line names the trace that it belongs to, and none outside of one', async () => {
    const { tracing } = await tracingTo(await startCollector())
    const lines: Record<string, unknown>[] = []
    const log = createLog('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) })
    let place = {}
    await beginSpan(tracing, ROOT_CONTEXT, { name: 'task' }, async (span) => {
      place = { traceId: span.spanContext().traceId, spanId: span.spanContext().spanId }
      log.child({ process: 'server' }).warn({ hubId: 'h' }, 'inside')
    })
    log.warn('outside')
    expect(lines[0]).toMatchObject({ ...place, hubId: 'h', process: 'server', msg: 'inside' })
    expect(place).toEqual({ traceId: expect.stringMatching(/^\w{32}$/), spanId: expect.stringMatching(/^\w{16}$/) })
    expect(lines[1]).not.toHaveProperty('traceId')
  })
})

describe('several processes', () => {
  test('a call tells whom it calls of its trace, and is named by its route', async () => {
    const collector = await startCollector()
    const [dno, fsp] = [await tracingTo(collector, 'dno'), await tracingTo(collector, 'fsp')]
    const { url } = await tracedSite(fsp.tracing, () => part('handling'))
    await beginSpan(dno.tracing, ROOT_CONTEXT, { name: 'task' }, async () => {
      const init = { method: 'post', route: '/things/{id}', headers: { authorization: 'Bearer a-token' } }
      await outbound(`${url}/things/7?key=secret`, init)
      await outbound(`${url}/nowhere`)
    })
    await dno.tracing.close()
    await fsp.tracing.close()
    const spans = collector.spans()
    const named = (name: string) => spans.find((each) => each.name === name)
    const chain = ['task', 'POST /things/{id}', 'POST /things/:thingId', 'handling'].map(named)
    expect(chain.map((each) => each?.service)).toEqual(['dno', 'dno', 'fsp', 'fsp'])
    expect(chain.map((each) => each?.parentSpanId)).toEqual([null, ...chain.slice(0, 3).map((each) => each?.spanId)])
    expect(chain[1]?.attributes).toEqual({
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(url).port),
      'url.template': '/things/{id}',
      'http.response.status_code': 200,
    })
    expect(named('GET')).toMatchObject({ hasFailed: true, attributes: { 'error.type': '404' } })
    expect(collector.texts.join()).not.toMatch(/a-token|secret/)
  })

  test('what a caller states is continued if it is of the standard, and otherwise counts as nothing', async () => {
    const collector = await startCollector()
    const { tracing } = await tracingTo(collector)
    const { url } = await tracedSite(tracing)
    const ask = (traceparent: string) => fetch(`${url}/things/1`, { method: 'POST', headers: { traceparent } })
    await ask(`00-${traceId}-${spanId}-01`)
    for (const wrong of [
      `00-${'0'.repeat(32)}-${spanId}-01`,
      `ff-${traceId}-${spanId}-01`,
      `00-${traceId}-${spanId}-01-more`,
      `00-${traceId.toUpperCase()}-${spanId}-01`,
      `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
      'nonsense',
    ])
      await ask(wrong)
    await tracing.close()
    const [first, ...others] = collector.spans()
    expect(first).toMatchObject({ traceId, parentSpanId: spanId })
    expect(others).toHaveLength(6)
    expect(others.filter((each) => each.traceId === traceId || each.parentSpanId !== null)).toEqual([])
  })

  test('a caller can have its request left out, but does not decide that it is recorded', async () => {
    const collector = await startCollector()
    const [all, none] = [await tracingTo(collector, 'all'), await tracingTo(collector, 'none', { ratio: 0 })]
    const ask = async ({ tracing }: Told, flags: string) => {
      const { url } = await tracedSite(tracing)
      const headers = { traceparent: `00-${traceId}-${spanId}-${flags}` }
      await fetch(`${url}/things/1`, { method: 'POST', headers })
    }
    await ask(none, '01')
    await ask(all, '00')
    await ask(all, '01')
    await all.tracing.close()
    await none.tracing.close()
    expect(collector.spans().map(({ service }) => service)).toEqual(['all'])
  })

  test('what has a UUID has one trace, whoever works on it and when; each part is linked to the task that did it', async () => {
    const collector = await startCollector()
    const [dno, fsp] = [await tracingTo(collector, 'dno'), await tracingTo(collector, 'fsp')]
    const id = randomUUID()
    const task = (of: Told, work: () => Promise<void>) => beginSpan(of.tracing, ROOT_CONTEXT, { name: 'task' }, work)
    await task(dno, async () => beginTraceOf(id, { name: 'issued' }))
    await task(dno, () => inTraceOf(id, { name: 'sending' }, () => part('inner')))
    await task(fsp, () => inTraceOf(id, { name: 'report' }, async () => undefined))
    await task(dno, async () => noteOnSpan({ about: id }, id))
    await dno.tracing.close()
    await fsp.tracing.close()
    const spans = collector.spans()
    const own = spans.filter((each) => each.traceId === id.replaceAll('-', ''))
    expect(own.map(({ service, name }) => `${service} ${name}`)).toEqual([
      'dno issued',
      'dno inner',
      'dno sending',
      'fsp report',
    ])
    const [issued, inner, sending, report] = own
    expect(issued?.parentSpanId).toBeNull()
    expect([sending?.parentSpanId, report?.parentSpanId]).toEqual([issued?.spanId, issued?.spanId])
    expect(inner?.parentSpanId).toBe(sending?.spanId)
    const [issuing, dispatching, noting, reporting] = spans.filter(({ name }) => name === 'task')
    const tasks = [issuing, dispatching, reporting].map((each) => [each?.traceId])
    expect([issued, sending, report].map((each) => each?.linksTo)).toEqual(tasks)
    expect(noting).toMatchObject({ attributes: { about: id }, linksTo: [issued?.traceId] })
  })
})

describe('a collector that does not work', () => {
  test('delays no request while it hangs, and not the end beyond its bound', async () => {
    const collector = await startCollector()
    collector.behaviour = 'hang'
    // Longer than a test may take.
    const { tracing } = await tracingTo(collector, 'test', { delayMs: 1, deliveryMs: 600_000 })
    const { url } = await tracedSite(tracing, () => part('a part'))
    await fetch(`${url}/things/1`, { method: 'POST' })
    await collector.asked(1)
    // The first delivery still hangs.
    expect((await fetch(`${url}/things/2`, { method: 'POST' })).status).toBe(200)
    await tracing.close()
    expect(collector.spans()).toEqual([])
  })

  test('is told of once, and once when it works again', async () => {
    const collector = await startCollector()
    collector.behaviour = 'fail'
    const { tracing, faults } = await tracingTo(collector, 'test', { delayMs: 1 })
    const work = async () => {
      const asked = collector.requests
      await beginSpan(tracing, ROOT_CONTEXT, { name: 'work' }, async () => undefined)
      await collector.asked(asked + 1)
    }
    await work()
    await expect.poll(() => faults).toHaveLength(1)
    await work()
    collector.behaviour = 'take'
    await work()
    await expect.poll(() => faults).toEqual(['HTTP 500 Internal Server Error', null])
    await work()
    await tracing.close()
    expect(faults).toHaveLength(2)
    expect(collector.spans()).toHaveLength(2)
  })

  test('may be away: that is told once, and the work goes on', async () => {
    const nobody = { url: 'http://127.0.0.1:9' }
    const { tracing, faults } = await tracingTo(nobody, 'test', { delayMs: 1, deliveryMs: 50 })
    const work = () => beginSpan(tracing, ROOT_CONTEXT, { name: 'work' }, () => part('a part'))
    await work()
    await expect.poll(() => faults).toEqual([expect.stringContaining('ECONNREFUSED')])
    await work()
    await tracing.close()
    expect(faults).toHaveLength(1)
  })
})

test('without tracing what would be traced is just done, and nobody is told of anything', async () => {
  const heard: (string | undefined)[] = []
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'the test', portSetting: 'none' })
  atEnd(() => listener.close(0))
  listener.use((request) => {
    heard.push(request.headers.get('traceparent') ?? undefined)
    return new Response()
  })
  await inTraceOf(randomUUID(), { name: 'sending' }, async (span) => {
    expect(span).toBeUndefined()
    await outbound(listener.url)
  })
  expect(heard).toEqual([undefined])
})
