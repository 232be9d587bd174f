import { SpanKind } from '@opentelemetry/api'
import { inSpan, noteStatus, tellTrace } from '../tracing/index.ts'
import type { OutboundFetch, OutboundInit } from './outbound-fetch.ts'

/** Calls in spans of the request or task under way, and tells whom it calls of them. Of an address only host and port are recorded. */
export function traceCalls(call: OutboundFetch): OutboundFetch {
  return (url, init) => {
    const method = (init?.method ?? 'GET').toUpperCase()
    const stated = { name: init?.route ? `${method} ${init.route}` : method, kind: SpanKind.CLIENT }
    return inSpan(stated, async (span) => {
      if (!span) return call(url, init)
      span.setAttributes(attributesOf(url, method, init))
      const response = await call(url, told(init))
      noteStatus(span, response.status, 400)
      return response
    })
  }
}

function attributesOf(url: string, method: string, init: OutboundInit | undefined) {
  const { hostname, port, protocol } = new URL(url)
  return {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    ...(init?.route ? { 'url.template': init.route } : {}),
  }
}

function told(init: OutboundInit | undefined): OutboundInit {
  const headers = new Headers(init?.headers)
  tellTrace(headers)
  return { ...init, headers }
}
