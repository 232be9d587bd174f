import type { Page } from './layout.ts'
import { escaped, slugOf, words } from './markdown.ts'

/** As much of a JSON schema as the reference shows. */
interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
  example?: unknown
  minimum?: number
  maximum?: number
  additionalProperties?: Schema | boolean
}

interface Content {
  [media: string]: { schema?: Schema; example?: unknown }
}

interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[]
  requestBody?: { content: Content }
  responses: Record<string, { description?: string; content?: Content }>
}

/** As much of an OpenAPI document as the reference shows. */
export interface ApiDocument {
  info: { title: string; description?: string }
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

/** The documents that a server serves. */
export interface ApiDocuments {
  /** `/openapi.json`. */
  whole: ApiDocument
  /** `/openapi-fsp.json`. */
  fsp: ApiDocument
  /** `/openapi-control.json`. */
  control: ApiDocument
}

/** The reference: a page for each subject of the DNO's API, one for the control API, one for what both exchange, and one that leads to them. */
export function apiPages({ whole, fsp, control }: ApiDocuments): Page[] {
  const forFsps = new Set(operationsOf(fsp).map(({ operation }) => operation.operationId))
  const byTag = Map.groupBy(operationsOf(whole), ({ operation }) => operation.tags?.[0] ?? 'Other')
  const tags = [...byTag.keys()].sort()
  const pages = tags.map((tag) => {
    const all = byTag.get(tag) ?? []
    return pageOf(`api/${slugOf(tag)}.html`, tag, all, (id) => forFsps.has(id), 'types.html')
  })
  const ofControl = operationsOf(control)
  const controlPage = pageOf('api/control.html', control.info.title, ofControl, () => false, 'control-types.html')
  return [
    indexPage(whole, control, tags, byTag),
    ...pages,
    {
      ...controlPage,
      html: controlPage.html.replace('</h1>', `</h1><p>${words(control.info.description ?? '')}</p>`),
    },
    typesPage('api/types.html', 'Types of the API', whole),
    typesPage('api/control-types.html', 'Types of the control API', control),
  ]
}

interface Placed {
  path: string
  method: string
  operation: Operation
}

function operationsOf({ paths }: ApiDocument): Placed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
}

function indexPage(whole: ApiDocument, control: ApiDocument, tags: string[], byTag: Map<string, Placed[]>): Page {
  const rows = tags.map((tag) => {
    const calls = (byTag.get(tag) ?? []).map(({ operation }) => link(`${slugOf(tag)}.html`, operation.operationId))
    return `<tr><td><a href="${slugOf(tag)}.html">${escaped(tag)}</a></td><td>${calls.join(', ')}</td></tr>`
  })
  const html = `<h1 id="api-reference">API reference</h1>
<p>${words(whole.info.description ?? '')} This reference is made from the OpenAPI documents, which a running server has at
<code>/openapi.json</code>, <code>/openapi-fsp.json</code> and <code>/openapi-control.json</code>, and in a browser at <code>/docs</code>.
Paths of the DNO’s API begin with <code>/api</code>.</p>
<p>What an FSP implements is the <a href="control.html">${escaped(control.info.title)}</a>. What is exchanged: <a href="types.html">types</a>,
<a href="control-types.html">types of the control API</a>.</p>
<div class="wide" tabindex="0"><table><thead><tr><th>Subject</th><th>Operations</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`
  return { path: 'api/index.html', title: 'API reference', html, headings: [] }
}

const link = (page: string, operationId: string): string =>
  `<a href="${page}#${escaped(operationId)}">${escaped(operationId)}</a>`

function pageOf(path: string, title: string, all: Placed[], isForFsps: (id: string) => boolean, types: string): Page {
  const html = all.map((one) => operationHtml(one, isForFsps(one.operation.operationId), types)).join('\n')
  return {
    path,
    title,
    html: `<h1 id="top">${escaped(title)}</h1>\n<p><a href="index.html">API reference</a></p>\n${html}`,
    headings: all.map(({ operation }) => ({ depth: 2, text: operation.operationId, id: operation.operationId })),
  }
}

