import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An FSP that takes every instruction, and answers after a moment as one elsewhere does. */
export interface BenchFsp {
  readonly url: string
  /** Sendings of each instruction, by its identifier. */
  readonly received: ReadonlyMap<string, number>
  /** Instructions with an effect, by FU. */
  readonly effects: ReadonlyMap<string, ReadonlySet<string>>
  close(): void
}

const answerMs = 20

/** Token endpoint and control API over real HTTP. */
export async function startFsp(): Promise<BenchFsp> {
  const received = new Map<string, number>()
  const effects = new Map<string, Set<string>>()
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const answer = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (request.url === '/token') return answer(200, { access_token: 't', token_type: 'Bearer', expires_in: 600 })
    await new Promise((resolve) => setTimeout(resolve, answerMs))
    if (request.method === 'GET') {
      const instructionId = request.url?.split('/').at(-1) ?? ''
      return received.has(instructionId) ? answer(200, { instructionId, outcome: 'accepted' }) : answer(404, {})
    }
    const { instructionId, fuId } = JSON.parse(body)
    received.set(instructionId, (received.get(instructionId) ?? 0) + 1)
    effects.set(fuId, (effects.get(fuId) ?? new Set()).add(instructionId))
    return answer(200, { instructionId, outcome: 'accepted' })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    effects,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
