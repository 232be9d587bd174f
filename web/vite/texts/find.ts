import { parseSync } from 'vite'
import {
  isSearched,
  isTerm,
  isText,
  type Place,
  placeBelow,
  placeOfArgument,
  placeOfAttribute,
  placeWithin,
} from './rules.ts'

/** What stands in a text for a value, `{name}`: the piece of source that makes it. */
export interface Hole {
  name: string
  start: number
  end: number
}

/** A sentence, label or word that a source shows people. */
export interface FoundText {
  /** The text with `{name}` for each hole, as a catalogue has it. */
  text: string
  parts: readonly (string | Hole)[]
  /** What the text is in the source, and so how another is put into its place. */
  form: 'children' | 'attribute' | 'string' | 'template'
  start: number
  end: number
}

interface Node {
  type: string
  start: number
  end: number
  [member: string]: unknown
}

/**
 * The texts that a source of a face shows people, in their order; those within a hole of another follow it.
 * Errors: a source that cannot be parsed.
 */
export function textsIn(path: string, code: string): FoundText[] {
  const { program, errors } = parseSync(path, code)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message ?? 'cannot be parsed'}`)
  const finder = new Finder()
  finder.visit(program as unknown as Node, 'perhaps')
  return finder.found.sort((a, b) => a.start - b.start || b.end - a.end)
}

/** Walks a parsed source. Each node is visited with what its place says of the strings in it. */
class Finder {
  readonly found: FoundText[] = []

  visit(node: Node, place: Place): void {
    const visitor = this.#visitors[node.type]
    if (visitor) visitor(node, place)
    else if (!node.type.startsWith('TS'))
      for (const [member, value] of Object.entries(node)) if (member !== 'type') this.#each(value, place)
  }

  /** Those nodes that are more than the sum of their members. */
  readonly #visitors: Readonly<Record<string, (node: Node, place: Place) => void>> = {
    ImportDeclaration: () => undefined,
    ExportAllDeclaration: () => undefined,
    ImportExpression: () => undefined,
    TaggedTemplateExpression: () => undefined,
    MemberExpression: (node, place) => this.#memberOf(node, place),
    ObjectExpression: (node, place) => this.#object(node, place),
    ArrayExpression: (node, place) => this.#array(node, place),
    TSAsExpression: (node, place) => this.#each(node['expression'], place),
    TSSatisfiesExpression: (node, place) => this.#each(node['expression'], place),
    TSNonNullExpression: (node, place) => this.#each(node['expression'], place),
    Literal: (node, place) => this.#literal(node, place, 'string'),
    TemplateLiteral: (node, place) => this.#template(node, place),
    JSXElement: (node) => this.#element(node),
    JSXFragment: (node) => this.#children(nodesOf(node['children'])),
    JSXAttribute: (node) => this.#attribute(node),
    CallExpression: (node, place) => this.#call(node, place),
    NewExpression: (node, place) => this.#call(node, place),
    BinaryExpression: (node, place) =>
      this.#each([node['left'], node['right']], node['operator'] === '+' ? place : 'never'),
    SwitchCase: (node, place) => {
      this.#each(node['test'], 'never')
      this.#each(node['consequent'], place)
    },
    ConditionalExpression: (node, place) => {
      this.#each(node['test'], 'never')
      this.#each([node['consequent'], node['alternate']], place)
    },
    Property: (node, place) => this.#member(node, place),
    PropertyDefinition: (node, place) => this.#member(node, place),
    VariableDeclarator: (node) => this.#each(node['init'], placeWithin(nameIn(node['id']))),
    FunctionDeclaration: (node) => this.#each([node['params'], node['body']], placeWithin(nameIn(node['id']))),
  }

  #each(value: unknown, place: Place): void {
    for (const node of nodesOf(value)) this.visit(node, place)
  }

  #literal(node: Node, place: Place, form: 'attribute' | 'string'): void {
    const { value } = node
    if (typeof value !== 'string') return
    const text = form === 'attribute' ? decoded(value) : value
    if (isText(text, place)) this.#keep(form, node, [text])
  }

  #template(node: Node, place: Place): void {
    const written = nodesOf(node['quasis']).map((each) => (each['value'] as { cooked: string }).cooked)
    const expressions = nodesOf(node['expressions'])
    // Where values stand matters to what it looks like, and not what they are.
    const isShown = isText(written.join(place === 'shown' ? '' : '0'), place)
    if (isShown)
      this.#keep(
        'template',
        node,
        written.flatMap((text, i) => [text, ...(expressions[i] ? [holeOf(expressions[i])] : [])]),
      )
    const within = place === 'never' ? 'never' : 'perhaps'
    for (const each of expressions) this.visit(each, isShown ? 'shown' : within)
  }

  #element(node: Node): void {
    const [opening] = nodesOf(node['openingElement'])
    this.#each(opening?.['attributes'], 'perhaps')
    this.#children(nodesOf(node['children']))
  }

  /** What stands between the tags of an element is one text, if there are words in it. */
  #children(nodes: readonly Node[]): void {
    const parts = nodes.map(partOf)
    const [first, last] = [nodes[0], nodes.at(-1)]
    const words = parts.filter((part) => typeof part === 'string').join('')
    if (first && last && isText(words, 'shown')) this.#keep('children', { start: first.start, end: last.end }, parts)
    for (const [i, node] of nodes.entries()) if (typeof parts[i] !== 'string') this.visit(node, 'shown')
  }

  #attribute(node: Node): void {
    const place = placeOfAttribute(nameIn(node['name']))
    for (const value of nodesOf(node['value']))
      if (value.type === 'Literal') this.#literal(value, place, 'attribute')
      else this.visit(value, place)
  }

  /** What is made of something is shown where it stands, as in `[a, b].join(', ')`; what is looked up in it, and strings that are taken apart, are not. */
  #memberOf(node: Node, place: Place): void {
    const [object] = nodesOf(node['object'])
    // A list that something is made for each of is one of names: `['vehicles', 'days'].map((name) => …)`.
    const isOfNames = bare(object)?.type === 'ArrayExpression' && /^(flatM|m)ap$/.test(nameIn(node['property']))
    this.#each(object, object?.type === 'Literal' ? 'never' : isOfNames && place !== 'never' ? 'hardly' : place)
    this.#each(node['property'], 'never')
  }

  /** What stands beside a term is said of it: `{ term: 'Drawn', value: 'not known' }`. */
  #object(node: Node, place: Place): void {
    const members = nodesOf(node['properties'])
    const hasTerm = members.some((each) => nameIn(each['key']) === 'term')
    for (const each of members)
      if (hasTerm && nameIn(each['key']) === 'value') this.#each(each['value'], 'shown')
      else this.visit(each, place)
  }

  /** What stands behind a term is said of it: `['Notes', notes || 'none']`. */
  #array(node: Node, place: Place): void {
    const [first, ...rest] = nodesOf(node['elements'])
    const isPair = place !== 'never' && rest.length === 1 && first?.type === 'Literal' && isTerm(first['value'])
    this.#each(first, place)
    this.#each(rest, isPair ? 'shown' : place)
  }

  #member(node: Node, place: Place): void {
    const below = placeBelow(nameIn(node['key']), place)
    // An object is no text, though its name may be that of one: `{ body: { outcome: 'accepted' } }`.
    for (const value of nodesOf(node['value']))
      this.visit(value, value.type === 'ObjectExpression' && place !== 'shown' && below === 'shown' ? 'perhaps' : below)
  }

  #call(node: Node, place: Place): void {
    const callee = nameIn(node['callee'])
    this.#each(node['callee'], isSearched(callee) ? 'never' : place)
    // What a callback makes is shown where the call is: `names.map((name) => …)`.
    for (const [i, each] of nodesOf(node['arguments']).entries()) {
      const isCallback = each.type.endsWith('FunctionExpression') && place !== 'never'
      this.visit(each, isCallback ? place : placeOfArgument(callee, place, i))
    }
  }

  #keep(form: FoundText['form'], { start, end }: Pick<Node, 'start' | 'end'>, given: readonly (string | Hole)[]): void {
    const parts = withOwnNames(given.filter((part) => part !== ''))
    this.found.push({ form, start, end, parts, text: textOf(parts) })
  }
}

/** The nodes among the members of a node: one, several, or none. */
function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf)
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' ? [value as Node] : []
}

/** A node without parentheses and what is said of its type. */
function bare(node: Node | undefined): Node | undefined {
  if (!node || !/^(ParenthesizedExpression|TS.*Expression)$/.test(node.type)) return node
  return bare(nodesOf(node['expression'])[0])
}

const inner = ['expression', 'callee', 'property', 'argument', 'openingElement', 'name', 'tag', 'key'] as const

/** A word for a node: `count` for `count(n, 'hub')`, `kw` for `plan.kw`, `strong` for an element of that name. */
function nameIn(value: unknown): string {
  const [node] = nodesOf(value)
  if (!node) return 'value'
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return String(node['name'])
  if (node.type === 'Literal') return String(node['value'])
  if (node.type === 'ConditionalExpression' || node.type === 'LogicalExpression') return 'words'
  const below = inner.find((member) => nodesOf(node[member]).length > 0)
  return below ? nameIn(node[below]) : 'value'
}

function holeOf(node: Node): Hole {
  const name = nameIn(node)
  return { name: /^[a-z]\w*$/i.test(name) ? name : 'value', start: node.start, end: node.end }
}

/** What a child of an element is in its text: words, or a hole. */
function partOf(node: Node): string | Hole {
  if (node.type === 'JSXText') return jsxText(String(node['value']))
  const [expression] = node.type === 'JSXExpressionContainer' ? nodesOf(node['expression']) : []
  if (expression?.type === 'JSXEmptyExpression') return ''
  return expression?.type === 'Literal' && typeof expression['value'] === 'string' ? expression['value'] : holeOf(node)
}

/** As JSX takes text: lines are trimmed and joined by a space, and empty ones dropped. */
function jsxText(raw: string): string {
  const lines = raw.split(/\r?\n/)
  const trimmed = lines.map((line, i) => {
    const from = i === 0 ? line : line.replace(/^[ \t]+/, '')
    return i === lines.length - 1 ? from : from.replace(/[ \t]+$/, '')
  })
  return decoded(trimmed.filter((line) => line !== '').join(' '))
}

const entities: Readonly<Record<string, string>> = { nbsp: '\u00a0', amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** With the signs for which JSX writes entities. Errors: an entity that is not known here. */
function decoded(text: string): string {
  return text.replaceAll(/&(\w+);/g, (_, name: string) => {
    const sign = entities[name]
    if (sign === undefined) throw new Error(`&${name}; is not among the entities that are known here: add it`)
    return sign
  })
}

/** Parts whose holes all have different names: `{day} to {day2}`. */
function withOwnNames(parts: readonly (string | Hole)[]): (string | Hole)[] {
  const times = new Map<string, number>()
  return parts.map((part) => {
    if (typeof part === 'string') return part
    const n = (times.get(part.name) ?? 0) + 1
    times.set(part.name, n)
    return n === 1 ? part : { ...part, name: `${part.name}${n}` }
  })
}

function textOf(parts: readonly (string | Hole)[]): string {
  return parts.map((part) => (typeof part === 'string' ? part.replaceAll(/[{}]/g, '$&$&') : `{${part.name}}`)).join('')
}
