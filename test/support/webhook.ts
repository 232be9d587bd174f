import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from './cleanup.ts'

/** What a webhook got, with the headers that matter to it. */
export interface ReceivedPost {
  body: string
  signature: string | undefined
  key: string | undefined
}

export interface Webhook {
  url: string
  posts: ReceivedPost[]
  /** What it answers. */
  status: number
  /** While it is true posts are read to their end and never answered; they count as received all the same. */
  isHanging: boolean
}

/** A webhook of somebody else: a real HTTP server that keeps what it gets; closed when the test file is done. */
export async function startWebhook(): Promise<Webhook> {
  const hook: Webhook = { url: '', posts: [], status: 200, isHanging: false }
  const server = createServer((request, response) => {
    const header = (name: string) => request.headers[name]?.toString()
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      hook.posts.push({ body, signature: header('x-ringmain-signature'), key: header('idempotency-key') })
      if (!hook.isHanging) response.writeHead(hook.status).end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`
  atEnd(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return hook
}
