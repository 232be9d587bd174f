import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { SystemClock } from '../clock/index.ts'
import { countRequests, ProcessMetrics, serveMetrics } from './index.ts'

const lines = async (metrics: ProcessMetrics) => (await metrics.text()).split('\n')

test('requests are counted by the pattern of their route, so that identifiers make no new series', async () => {
  const metrics = new ProcessMetrics('test')
  const site = new Hono()
  site.use('*', countRequests(metrics))
  const api = new Hono()
  api.use('*', (_, next) => next())
  api.get('/nodes/:nodeId', (c) => c.text('node'))
  api.get('/broken', (c) => c.text('broken', 500))
  site.route('/api', api)
  for (const path of ['/api/nodes/1', '/api/nodes/2', '/api/broken', '/nowhere'])
    await site.fetch(new Request(`http://here${path}`))
  const counts = (await lines(metrics)).filter((line) =>
    line.startsWith('ringmain_test_request_duration_seconds_count'),
  )
  expect(counts).toEqual([
    'ringmain_test_request_duration_seconds_count{method="GET",route="/api/nodes/:nodeId",status="200"} 2',
    'ringmain_test_request_duration_seconds_count{method="GET",route="/api/broken",status="500"} 1',
    'ringmain_test_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
  ])
})

test('periodic tasks are counted with their failures and their last success', async () => {
  const metrics = new ProcessMetrics('test')
  const ran: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const clock = new SystemClock(
    () => undefined,
    (task, { durationMs, hasFailed, endedMs }) => {
      metrics.ran(task, durationMs, hasFailed, endedMs)
      ran.push(task)
      if (ran.length === 2) resolve()
    },
  )
  clock.every('good', 20, () => Promise.resolve())
  clock.every('bad', 20, () => Promise.reject(new Error('no')))
  await promise
  await clock.stop()
  const text = await metrics.text()
  expect(text).toMatch(/ringmain_test_task_duration_seconds_count\{task="good"\} [1-9]/)
  expect(text).toMatch(/ringmain_test_task_failures_total\{task="good"\} 0/)
  expect(text).toMatch(/ringmain_test_task_failures_total\{task="bad"\} [1-9]/)
  expect(text).toMatch(/ringmain_test_task_last_success_timestamp_seconds\{task="good"\} 1\d{9}/)
  expect(text).not.toMatch(/last_success_timestamp_seconds\{task="bad"\}/)
})

test('figures are read anew each time, and one that cannot be read says so without hiding the others', async () => {
  const metrics = new ProcessMetrics('test')
  const counts = new Map([['fresh', 3]])
  let isDown = false
  metrics.read(() => {
    if (isDown) return Promise.reject(new Error('down'))
    const values = [...counts].map(([state, value]) => ({ labels: { state }, value }))
    return Promise.resolve([{ name: 'hubs', help: 'Hubs', type: 'gauge', values }])
  })
  metrics.read(() => Promise.resolve([{ name: 'other', help: 'Other', type: 'counter', values: [{ value: 2 }] }]))
  expect(await lines(metrics)).toContain('ringmain_test_hubs{state="fresh"} 3')
  counts.clear()
  counts.set('stale', 1)
  expect((await lines(metrics)).filter((line) => line.startsWith('ringmain_test_hubs{'))).toEqual([
    'ringmain_test_hubs{state="stale"} 1',
  ])
  isDown = true
  const down = await lines(metrics)
  expect(down).toContain('ringmain_test_figures_unread 1')
  expect(down).toContain('ringmain_test_other 2')
})

test('the port says whether the process lives and whether it can work', async () => {
  let fault: string | null = null
  const pages = { '/metrics': () => Promise.resolve('a 1\n') }
  const listener = await serveMetrics({ metricsPort: 0 }, 'metrics', { pages, readiness: () => Promise.resolve(fault) })
  const get = async (path: string) => {
    const answer = await fetch(`${listener?.url}${path}`)
    return [answer.status, await answer.text()]
  }
  expect(await get('/healthz')).toEqual([200, 'ok'])
  expect(await get('/readyz')).toEqual([200, 'ready'])
  fault = 'The database does not answer.'
  expect(await get('/readyz')).toEqual([503, 'The database does not answer.'])
  expect(await get('/metrics')).toEqual([200, 'a 1\n'])
  await listener?.close(0)
  expect(await serveMetrics({}, 'metrics', { pages })).toBeNull()
})
