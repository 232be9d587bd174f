import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from './cleanup.ts'

/** A span as a collector gets it. */
export interface DeliveredSpan {
  service: string
  name: string
  /** OTLP's number: 1 internal, 2 server, 3 client. */
  kind: number
  traceId: string
  spanId: string
  /** `null` for the first of its trace. */
  parentSpanId: string | null
  attributes: Record<string, unknown>
  /** Traces that it is linked to. */
  linksTo: string[]
  hasFailed: boolean
}

/** What a collector does with what it is sent. */
export type CollectorBehaviour = 'take' | 'fail' | 'hang'

/** An OpenTelemetry collector on loopback that reads OTLP as JSON. */
export interface Collector {
  /** What processes are given as its address. */
  readonly url: string
  behaviour: CollectorBehaviour
  /** Requests that arrived, whatever became of them. */
  readonly requests: number
  /** Everything that was sent, as it came. */
  readonly texts: readonly string[]
  /** The spans that it took. */
  spans(): DeliveredSpan[]
  /** Resolves when this many requests have arrived. */
  asked(times: number): Promise<void>
}

interface Keyed {
  key: string
  value: Record<string, unknown>
}

interface Otlp {
  resourceSpans: {
    resource: { attributes: Keyed[] }
    scopeSpans: {
      spans: (Pick<DeliveredSpan, 'name' | 'kind' | 'traceId' | 'spanId'> & {
        parentSpanId?: string
        attributes?: Keyed[]
        links?: { traceId: string }[]
        status?: { code?: number }
      })[]
    }[]
  }[]
}

/** Starts a collector; closed when the test, or the file, is done. */
export async function startCollector(): Promise<Collector> {
  const [texts, taken, waiting]: [string[], string[], { times: number; go: () => void }[]] = [[], [], []]
  let requests = 0
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    texts.push(text)
    requests++
    for (const each of waiting) if (requests >= each.times) each.go()
    if (request.url !== '/v1/traces') return void response.writeHead(404).end()
    if (collector.behaviour === 'hang') return
    if (collector.behaviour === 'take') taken.push(text)
    response.writeHead(collector.behaviour === 'take' ? 200 : 500, { 'content-type': 'application/json' }).end('{}')
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviour: 'take',
    get requests() {
      return requests
    },
    texts,
    spans: () => taken.flatMap(spansIn),
    asked: (times) => (requests >= times ? Promise.resolve() : new Promise((go) => void waiting.push({ times, go }))),
  }
  return collector
}

function spansIn(text: string): DeliveredSpan[] {
  return (JSON.parse(text) as Otlp).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, kind, traceId, spanId, parentSpanId, attributes, links, status }) => ({
        service: String(valuesOf(resource.attributes)['service.name']),
        name,
        kind,
        traceId,
        spanId,
        parentSpanId: parentSpanId || null,
        attributes: valuesOf(attributes),
        linksTo: (links ?? []).map((link) => link.traceId),
        hasFailed: status?.code === 2,
      })),
    ),
  )
}

/** Each value is an object with one member, named by its type. */
function valuesOf(attributes: Keyed[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
