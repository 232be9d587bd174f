export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  body: any
  headers: Headers
}

/** Calls an API over its socket with the same headers each time. */
export interface Client {
  readonly headers: Record<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Sends text as it is, such as CSV or broken JSON. */
  sendText(method: string, path: string, text: string, headers: Record<string, string>): Promise<Answer>
}

export function createClient(baseUrl: string, common: Record<string, string> = {}): Client {
  const call = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const init = { method, headers: { ...common, ...headers }, ...(body === undefined ? {} : { body }) }
    const response = await fetch(`${baseUrl}${path}`, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text, headers: response.headers }
  }
  const json =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      call(method, path, { 'content-type': 'application/json', ...headers }, JSON.stringify(body ?? {}))
  return {
    headers: common,
    get: (path, headers = {}) => call('GET', path, headers),
    post: json('POST'),
    put: json('PUT'),
    sendText: (method, path, text, headers) => call(method, path, headers, text),
  }
}
