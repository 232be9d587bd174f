import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { controlOperations } from '../schemas/fsp/control.ts'
import { depotGroups } from '../schemas/fsp/groups.ts'
import { operationGroups } from '../schemas/operations.ts'
import type { Operations } from '../schemas/vocabulary/operation.ts'

/** A path of ours that is written out, where its operation should be named. */
export interface WrittenPath {
  file: string
  line: number
  text: string
  operation: string
}

interface KnownPath {
  operation: string
  pattern: RegExp
}

/** Stands for an expression inside a template. */
const hole = '…'

/** Paths of operations, as patterns of what somebody might write: with the base or without, with a query, behind a method. */
function knownPaths(operations: Operations): KnownPath[] {
  return Object.entries(operations).map(([operation, { method, path }]) => {
    const segments = path.split('/').slice(1)
    const pattern = segments
      .map((segment) => (segment.startsWith('{') ? '[^/?]+' : segment.replaceAll('.', '\\.')))
      .join('/')
    return {
      operation,
      pattern: new RegExp(`^(?:${method.toUpperCase()} )?${hole}?(?:/api)?/${pattern}(?:\\?.*)?$`, 'su'),
    }
  })
}

const groups: Operations[] = [...Object.values(operationGroups), controlOperations, ...depotGroups]
const known = groups.flatMap(knownPaths)

/** Files about the portal's screens. */
const aboutScreens = /^web\/|^tools\/screens\.ts$|^test\/acceptance\/(?:screens-[^/]+|portal)\.test\.ts$/

/** The portal's own addresses look like the API's: in files about screens only what goes to the API counts. */
function mayBeScreen(file: string, text: string): boolean {
  return aboutScreens.test(file) && !/^(?:(?:GET|POST|PUT|DELETE) )?…?\/api\//.test(text)
}

/** Every path of ours that a file writes out. */
export function pathsIn(file: string, source = readFileSync(file, 'utf8')): WrittenPath[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  const found: WrittenPath[] = []
  const visit = (node: ts.Node): void => {
    const text = textOf(node)
    const match = text !== null && !mayBeScreen(file, text) && known.find(({ pattern }) => pattern.test(text))
    if (match) {
      const line = parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line + 1
      found.push({ file, line, text, operation: match.operation })
    }
    ts.forEachChild(node, visit)
  }
  visit(parsed)
  return found
}

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return null
  return node.head.text + node.templateSpans.map((span) => hole + span.literal.text).join('')
}