function operationHtml({ path, method, operation }: Placed, isForFsps: boolean, types: string): string {
  const id = escaped(operation.operationId)
  const parameters = (operation.parameters ?? []).map(
    (one) =>
      `<tr><td><code>${escaped(one.name)}</code></td><td>${escaped(one.in)}${one.required ? ', required' : ''}</td><td>${typeHtml(one.schema, types)}</td><td>${words(one.description ?? one.schema?.description ?? '')}</td></tr>`,
  )
  const answers = Object.entries(operation.responses).map(
    ([status, { description, content }]) =>
      `<tr><td>${escaped(status)}</td><td>${words(description ?? '')}</td><td>${contentHtml(content, types)}</td></tr>`,
  )
  return `<section class="operation"><h2 id="${id}">${id} <a class="anchor" href="#${id}" aria-label="Link to ${id}">#</a></h2>
<p class="call"><code>${method} ${escaped(path)}</code></p>
<p>${words(operation.summary ?? '')}</p>
${operation.description ? `<p>${words(operation.description)}</p>` : ''}
${isForFsps ? '<p class="note">Open to FSPs.</p>' : ''}
${table(['Parameter', 'Where', 'Type', ''], parameters)}
${operation.requestBody ? `<p>Request: ${contentHtml(operation.requestBody.content, types)}</p>${examples(operation.requestBody.content)}` : ''}
${table(['Answer', '', 'Content'], answers)}</section>`
}

function table(headings: string[], rows: string[]): string {
  if (rows.length === 0) return ''
  const head = headings.map((heading) => (heading ? `<th>${heading}</th>` : '<td></td>')).join('')
  return `<div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`
}

function contentHtml(content: Content | undefined, types: string): string {
  return Object.entries(content ?? {})
    .map(([media, { schema }]) => `${typeHtml(schema, types)} <span class="note">${escaped(media)}</span>`)
    .join('<br>')
}

function examples(content: Content): string {
  return Object.values(content)
    .map(({ example, schema }) => example ?? schema?.example)
    .filter((example) => example !== undefined)
    .map((example) => {
      const text = typeof example === 'string' ? example : JSON.stringify(example, null, 2)
      return `<pre tabindex="0"><code>${escaped(text)}</code></pre>`
    })
    .join('\n')
}

/** A schema in a few words, with links to those that have a name. */
function typeHtml(schema: Schema | undefined, types: string): string {
  if (!schema) return ''
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return `<a href="${types}#${escaped(name)}">${escaped(name)}</a>`
  }
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return choices.map((one) => typeHtml(one, types)).join(' or ')
  if (schema.allOf) return schema.allOf.map((one) => typeHtml(one, types)).join(' and ')
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`
  if (schema.enum) return schema.enum.map((value) => `<code>${escaped(JSON.stringify(value))}</code>`).join(', ')
  if (schema.items) return `list of ${typeHtml(schema.items, types)}`
  if (schema.properties) return propertiesHtml(schema, types)
  return escaped(
    [[schema.type ?? 'anything'].flat().join(' or '), schema.format, rangeOf(schema)].filter(Boolean).join(', '),
  )
}

function rangeOf({ minimum, maximum }: Schema): string {
  // The bounds of what JavaScript can count say nothing.
  const [low, high] = [minimum, maximum].map((bound) => (Math.abs(bound ?? 2 ** 53) >= 2 ** 53 - 1 ? undefined : bound))
  if (low !== undefined && high !== undefined) return `${low} to ${high}`
  if (low !== undefined) return `from ${low}`
  return high === undefined ? '' : `up to ${high}`
}

function propertiesHtml({ properties = {}, required = [] }: Schema, types: string): string {
  const rows = Object.entries(properties).map(
    ([name, schema]) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${required.includes(name) ? '' : 'may be left out'}</td><td>${typeHtml(schema, types)}</td><td>${words(schema.description ?? '')}</td></tr>`,
  )
  return rows.length === 0 ? 'object' : `<table><tbody>${rows.join('\n')}</tbody></table>`
}

function typesPage(path: string, title: string, { components = {} }: ApiDocument): Page {
  const types = path.split('/').at(-1) ?? ''
  const all = Object.entries(components.schemas ?? {}).sort(([a], [b]) => a.localeCompare(b, 'en'))
  const sections = all.map(
    ([name, schema]) =>
      `<section class="operation"><h2 id="${escaped(name)}">${escaped(name)} <a class="anchor" href="#${escaped(name)}" aria-label="Link to ${escaped(name)}">#</a></h2>
${schema.description ? `<p>${words(schema.description)}</p>` : ''}
<div class="wide" tabindex="0">${typeHtml(schema, types)}</div>
${schema.example === undefined ? '' : examples({ it: { example: schema.example } })}</section>`,
  )
  return {
    path,
    title,
    html: `<h1 id="top">${escaped(title)}</h1>\n<p><a href="index.html">API reference</a></p>\n${sections.join('\n')}`,
    headings: all.map(([name]) => ({ depth: 2, text: name, id: name })),
  }
}
